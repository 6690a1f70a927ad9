enable subgroups;
// Loops are as long for all four of a quad, but not for a whole subgroup.
diagnostic(off, subgroup_uniformity);

// The forward pass of attention-direct.wgsl where subgroups are there. A quad, four neighbours of a subgroup, owns 16 rows and
// visits 16 at a time of those that they see: each invocation loads every fourth and hands it to the others. What belongs to
// the rows that an invocation owns lies in arrays, which a CPU looks up as dearly as memory; here once for 16 visited rows.
// src/ops/attention-call.ts puts these declarations in the place of those of the same names; what follows `forward` only
// makes this file complete. A column of scores is a visited row; its components are the rows that the invocation owns.

/// `block` is the first row that an invocation owns, `first` that of its quad, `lane` its place there.
struct Sequence { first_token: u32, rows: u32, head: u32, block: u32, first: u32, lane: u32 }

fn sequence_of(id: u32) -> Sequence {
  let quad = id / 4u;
  let item = quad / params.heads % params.batch;
  let place = quad / params.heads / params.batch;
  let phase = place % params.dilation;
  let rows = (max(params.tokens, phase) - phase + params.dilation - 1u) / params.dilation;
  let first = place / params.dilation * 16u;
  return Sequence(item * params.tokens + phase, rows, quad % params.heads, first + id % 4u * 4u, first, id % 4u);
}

// What the four of a quad loaded, in an order that depends on who asks: a swap is one instruction on a CPU, a broadcast ten.
fn share(v: vec4f) -> mat4x4f {
  return mat4x4f(v, quadSwapX(v), quadSwapY(v), quadSwapDiagonal(v));
}

// The rows that `visit` gives, in its order.
fn visited(s: Sequence, first: u32) -> vec4u {
  return first + (vec4u(s.lane) ^ FOUR);
}

fn visit(part: u32, s: Sequence, first: u32, end: u32, quad: u32) -> mat4x4f {
  return share(fetch(part, s, min(first + s.lane, end - 1u), quad));
}

fn sees(query: vec4u, key: vec4u) -> vec4<bool> {
  return (key <= query) & (key + params.window >= query);
}

fn hide(scores: mat4x4f, keys: vec4u, query: vec4u) -> mat4x4f {
  let hidden = vec4f(HIDDEN);
  return mat4x4f(
    select(hidden, scores[0], sees(query, keys.xxxx)),
    select(hidden, scores[1], sees(query, keys.yyyy)),
    select(hidden, scores[2], sees(query, keys.zzzz)),
    select(hidden, scores[3], sees(query, keys.wwww)),
  );
}

fn highest(scores: mat4x4f) -> vec4f {
  return max(max(scores[0], scores[1]), max(scores[2], scores[3]));
}

// A row of which nothing is visible yet has weights of zero.
fn weight(score: vec4f, most: vec4f) -> vec4f {
  return select(vec4f(), exp(score - most), score > vec4f(0.5 * HIDDEN));
}

fn weights(scores: mat4x4f, most: vec4f) -> mat4x4f {
  return mat4x4f(weight(scores[0], most), weight(scores[1], most), weight(scores[2], most), weight(scores[3], most));
}

fn add_up(columns: mat4x4f) -> vec4f {
  return columns[0] + columns[1] + columns[2] + columns[3];
}

@compute @workgroup_size(32)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let s = sequence_of(id.x + id.y * groups.x * 32u);
  if (s.first >= s.rows) { return; }
  let end = min(s.first + 16u, s.rows);
  let query = s.block + FOUR;
  var q: Rows;
  var sums: Rows;
  for (var c = 0u; c < QUADS; c++) {
    q[c] = fetch_rows(Q, s, s.block, end, c);
  }
  var largest = vec4f(HIDDEN);
  var total = vec4f();
  for (var tile = s.first - min(s.first, params.window); tile < end; tile += 16u) {
    var s0 = mat4x4f();
    var s1 = mat4x4f();
    var s2 = mat4x4f();
    var s3 = mat4x4f();
    for (var c = 0u; c < QUADS; c++) {
      let rows = transpose(q[c]);
      s0 += rows * visit(K, s, tile, end, c);
      s1 += rows * visit(K, s, tile + 4u, end, c);
      s2 += rows * visit(K, s, tile + 8u, end, c);
      s3 += rows * visit(K, s, tile + 12u, end, c);
    }
    s0 = hide(s0, visited(s, tile), query);
    s1 = hide(s1, visited(s, tile + 4u), query);
    s2 = hide(s2, visited(s, tile + 8u), query);
    s3 = hide(s3, visited(s, tile + 12u), query);
    let most = max(largest, max(max(highest(s0), highest(s1)), max(highest(s2), highest(s3))));
    let shrink = exp(largest - most);
    largest = most;
    s0 = weights(s0, most);
    s1 = weights(s1, most);
    s2 = weights(s2, most);
    s3 = weights(s3, most);
    total = total * shrink + add_up(s0) + add_up(s1) + add_up(s2) + add_up(s3);
    let w0 = transpose(s0);
    let w1 = transpose(s1);
    let w2 = transpose(s2);
    let w3 = transpose(s3);
    for (var c = 0u; c < QUADS; c++) {
      let old = sums[c];
      var sum = mat4x4f(old[0] * shrink[0], old[1] * shrink[1], old[2] * shrink[2], old[3] * shrink[3]);
      sum += visit(V, s, tile, end, c) * w0;
      sum += visit(V, s, tile + 4u, end, c) * w1;
      sum += visit(V, s, tile + 8u, end, c) * w2;
      sum += visit(V, s, tile + 12u, end, c) * w3;
      sums[c] = sum;
    }
  }
  for (var row = 0u; row < 4u && s.block + row < s.rows; row++) {
    let head = head_of(s, s.block + row);
    lse[head] = largest[row] + log(total[row]);
    for (var c = 0u; c < QUADS; c++) {
      let at = channels_of(head * HEAD_WIDTH, c);
      for (var i = 0u; i < 4u && 2u * c + i / 2u < HALF; i++) { y[at[i]] = Activation(sums[c][row][i] / total[row]); }
    }
  }
}

const HEAD_WIDTH: u32 = 32u;
const HALF: u32 = 16u;
const QUADS: u32 = 8u;
const Q: u32 = 0u;
const K: u32 = 1u;
const V: u32 = 2u;
const FOUR: vec4u = vec4u(0u, 1u, 2u, 3u);
alias Rows = array<mat4x4f, QUADS>;
struct Params { batch: u32, tokens: u32, heads: u32, dilation: u32, window: u32 }
const HIDDEN: f32 = -1e30;
alias Activation = f32;
@group(0) @binding(0) var<storage, read_write> y: array<Activation>;
@group(0) @binding(1) var<storage, read_write> lse: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;
fn head_of(s: Sequence, row: u32) -> u32 { return row; }
fn channels_of(offset: u32, quad: u32) -> vec4u { return vec4u(offset, quad, 0u, 0u); }
fn fetch(part: u32, s: Sequence, row: u32, quad: u32) -> vec4f { return vec4f(y[row]); }
fn fetch_rows(part: u32, s: Sequence, first: u32, end: u32, quad: u32) -> mat4x4f { return mat4x4f(); }
