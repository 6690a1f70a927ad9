// The matrix products of matmul.wgsl for GPUs: operands are staged in workgroup memory, results stay in registers.
// tiled: a (m, k), b (k, n) or (n, k), bias (n), extra (m, n) -> out (m, n), saved (m, n)
//
// LANES_N x LANES_M invocations make a tile of the result, each BLOCKS_M x BLOCKS_N blocks of 4x4; its blocks lie a workgroup
// apart, so that neighbours read neighbours. TILE_K steps of k are staged at a time, at each a vector per four rows.
// LANES_K planes of invocations share the sums of a tile: each has a run of the steps of k, and so waits for memory less often.
// a and b are read as a_quads and b_quads, the same memory, where QUADS says that all their runs are whole vectors of four.
// Rows, views, segments, several products in a dispatch and the epilogue are those of matmul.wgsl.

const LANES_M: u32 = 16u;
const LANES_N: u32 = 16u;
const LANES_K: u32 = 1u; // 1, or 4 where there is one block
const BLOCKS_M: u32 = 1u; // 1 or 2 each
const BLOCKS_N: u32 = 1u;
const TILE_K: u32 = 16u; // a multiple of 4
const LANES: u32 = LANES_M * LANES_N;
const QUADS_M: u32 = LANES_M * BLOCKS_M;
const QUADS_N: u32 = LANES_N * BLOCKS_N;
const QUADS_K: u32 = TILE_K / 4u;
const STAGED: u32 = QUADS_K * (QUADS_M + QUADS_N); // blocks of 4x4
const ROUNDS: u32 = (STAGED + LANES - 1u) / LANES; // a constant, so that loads of all are under way at once
// The next steps of k are on their way while these are multiplied. Needs a lane for each block of 4x4 that is staged.
override AHEAD: bool = false;
override QUADS: bool = false;
override TRANSPOSE_B: bool = true;
override VIEWED: bool = false;
override ACTIVATION: u32 = 0u; // 0 none, 1 SiLU, 2 GELU (exact)
override DERIVATIVE: bool = false;

struct Params {
  m: u32, n: u32, k: u32, segments: u32, rows_per_batch: u32,
  a_batch: i32, a_row: i32, a_segment: i32, a_shift: i32, a_length: i32,
  b_row: i32, b_segment: i32, b_shift: i32,
  c_batch: u32, c_row: u32, c_shift: u32,
  product_pitch: u32,
  has_bias: u32, has_residual: u32, save: u32, accumulate: u32,
}

alias A = f32;
alias Extra = f32;
alias Out = f32;
alias Saved = f32;
@group(0) @binding(0) var<storage, read> a: array<A>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read> a_quads: array<vec4<A>>;
@group(0) @binding(3) var<storage, read> b_quads: array<vec4f>;
@group(0) @binding(4) var<storage, read> bias: array<f32>;
@group(0) @binding(5) var<storage, read> extra: array<Extra>;
@group(0) @binding(6) var<storage, read_write> out: array<Out>;
@group(0) @binding(7) var<storage, read_write> saved: array<Saved>;
@group(0) @binding(8) var<uniform> params: Params;

var<private> product: u32; // z of the dispatch
var<private> plane: u32; // z of the invocation
// By plane, four steps of k, step, block and lane: with loops written out, places are constants but for one offset a lane.
var<workgroup> left: array<array<array<array<array<vec4f, LANES_M>, BLOCKS_M>, 4>, QUADS_K>, LANES_K>;
var<workgroup> right: array<array<array<array<array<vec4f, LANES_N>, BLOCKS_N>, 4>, QUADS_K>, LANES_K>;

// Where a row of a stands at step k: x = batch item, y = place inside it. Rows past the end repeat the last one.
fn a_place(row: u32, k: u32, segment: u32) -> vec2i {
  let r = min(row, params.m - 1u);
  let along = i32(k) + i32(segment) * params.a_segment;
  if (!VIEWED) { return vec2i(0, i32(r) * params.a_row + along); }
  let item = i32(r / params.rows_per_batch);
  return vec2i(item * params.a_batch, i32(r % params.rows_per_batch) * params.a_row + params.a_shift + along);
}

