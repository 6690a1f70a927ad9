enable subgroups;
// Loops are as long for all four of a quad, but not for a whole subgroup.
diagnostic(off, subgroup_uniformity);

// The backward passes of attention-direct.wgsl where subgroups are there, as attention-quad.wgsl is its forward pass: see there.
// What follows `backward_keys` only makes this file complete.

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

fn visit_dy(s: Sequence, first: u32, end: u32, quad: u32) -> mat4x4f {
  return share(fetch_dy(s, min(first + s.lane, end - 1u), quad));
}

fn sees(query: vec4u, key: vec4u) -> vec4<bool> {
  return (key <= query) & (key + params.window >= query);
}

fn query_slope(score: vec4f, slope: vec4f, key: u32, query: vec4u) -> vec4f {
  return select(vec4f(), exp(score) * slope, sees(query, vec4u(key)) & chooses(query));
}

fn query_slopes(scores: mat4x4f, slopes: mat4x4f, keys: vec4u, query: vec4u, row_lse: vec4f, deltas: vec4f) -> mat4x4f {
  return transpose(mat4x4f(
    query_slope(scores[0] - row_lse, slopes[0] - deltas, keys.x, query),
    query_slope(scores[1] - row_lse, slopes[1] - deltas, keys.y, query),
    query_slope(scores[2] - row_lse, slopes[2] - deltas, keys.z, query),
    query_slope(scores[3] - row_lse, slopes[3] - deltas, keys.w, query),
  ));
}

@compute @workgroup_size(32)
fn backward_queries(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let s = sequence_of(id.x + id.y * groups.x * 32u);
  if (s.first >= s.rows) { return; }
  let end = min(s.first + 16u, s.rows);
  let query = s.block + FOUR;
  var q: Rows;
  var upstream: Rows;
  var sums: Rows;
  for (var c = 0u; c < QUADS; c++) {
    q[c] = fetch_rows(Q, s, s.block, end, c);
    upstream[c] = fetch_dy_rows(s, s.block, end, c);
  }
  // What the backward pass of softmax subtracts in every row.
  var deltas = vec4f();
  var row_lse = vec4f();
  for (var row = 0u; row < 4u && s.block + row < s.rows; row++) {
    let head = head_of(s, s.block + row);
    row_lse[row] = lse[head];
    for (var i = head * HEAD_WIDTH; i < (head + 1u) * HEAD_WIDTH; i++) { deltas[row] += f32(result[i]) * f32(dy[i]); }
    new_delta[head] = deltas[row];
  }
  for (var tile = s.first - min(s.first, params.window); tile < end; tile += 16u) {
    var s0 = mat4x4f();
    var d0 = mat4x4f();
    var s1 = mat4x4f();
    var d1 = mat4x4f();
    var s2 = mat4x4f();
    var d2 = mat4x4f();
    var s3 = mat4x4f();
    var d3 = mat4x4f();
    for (var c = 0u; c < QUADS; c++) {
      let rows = transpose(q[c]);
      let gradients = transpose(upstream[c]);
      s0 += rows * visit(K, s, tile, end, c);
      d0 += gradients * visit(V, s, tile, end, c);
      s1 += rows * visit(K, s, tile + 4u, end, c);
      d1 += gradients * visit(V, s, tile + 4u, end, c);
      s2 += rows * visit(K, s, tile + 8u, end, c);
      d2 += gradients * visit(V, s, tile + 8u, end, c);
      s3 += rows * visit(K, s, tile + 12u, end, c);
      d3 += gradients * visit(V, s, tile + 12u, end, c);
    }
    d0 = query_slopes(s0, d0, visited(s, tile), query, row_lse, deltas);
    d1 = query_slopes(s1, d1, visited(s, tile + 4u), query, row_lse, deltas);
    d2 = query_slopes(s2, d2, visited(s, tile + 8u), query, row_lse, deltas);
    d3 = query_slopes(s3, d3, visited(s, tile + 12u), query, row_lse, deltas);
    for (var c = 0u; c < QUADS; c++) {
      var sum = sums[c];
      sum += visit(K, s, tile, end, c) * d0;
      sum += visit(K, s, tile + 4u, end, c) * d1;
      sum += visit(K, s, tile + 8u, end, c) * d2;
      sum += visit(K, s, tile + 12u, end, c) * d3;
      sums[c] = sum;
    }
  }
  for (var i = 0u; i < 4u * QUADS && s.block + i / QUADS < s.rows; i++) {
    store(Q, s, s.block + i / QUADS, i % QUADS, sums[i % QUADS][i / QUADS]);
  }
}

fn probability(score: vec4f, key: vec4u, query: vec4u, end: u32) -> vec4f {
  return select(vec4f(), exp(score), sees(query, key) & (query < vec4u(end)));
}

// Probabilities of four queries.
fn weigh(scores: mat4x4f, key: vec4u, queries: vec4u, end: u32, saved: mat4x4f) -> mat4x4f {
  return mat4x4f(
    probability(scores[0] - saved[0].x, key, queries.xxxx, end),
    probability(scores[1] - saved[1].x, key, queries.yyyy, end),
    probability(scores[2] - saved[2].x, key, queries.zzzz, end),
    probability(scores[3] - saved[3].x, key, queries.wwww, end),
  );
}

