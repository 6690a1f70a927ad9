// The attention of attention.wgsl and attention-backward.wgsl without workgroup memory, for adapters that compute on a CPU
// and pay dearly for barriers.
// forward: qkv (B, T, 3 H D as q|k|v), table (rows, 2, QUADS) -> y (B, T, H D), lse (B, T, H)
// backward_queries: qkv, table, lse, result and dy (B, T, H D) -> dqkv's q block, new_delta (B, T, H) of dy . result
// backward_keys: qkv, table, lse, delta, dy -> dqkv's k and v blocks
// One invocation owns four rows of one head, queries or keys, and visits four at a time of those they see or are seen by.
// A matrix holds a quad of channels of four rows, a column each; or scores, a column for each row the invocation owns.

const HEAD_WIDTH: u32 = 32u;
const HALF: u32 = HEAD_WIDTH / 2u;
const QUADS: u32 = (HEAD_WIDTH + 3u) / 4u;
const Q: u32 = 0u;
const K: u32 = 1u;
const V: u32 = 2u;
const SCALE: f32 = 1.0 / sqrt(f32(HEAD_WIDTH));
const HIDDEN: f32 = -1e30;
const FOUR: vec4u = vec4u(0u, 1u, 2u, 3u);
alias Rows = array<mat4x4f, QUADS>;

struct Params {
  batch: u32,
  tokens: u32,
  heads: u32,
  dilation: u32,
  window: u32,
  accumulate: u32,
}

struct Sequence { first_token: u32, rows: u32, head: u32, block: u32 }

alias Activation = f32;

@group(0) @binding(0) var<storage, read> qkv: array<Activation>;
@group(0) @binding(1) var<storage, read> table: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<Activation>;
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<Activation>;
@group(0) @binding(5) var<storage, read> delta: array<f32>;
@group(0) @binding(6) var<storage, read_write> dqkv: array<Activation>;
@group(0) @binding(7) var<storage, read> result: array<Activation>;
@group(0) @binding(8) var<storage, read_write> new_delta: array<f32>;
@group(0) @binding(9) var<uniform> params: Params;

// Neighbouring invocations have the same rows of other heads, so that their loops are equally long.
fn sequence_of(id: u32) -> Sequence {
  let longest = (params.tokens + params.dilation - 1u) / params.dilation;
  let item = id / params.heads % params.batch;
  let place = id / params.heads / params.batch;
  let phase = place % params.dilation;
  let rows = (max(params.tokens, phase) - phase + params.dilation - 1u) / params.dilation;
  return Sequence(item * params.tokens + phase, rows, id % params.heads, place / params.dilation * 4u);
}

// Index of a row's head in arrays (B, T, H).
fn head_of(s: Sequence, row: u32) -> u32 {
  return (s.first_token + row * params.dilation) * params.heads + s.head;
}

fn offset_of(part: u32, s: Sequence, row: u32) -> u32 {
  return (((s.first_token + row * params.dilation) * 3u + part) * params.heads + s.head) * HEAD_WIDTH;
}

// Pairs 2 quad and 2 quad + 1 of channels that begin at an offset: where they are, with the last pair twice if it is alone.
fn channels_of(offset: u32, quad: u32) -> vec4u {
  let pairs = offset + min(vec2u(2u * quad, 2u * quad + 1u), vec2u(HALF - 1u));
  return vec4u(pairs.x, pairs.x + HALF, pairs.y, pairs.y + HALF);
}

fn fetch(part: u32, s: Sequence, row: u32, quad: u32) -> vec4f {
  let at = channels_of(offset_of(part, s, row), quad);
  let v = vec4f(f32(qkv[at.x]), f32(qkv[at.y]), f32(qkv[at.z]), f32(qkv[at.w]));
  if (part == V) { return v; }
  // Where a pair is alone its copy meets factors of zero.
  let turn = table[(row * 2u + part) * QUADS + quad];
  return (v * turn.xxzz + vec4f(-v.y, v.x, -v.w, v.z) * turn.yyww) * select(1.0, SCALE, part == Q);
}

// Rows from `first` on; from `end` on the one before it again, which scores then hide.
fn fetch_rows(part: u32, s: Sequence, first: u32, end: u32, quad: u32) -> mat4x4f {
  let r = min(first + FOUR, vec4u(end - 1u));
  return mat4x4f(fetch(part, s, r.x, quad), fetch(part, s, r.y, quad), fetch(part, s, r.z, quad), fetch(part, s, r.w, quad));
}