fn is_inside(place: vec2i) -> bool { return !VIEWED || u32(place.y) < u32(params.a_length); } // negative places are large ones here

fn a_scalar(start: vec2i, k: u32, e: u32) -> f32 {
  let place = start + vec2i(0, i32(e));
  return select(0.0, f32(a[u32(place.x + place.y)]), k + e < params.k && is_inside(place));
}

fn a_four(row: u32, k: u32, segment: u32) -> vec4f {
  let place = a_place(row, k, segment);
  if (QUADS) { return select(vec4f(), vec4f(a_quads[u32(place.x + place.y) / 4u]), k < params.k && is_inside(place)); }
  return vec4f(a_scalar(place, k, 0u), a_scalar(place, k, 1u), a_scalar(place, k, 2u), a_scalar(place, k, 3u));
}

// Four rows of a at four steps of k; a column of the matrix is a step.
fn a_block(row: u32, k: u32, segment: u32) -> mat4x4f {
  return transpose(mat4x4f(a_four(row, k, segment), a_four(row + 1u, k, segment), a_four(row + 2u, k, segment), a_four(row + 3u, k, segment)));
}

// at: x = column, y = step of k. Columns past the end repeat the last one.
fn b_place(at: vec2u, segment: u32) -> u32 {
  let pitch = u32(params.b_row);
  let place = select(at.x + at.y * pitch, at.x * pitch + at.y, TRANSPOSE_B) + product * params.product_pitch;
  return u32(params.b_shift + i32(segment) * params.b_segment + i32(place));
}

// Zero past the end of k, as a is: what lies there may be no number.
fn b_scalar(at: vec2u, segment: u32) -> f32 { return select(0.0, b[b_place(vec2u(min(at.x, params.n - 1u), at.y), segment)], at.y < params.k); }

// Four of b as they lie side by side: steps of k if TRANSPOSE_B, else columns.
fn b_four(at: vec2u, segment: u32) -> vec4f {
  if (QUADS) {
    let column = min(at.x, params.n - select(4u, 1u, TRANSPOSE_B));
    return select(vec4f(), b_quads[b_place(vec2u(column, at.y), segment) / 4u], at.y < params.k);
  }
  let next = select(vec2u(1u, 0u), vec2u(0u, 1u), TRANSPOSE_B);
  return vec4f(b_scalar(at, segment), b_scalar(at + next, segment), b_scalar(at + 2u * next, segment), b_scalar(at + 3u * next, segment));
}

fn b_block(at: vec2u, segment: u32) -> mat4x4f {
  let next = select(vec2u(0u, 1u), vec2u(1u, 0u), TRANSPOSE_B);
  let block = mat4x4f(b_four(at, segment), b_four(at + next, segment), b_four(at + 2u * next, segment), b_four(at + 3u * next, segment));
  if (TRANSPOSE_B) { return transpose(block); }
  return block;
}

// Where a vector stands among those of its step of k, by the four steps it is of: neighbours who stage others shall use other banks.
fn turned(fours: u32, quad: u32) -> u32 { return quad ^ (fours % 4u * 2u); }
// Stage four rows of a, or four columns of b, at step e of a four of steps.
fn put_a(fours: u32, e: u32, quad: u32, four: vec4f) { left[plane][fours][e][quad / LANES_M][turned(fours, quad % LANES_M)] = four; }
fn put_b(fours: u32, e: u32, quad: u32, four: vec4f) { right[plane][fours][e][quad / LANES_N][turned(fours, quad % LANES_N)] = four; }

// x = four columns of b, y = four steps of k that make its block i. Neighbours read along k where k is contiguous.
fn b_at(i: u32) -> vec2u { return select(vec2u(i % QUADS_N, i / QUADS_N), vec2u(i / QUADS_K, i % QUADS_K), TRANSPOSE_B); }