// What goes back through the scores of four queries.
fn key_slopes(weights: mat4x4f, slopes: mat4x4f, queries: vec4u, saved: mat4x4f) -> mat4x4f {
  let chosen = select(vec4f(), vec4f(1.0), chooses(queries));
  return mat4x4f(
    weights[0] * (slopes[0] - saved[0].y) * chosen.x,
    weights[1] * (slopes[1] - saved[1].y) * chosen.y,
    weights[2] * (slopes[2] - saved[2].y) * chosen.z,
    weights[3] * (slopes[3] - saved[3].y) * chosen.w,
  );
}

// Log-sum-exp and delta of four queries, a column each.
fn saved_of(s: Sequence, query: u32, end: u32) -> mat4x4f {
  let at = head_of(s, min(query + s.lane, end - 1u));
  return share(vec4f(lse[at], delta[at], 0.0, 0.0));
}

@compute @workgroup_size(32)
fn backward_keys(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let s = sequence_of(id.x + id.y * groups.x * 32u);
  if (s.first >= s.rows) { return; }
  let own = s.block + FOUR;
  var k: Rows;
  var v: Rows;
  var key_sums: Rows;
  var value_sums: Rows;
  for (var c = 0u; c < QUADS; c++) {
    k[c] = fetch_rows(K, s, s.block, s.rows, c);
    v[c] = fetch_rows(V, s, s.block, s.rows, c);
  }
  let end = min(s.first + 16u + params.window, s.rows);
  for (var tile = s.first; tile < end; tile += 16u) {
    var s0 = mat4x4f();
    var d0 = mat4x4f();
    var s1 = mat4x4f();
    var d1 = mat4x4f();
    var s2 = mat4x4f();
    var d2 = mat4x4f();
    var s3 = mat4x4f();
    var d3 = mat4x4f();
    for (var c = 0u; c < QUADS; c++) {
      let keys = transpose(k[c]);
      let values = transpose(v[c]);
      s0 += keys * visit(Q, s, tile, end, c);
      d0 += values * visit_dy(s, tile, end, c);
      s1 += keys * visit(Q, s, tile + 4u, end, c);
      d1 += values * visit_dy(s, tile + 4u, end, c);
      s2 += keys * visit(Q, s, tile + 8u, end, c);
      d2 += values * visit_dy(s, tile + 8u, end, c);
      s3 += keys * visit(Q, s, tile + 12u, end, c);
      d3 += values * visit_dy(s, tile + 12u, end, c);
    }
    let saved0 = saved_of(s, tile, end);
    let saved1 = saved_of(s, tile + 4u, end);
    let saved2 = saved_of(s, tile + 8u, end);
    let saved3 = saved_of(s, tile + 12u, end);
    s0 = weigh(s0, own, visited(s, tile), end, saved0);
    s1 = weigh(s1, own, visited(s, tile + 4u), end, saved1);
    s2 = weigh(s2, own, visited(s, tile + 8u), end, saved2);
    s3 = weigh(s3, own, visited(s, tile + 12u), end, saved3);
    d0 = transpose(key_slopes(s0, d0, visited(s, tile), saved0));
    d1 = transpose(key_slopes(s1, d1, visited(s, tile + 4u), saved1));
    d2 = transpose(key_slopes(s2, d2, visited(s, tile + 8u), saved2));
    d3 = transpose(key_slopes(s3, d3, visited(s, tile + 12u), saved3));
    s0 = transpose(s0);
    s1 = transpose(s1);
    s2 = transpose(s2);
    s3 = transpose(s3);
    for (var c = 0u; c < QUADS; c++) {
      var sum = key_sums[c];
      sum += visit(Q, s, tile, end, c) * d0;
      sum += visit(Q, s, tile + 4u, end, c) * d1;
      sum += visit(Q, s, tile + 8u, end, c) * d2;
      sum += visit(Q, s, tile + 12u, end, c) * d3;
      key_sums[c] = sum;
      sum = value_sums[c];
      sum += visit_dy(s, tile, end, c) * s0;
      sum += visit_dy(s, tile + 4u, end, c) * s1;
      sum += visit_dy(s, tile + 8u, end, c) * s2;
      sum += visit_dy(s, tile + 12u, end, c) * s3;
      value_sums[c] = sum;
    }
  }
  for (var i = 0u; i < 4u * QUADS && s.block + i / QUADS < s.rows; i++) {
    store(K, s, s.block + i / QUADS, i % QUADS, key_sums[i % QUADS][i / QUADS]);
    store(V, s, s.block + i / QUADS, i % QUADS, value_sums[i % QUADS][i / QUADS]);
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
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> result: array<f32>;
@group(0) @binding(2) var<storage, read> lse: array<f32>;
@group(0) @binding(3) var<storage, read> delta: array<f32>;
@group(0) @binding(4) var<storage, read_write> new_delta: array<f32>;
@group(0) @binding(5) var<storage, read_write> dqkv: array<vec4f>;
@group(0) @binding(6) var<uniform> params: Params;
fn head_of(s: Sequence, row: u32) -> u32 { return row; }
fn fetch(part: u32, s: Sequence, row: u32, quad: u32) -> vec4f { return vec4f(dy[row]); }
fn fetch_dy(s: Sequence, row: u32, quad: u32) -> vec4f { return vec4f(dy[row]); }
fn fetch_rows(part: u32, s: Sequence, first: u32, end: u32, quad: u32) -> mat4x4f { return mat4x4f(); }
fn fetch_dy_rows(s: Sequence, first: u32, end: u32, quad: u32) -> mat4x4f { return mat4x4f(); }
fn chooses(query: vec4u) -> vec4<bool> { return query > vec4u(); }
fn store(part: u32, s: Sequence, row: u32, quad: u32, gradient: vec4f) { dqkv[row] = gradient; }