fn fetch_dy(s: Sequence, row: u32, quad: u32) -> vec4f {
  let at = channels_of(head_of(s, row) * HEAD_WIDTH, quad);
  let v = vec4f(f32(dy[at.x]), f32(dy[at.y]), f32(dy[at.z]), f32(dy[at.w]));
  return select(v, vec4f(v.xy, 0.0, 0.0), 2u * quad + 1u == HALF);
}

fn fetch_dy_rows(s: Sequence, first: u32, end: u32, quad: u32) -> mat4x4f {
  let r = min(first + FOUR, vec4u(end - 1u));
  return mat4x4f(fetch_dy(s, r.x, quad), fetch_dy(s, r.y, quad), fetch_dy(s, r.z, quad), fetch_dy(s, r.w, quad));
}

fn store(part: u32, s: Sequence, row: u32, quad: u32, gradient: vec4f) {
  var v = gradient;
  if (part != V) {
    let turn = table[(row * 2u + part) * QUADS + quad];
    v = (v * turn.xxzz + vec4f(v.y, -v.x, v.w, -v.z) * turn.yyww) * select(1.0, SCALE, part == Q);
  }
  let at = channels_of(offset_of(part, s, row), quad);
  for (var i = 0u; i < 4u && 2u * quad + i / 2u < HALF; i++) {
    dqkv[at[i]] = Activation(v[i] + select(0.0, f32(dqkv[at[i]]), params.accumulate != 0u));
  }
}

@compute @workgroup_size(32)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let s = sequence_of(id.x + id.y * groups.x * 32u);
  if (s.block >= s.rows) { return; }
  let end = min(s.block + 4u, s.rows);
  var q: Rows;
  var sums: Rows;
  for (var c = 0u; c < QUADS; c++) {
    q[c] = fetch_rows(Q, s, s.block, end, c);
  }
  var largest = vec4f(HIDDEN);
  var total = vec4f();
  for (var tile = s.block - min(s.block, params.window); tile < end; tile += 4u) {
    var scores = mat4x4f();
    for (var c = 0u; c < QUADS; c++) {
      scores += transpose(fetch_rows(K, s, tile, end, c)) * q[c];
    }
    var shrink = vec4f();
    for (var row = 0u; row < 4u; row++) {
      let keys = tile + FOUR;
      let query = vec4u(s.block + row);
      let seen = (keys <= query) & (keys + params.window >= query);
      let visible = select(vec4f(HIDDEN), scores[row], seen);
      let most = max(max(visible.x, visible.y), max(max(visible.z, visible.w), largest[row]));
      shrink[row] = exp(largest[row] - most);
      largest[row] = most;
      scores[row] = select(vec4f(0.0), exp(visible - most), seen);
      total[row] = total[row] * shrink[row] + dot(scores[row], vec4f(1.0));
    }
    for (var c = 0u; c < QUADS; c++) {
      let old = sums[c];
      let kept = mat4x4f(old[0] * shrink[0], old[1] * shrink[1], old[2] * shrink[2], old[3] * shrink[3]);
      sums[c] = kept + fetch_rows(V, s, tile, end, c) * scores;
    }
  }
  for (var row = 0u; row < min(4u, s.rows - s.block); row++) {
    let head = head_of(s, s.block + row);
    lse[head] = largest[row] + log(total[row]);
    for (var c = 0u; c < QUADS; c++) {
      let at = channels_of(head * HEAD_WIDTH, c);
      for (var i = 0u; i < 4u && 2u * c + i / 2u < HALF; i++) {
        y[at[i]] = Activation(sums[c][row][i] / total[row]);
      }
    }
  }
}

// A query that sees itself alone has the probability 1 whatever its score is, so nothing goes back through that. Rounding
// would leave a little instead of nothing, and Adam takes steps of full size on however little.
fn chooses(query: vec4u) -> vec4<bool> {
  return min(query, vec4u(params.window)) > vec4u(0u);
}