// Block i of 4x4 of what a workgroup stages at a time, first those of a.
fn fetch(i: u32, corner: vec2u, k0: u32, segment: u32) -> mat4x4f {
  if (i < QUADS_K * QUADS_M) { return a_block(corner.x + 4u * (i / QUADS_K), k0 + 4u * (i % QUADS_K), segment); }
  return b_block(vec2u(corner.y, k0) + 4u * b_at(i - QUADS_K * QUADS_M), segment);
}

fn put(i: u32, block: mat4x4f) {
  let of_a = i < QUADS_K * QUADS_M;
  let at = select(b_at(i - QUADS_K * QUADS_M), vec2u(i / QUADS_K, i % QUADS_K), of_a);
  for (var e = 0u; e < 4u; e++) { if (of_a) { put_a(at.y, e, at.x, block[e]); } else { put_b(at.y, e, at.x, block[e]); } }
}

fn stage(lane: u32, corner: vec2u, k0: u32, segment: u32) {
  for (var i = 0u; i < ROUNDS; i++) { if (lane + i * LANES < STAGED) { put(lane + i * LANES, fetch(lane + i * LANES, corner, k0, segment)); } }
}

// x = segment, y = step of k that a plane is at after so many times TILE_K steps; past the last segment, behind the end of k.
fn step_at(times: u32) -> vec2u {
  let each = (params.k + TILE_K - 1u) / TILE_K;
  let segment = times / each;
  return vec2u(segment, select(times % each * TILE_K, params.k, segment >= params.segments));
}

fn step_after(at: vec2u) -> vec2u {
  if (at.y + TILE_K < params.k) { return vec2u(at.x, at.y + TILE_K); }
  return vec2u(at.x + 1u, select(0u, params.k, at.x + 1u >= params.segments));
}

// Stand-ins: src/ops/gemm.ts puts those of activations.wgsl in their place.
fn activate(x: vec4f) -> vec4f { return x; }
fn derivative(x: vec4f) -> vec4f { return x; }
// Where a number of the result goes: x = batch item, y = place inside it.
fn c_place(row: u32, column: u32) -> vec2u {
  if (!VIEWED) { return vec2u(0u, row * params.c_row + column); }
  let along = params.c_shift + product * params.product_pitch + column;
  return vec2u(row / params.rows_per_batch * params.c_batch, row % params.rows_per_batch * params.c_row + along);
}

// Whether a batch item has such a place.
fn is_in_item(place: vec2u) -> bool { return !VIEWED || place.y < params.c_batch; }

// The epilogue of four neighbours in a row. Those past its end are computed from whatever comes next, and not stored.
fn store(row: u32, column: u32, sums: vec4f) {
  let place = c_place(row, column);
  if (row >= params.m || column >= params.n || !is_in_item(place)) { return; }
  let i = place.x + place.y;
  let count = min(4u, params.n - column);
  var v = sums;
  if (DERIVATIVE) {
    v *= derivative(vec4f(f32(extra[i]), f32(extra[i + 1u]), f32(extra[i + 2u]), f32(extra[i + 3u])));
  } else {
    if (params.has_bias != 0u) { v += vec4f(bias[column], bias[column + 1u], bias[column + 2u], bias[column + 3u]); }
    for (var e = 0u; e < count * params.save; e++) { saved[i + e] = Saved(v[e]); }
    v = activate(v);
    if (params.has_residual != 0u) { v += vec4f(f32(extra[i]), f32(extra[i + 1u]), f32(extra[i + 2u]), f32(extra[i + 3u])); }
  }
  if (params.accumulate != 0u) { v += vec4f(f32(out[i]), f32(out[i + 1u]), f32(out[i + 2u]), f32(out[i + 3u])); }
  if (count == 4u) {
    out[i] = Out(v.x);
    out[i + 1u] = Out(v.y);
    out[i + 2u] = Out(v.z);
    out[i + 3u] = Out(v.w);
  } else {
    for (var e = 0u; e < count; e++) { out[i + e] = Out(v[e]); }
  }
}

// Column e of a matrix. Chosen and not indexed, which might move the matrix to memory.
fn column_of(c: mat4x4f, e: u32) -> vec4f { return select(select(c[3], c[2], e == 2u), select(c[1], c[0], e == 0u), e < 2u); }

// c + x y^T. Written as fma, so that a compiler does not round otherwise in one tile than in another.
fn add_outer(c: mat4x4f, x: vec4f, y: vec4f) -> mat4x4f {
  return mat4x4f(fma(x.xxxx, y, c[0]), fma(x.yyyy, y, c[1]), fma(x.zzzz, y, c[2]), fma(x.wwww, y, c[3]));
}

// Stand-ins: src/ops/tiles.ts puts that of lanes.wgsl and, where there are planes, those of planes.wgsl in their place.
fn own_block(lane: u32) -> vec2u { return vec2u(lane / LANES_N, lane % LANES_N); }
fn keep(lane: u32, row: u32, sums: vec4f) {}
fn kept(lane: u32, by: u32) -> vec4f { return vec4f(); }

@compute @workgroup_size(LANES_N, LANES_M, LANES_K)
fn tiled(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let corner = 4u * group.yx * vec2u(QUADS_M, QUADS_N);
  let lane = local.y * LANES_N + local.x;
  let own = own_block(lane);
  // A column of a matrix is a row of the result. No array of them, which might end up outside of the registers.
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var next = mat4x4f();
  product = group.z;
  plane = local.z % LANES_K;
  let first = min(group.z, 1u);
  let run = (params.segments * ((params.k + TILE_K - 1u) / TILE_K) + LANES_K - 1u) / LANES_K;
  var at = step_at(plane * run);
  if (AHEAD) { next = fetch(lane, corner, at.y, first + at.x); }
  for (var i = 0u; i < run; i++) {
    if (AHEAD) { put(lane, next); } else { stage(lane, corner, at.y, first + at.x); }
    workgroupBarrier();
    at = step_after(at);
    if (AHEAD && i + 1u < run) { next = fetch(lane, corner, at.y, first + at.x); }
    for (var k = 0u; k < TILE_K; k++) {
      let x = turned(k / 4u, own.x);
      let y = turned(k / 4u, own.y);
      c00 = add_outer(c00, left[plane][k / 4u][k % 4u][0][x], right[plane][k / 4u][k % 4u][0][y]);
      if (BLOCKS_N == 2u) { c01 = add_outer(c01, left[plane][k / 4u][k % 4u][0][x], right[plane][k / 4u][k % 4u][BLOCKS_N - 1u][y]); }
      if (BLOCKS_M == 2u) { c10 = add_outer(c10, left[plane][k / 4u][k % 4u][BLOCKS_M - 1u][x], right[plane][k / 4u][k % 4u][0][y]); }
      if (BLOCKS_M * BLOCKS_N == 4u) { c11 = add_outer(c11, left[plane][k / 4u][k % 4u][BLOCKS_M - 1u][x], right[plane][k / 4u][k % 4u][BLOCKS_N - 1u][y]); }
    }
    workgroupBarrier();
  }
  let row = corner.x + 4u * own.x;
  let column = corner.y + 4u * own.y;
  if (LANES_K == 4u) {
    // Each plane adds up and stores one row of the block.
    for (var e = 0u; e < 4u; e++) { keep(lane, e, column_of(c00, e)); }
    workgroupBarrier();
    store(row + plane, column, kept(lane, 0u) + kept(lane, 1u) + kept(lane, 2u) + kept(lane, 3u));
    return;
  }
  // A loop, lest the epilogue be there sixteen times.
  for (var e = 0u; e < 4u; e++) {
    store(row + e, column, column_of(c00, e));
    if (BLOCKS_N == 2u) { store(row + e, column + 4u * LANES_N, column_of(c01, e)); }
    if (BLOCKS_M == 2u) { store(row + e + 4u * LANES_M, column, column_of(c10, e)); }
    if (BLOCKS_M == 2u && BLOCKS_N == 2u) { store(row + e + 4u * LANES_M, column + 4u * LANES_N, column_of(c11, e)); }
  }
}