@compute @workgroup_size(32)
fn backward_queries(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let s = sequence_of(id.x + id.y * groups.x * 32u);
  if (s.block >= s.rows) { return; }
  let end = min(s.block + 4u, s.rows);
  var q: Rows;
  var upstream: Rows;
  var keys: Rows;
  var sums: Rows;
  for (var c = 0u; c < QUADS; c++) {
    q[c] = fetch_rows(Q, s, s.block, end, c);
    upstream[c] = fetch_dy_rows(s, s.block, end, c);
  }
  // What the backward pass of softmax subtracts in every row.
  var deltas = vec4f();
  for (var row = 0u; row < end - s.block; row++) {
    let head = head_of(s, s.block + row);
    for (var i = head * HEAD_WIDTH; i < (head + 1u) * HEAD_WIDTH; i++) { deltas[row] += f32(result[i]) * f32(dy[i]); }
    new_delta[head] = deltas[row];
  }
  for (var tile = s.block - min(s.block, params.window); tile < end; tile += 4u) {
    var scores = mat4x4f();
    var slopes = mat4x4f();
    for (var c = 0u; c < QUADS; c++) {
      keys[c] = fetch_rows(K, s, tile, end, c);
      scores += transpose(keys[c]) * q[c];
      slopes += transpose(fetch_rows(V, s, tile, end, c)) * upstream[c];
    }
    for (var row = 0u; row < 4u; row++) {
      let key = tile + FOUR;
      let query = vec4u(s.block + row);
      let at = head_of(s, min(query.x, s.rows - 1u));
      let seen = (key <= query) & (key + params.window >= query);
      slopes[row] = select(vec4f(0.0), exp(scores[row] - lse[at]) * (slopes[row] - deltas[row]), seen & chooses(query));
    }
    for (var c = 0u; c < QUADS; c++) {
      sums[c] += keys[c] * slopes;
    }
  }
  for (var i = 0u; i < 4u * QUADS && s.block + i / QUADS < s.rows; i++) {
    store(Q, s, s.block + i / QUADS, i % QUADS, sums[i % QUADS][i / QUADS]);
  }
}

@compute @workgroup_size(32)
fn backward_keys(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let s = sequence_of(id.x + id.y * groups.x * 32u);
  if (s.block >= s.rows) { return; }
  var k: Rows;
  var v: Rows;
  var queries: Rows;
  var upstream: Rows;
  var key_sums: Rows;
  var value_sums: Rows;
  for (var c = 0u; c < QUADS; c++) {
    k[c] = fetch_rows(K, s, s.block, s.rows, c);
    v[c] = fetch_rows(V, s, s.block, s.rows, c);
  }
  let end = min(s.block + 4u + params.window, s.rows);
  for (var tile = s.block; tile < end; tile += 4u) {
    var scores = mat4x4f();
    var slopes = mat4x4f();
    for (var c = 0u; c < QUADS; c++) {
      queries[c] = fetch_rows(Q, s, tile, end, c);
      upstream[c] = fetch_dy_rows(s, tile, end, c);
      scores += transpose(queries[c]) * k[c];
      slopes += transpose(upstream[c]) * v[c];
    }
    let query = tile + FOUR;
    let r = min(query, vec4u(s.rows - 1u));
    let at = vec4u(head_of(s, r.x), head_of(s, r.y), head_of(s, r.z), head_of(s, r.w));
    let query_lse = vec4f(lse[at.x], lse[at.y], lse[at.z], lse[at.w]);
    let query_delta = vec4f(delta[at.x], delta[at.y], delta[at.z], delta[at.w]);
    for (var row = 0u; row < 4u; row++) {
      let key = vec4u(s.block + row);
      let seen = (key <= query) & (key + params.window >= query) & (query < vec4u(end));
      scores[row] = select(vec4f(0.0), exp(scores[row] - query_lse), seen);
      slopes[row] = select(vec4f(0.0), scores[row] * (slopes[row] - query_delta), seen & chooses(query));
    }
    for (var c = 0u; c < QUADS; c++) {
      key_sums[c] += queries[c] * slopes;
      value_sums[c] += upstream[c] * scores;
    }
  }
  for (var i = 0u; i < 4u * QUADS && s.block + i / QUADS < s.rows; i++) {
    store(K, s, s.block + i / QUADS, i % QUADS, key_sums[i % QUADS][i / QUADS]);
    store(V, s, s.block + i / QUADS, i % QUADS, value_sums[i % QUADS][i / QUADS]);
  }
}
