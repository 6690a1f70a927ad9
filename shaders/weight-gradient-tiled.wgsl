// The gradient of a weight and of its bias, weight-gradient.wgsl, for GPUs: operands are staged in workgroup memory.
// tiled: dy (k, m), x (k rows of n) -> dweight (parts, m, n), dbias (parts, m) if there is a bias
//
// LANES_N x LANES_M invocations make a tile of the result, each BLOCKS_M x BLOCKS_N blocks of 4x4; its blocks lie a workgroup
// apart, so that neighbours read neighbours. TILE_K steps of k are staged at a time, at each a vector per four rows. LANES_M
// x LANES_N is a multiple of QUADS_M: so a lane stages the same four rows of dy every time. z selects a part of k, of which
// LANES_K planes of invocations have a run of steps each, as in matmul-tiled.wgsl.
// dy and x are read as dy_quads and x_quads, the same memory, where QUADS says that all their runs are whole vectors of four.
// Rows of x are those of weight-gradient.wgsl.

const LANES_M: u32 = 16u;
const LANES_N: u32 = 16u;
// 1, or 4 where there is one block
const LANES_K: u32 = 1u;
// 1 or 2 each
const BLOCKS_M: u32 = 1u;
const BLOCKS_N: u32 = 1u;
// A multiple of 4
const TILE_K: u32 = 16u;
const LANES: u32 = LANES_M * LANES_N;
const QUADS_M: u32 = LANES_M * BLOCKS_M;
const QUADS_N: u32 = LANES_N * BLOCKS_N;
const QUADS_K: u32 = TILE_K / 4u;
const STAGED: u32 = QUADS_K * (QUADS_M + QUADS_N); // blocks of 4x4
const ROUNDS: u32 = (STAGED + LANES - 1u) / LANES; // a constant, so that loads of all are under way at once
// The next steps of k are on their way while these are multiplied. Needs a lane for each block of 4x4 that is staged.
override AHEAD: bool = false;
override QUADS: bool = false;
override VIEWED: bool = false;

struct Params {
  m: u32,
  n: u32,
  k: u32,
  k_per_part: u32,
  rows_per_batch: u32,
  x_batch: i32,
  x_row: i32,
  x_shift: i32,
  x_length: i32,
  /// Numbers from one part to the next, m * n and m or more.
  dweight_pitch: u32,
  dbias_pitch: u32,
  has_bias: u32,
  accumulate: u32,
}

alias Dy = f32;
alias X = f32;

@group(0) @binding(0) var<storage, read> dy: array<Dy>;
@group(0) @binding(1) var<storage, read> x: array<X>;
@group(0) @binding(2) var<storage, read> dy_quads: array<vec4<Dy>>;
@group(0) @binding(3) var<storage, read> x_quads: array<vec4<X>>;
@group(0) @binding(4) var<storage, read_write> dweight: array<f32>;
@group(0) @binding(5) var<storage, read_write> dbias: array<f32>;
@group(0) @binding(6) var<uniform> params: Params;

var<private> plane: u32; // z of the invocation
// By plane, four steps of k, step, block and lane: with loops written out, places are constants but for one offset a lane.
var<workgroup> left: array<array<array<array<array<vec4f, LANES_M>, BLOCKS_M>, 4>, QUADS_K>, LANES_K>;
var<workgroup> right: array<array<array<array<array<vec4f, LANES_N>, BLOCKS_N>, 4>, QUADS_K>, LANES_K>;

const FOUR = vec4u(0u, 1u, 2u, 3u);

// Where row k of x starts: x = batch item, y = place inside it.
fn x_start(k: u32) -> vec2i {
  if (!VIEWED) { return vec2i(0, i32(k) * params.x_row); }
  let item = i32(k / params.rows_per_batch);
  return vec2i(item * params.x_batch, i32(k % params.rows_per_batch) * params.x_row + params.x_shift);
}

fn load_x(start: vec2i, column: u32) -> f32 {
  let i = start.y + i32(column);
  if (!VIEWED) { return f32(x[u32(start.x + i)]); }
  // A branch for each number would be dearer than a load in vain. Negative numbers are large ones here.
  return select(0.0, f32(x[u32(start.x + i)]), u32(i) < u32(params.x_length));
}

// Stores four neighbours in a row, but for those past its end.
fn store(row: u32, column: u32, part: u32, sums: vec4f) {
  if (row >= params.m || column >= params.n) { return; }
  let i = part * params.dweight_pitch + row * params.n + column;
  var v = sums;
  if (params.accumulate != 0u) { v += vec4f(dweight[i], dweight[i + 1u], dweight[i + 2u], dweight[i + 3u]); }
  if (column + 4u <= params.n) {
    dweight[i] = v.x;
    dweight[i + 1u] = v.y;
    dweight[i + 2u] = v.z;
    dweight[i + 3u] = v.w;
    return;
  }
  for (var e = 0u; e < params.n - column; e++) { dweight[i + e] = v[e]; }
}

fn store_bias(row: u32, part: u32, sum: f32) {
  if (row >= params.m) { return; }
  let i = part * params.dbias_pitch + row;
  dbias[i] = sum + select(0.0, dbias[i], params.accumulate != 0u);
}

// Rows and columns past the end repeat the last one and are not stored; past the end of k there are zeros.
fn dy_four(k: u32, row: u32, end: u32) -> vec4f {
  let start = k * params.m;
  if (QUADS) { return select(vec4f(), vec4f(dy_quads[(start + min(row, params.m - 4u)) / 4u]), k < end); }
  let at = start + min(row + FOUR, vec4u(params.m - 1u));
  return select(vec4f(), vec4f(f32(dy[at.x]), f32(dy[at.y]), f32(dy[at.z]), f32(dy[at.w])), k < end);
}

fn x_four(k: u32, column: u32, end: u32) -> vec4f {
  let start = x_start(k);
  if (QUADS) {
    let i = start.y + i32(min(column, params.n - 4u));
    let inside = k < end && (!VIEWED || u32(i) < u32(params.x_length));
    return select(vec4f(), vec4f(x_quads[u32(start.x + i) / 4u]), inside);
  }
  let at = min(column + FOUR, vec4u(params.n - 1u));
  let four = vec4f(load_x(start, at.x), load_x(start, at.y), load_x(start, at.z), load_x(start, at.w));
  return select(vec4f(), four, k < end);
}

// Stage four outputs of dy, or four columns of x, at row e of a four of rows.
fn put_dy(fours: u32, e: u32, quad: u32, four: vec4f) { left[plane][fours][e][quad / LANES_M][quad % LANES_M] = four; }
fn put_x(fours: u32, e: u32, quad: u32, four: vec4f) { right[plane][fours][e][quad / LANES_N][quad % LANES_N] = four; }

// Block i of what a workgroup stages at a time, first those of dy: four outputs or columns at four steps of k.
fn fetch(i: u32, corner: vec2u, k0: u32, end: u32) -> mat4x4f {
  if (i < QUADS_K * QUADS_M) {
    let row = corner.x + 4u * (i % QUADS_M);
    let k = k0 + 4u * (i / QUADS_M);
    return mat4x4f(dy_four(k, row, end), dy_four(k + 1u, row, end), dy_four(k + 2u, row, end), dy_four(k + 3u, row, end));
  }
  let j = i - QUADS_K * QUADS_M;
  let column = corner.y + 4u * (j % QUADS_N);
  let k = k0 + 4u * (j / QUADS_N);
  return mat4x4f(x_four(k, column, end), x_four(k + 1u, column, end), x_four(k + 2u, column, end), x_four(k + 3u, column, end));
}

// Returns what the block adds to the sums of this lane's rows of dy.
fn put(i: u32, block: mat4x4f) -> vec4f {
  if (i < QUADS_K * QUADS_M) {
    for (var e = 0u; e < 4u; e++) { put_dy(i / QUADS_M, e, i % QUADS_M, block[e]); }
    return block[0] + block[1] + block[2] + block[3];
  }
  let j = i - QUADS_K * QUADS_M;
  for (var e = 0u; e < 4u; e++) { put_x(j / QUADS_N, e, j % QUADS_N, block[e]); }
  return vec4f();
}

// Copies the next steps of k of both operands. Returns the sums of this lane's rows of dy.
fn stage(lane: u32, corner: vec2u, k0: u32, end: u32) -> vec4f {
  var sums = vec4f();
  for (var i = 0u; i < ROUNDS; i++) { if (lane + i * LANES < STAGED) { sums += put(lane + i * LANES, fetch(lane + i * LANES, corner, k0, end)); } }
  return sums;
}

// Column e of a matrix. Chosen and not indexed, which might move the matrix to memory.
fn column_of(c: mat4x4f, e: u32) -> vec4f {
  return select(select(c[3], c[2], e == 2u), select(c[1], c[0], e == 0u), e < 2u);
}

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
  var row_sums = vec4f();
  plane = local.z % LANES_K;
  let begin = group.z * params.k_per_part;
  let end = min(params.k, begin + params.k_per_part);
  let run = (end - begin + LANES_K * TILE_K - 1u) / (LANES_K * TILE_K);
  var k0 = begin + plane * run * TILE_K;
  var next = mat4x4f();
  if (AHEAD) { next = fetch(lane, corner, k0, end); }
  for (var i = 0u; i < run; i++) {
    if (AHEAD) { row_sums += put(lane, next); } else { row_sums += stage(lane, corner, k0, end); }
    workgroupBarrier();
    k0 += TILE_K;
    if (AHEAD && i + 1u < run) { next = fetch(lane, corner, k0, end); }
    for (var k = 0u; k < TILE_K; k++) {
      c00 = add_outer(c00, left[plane][k / 4u][k % 4u][0][own.x], right[plane][k / 4u][k % 4u][0][own.y]);
      if (BLOCKS_N == 2u) { c01 = add_outer(c01, left[plane][k / 4u][k % 4u][0][own.x], right[plane][k / 4u][k % 4u][BLOCKS_N - 1u][own.y]); }
      if (BLOCKS_M == 2u) { c10 = add_outer(c10, left[plane][k / 4u][k % 4u][BLOCKS_M - 1u][own.x], right[plane][k / 4u][k % 4u][0][own.y]); }
      if (BLOCKS_M * BLOCKS_N == 4u) { c11 = add_outer(c11, left[plane][k / 4u][k % 4u][BLOCKS_M - 1u][own.x], right[plane][k / 4u][k % 4u][BLOCKS_N - 1u][own.y]); }
    }
    workgroupBarrier();
  }
  let row = corner.x + 4u * own.x;
  let column = corner.y + 4u * own.y;
  if (LANES_K == 4u) {
    // Each plane adds up and stores one row of the block.
    for (var e = 0u; e < 4u; e++) { keep(lane, e, column_of(c00, e)); }
    workgroupBarrier();
    store(row + plane, column, group.z, kept(lane, 0u) + kept(lane, 1u) + kept(lane, 2u) + kept(lane, 3u));
    workgroupBarrier();
  } else {
    // A loop, lest the epilogue be there sixteen times.
    for (var e = 0u; e < 4u; e++) {
      store(row + e, column, group.z, column_of(c00, e));
      if (BLOCKS_N == 2u) { store(row + e, column + 4u * LANES_N, group.z, column_of(c01, e)); }
      if (BLOCKS_M == 2u) { store(row + e + 4u * LANES_M, column, group.z, column_of(c10, e)); }
      if (BLOCKS_M == 2u && BLOCKS_N == 2u) { store(row + e + 4u * LANES_M, column + 4u * LANES_N, group.z, column_of(c11, e)); }
    }
  }
  if (params.has_bias == 0u || corner.y != 0u) { return; }
  left[plane][lane / QUADS_M / 4u][lane / QUADS_M % 4u][lane / LANES_M % BLOCKS_M][lane % LANES_M] = row_sums;
  workgroupBarrier();
  if (plane > 0u || lane >= QUADS_M) { return; }
  var sum = vec4f();
  for (var by = 0u; by < LANES_K; by++) {
    for (var k = 0u; k < LANES / QUADS_M; k++) { sum += left[by][k / 4u][k % 4u][lane / LANES_M][lane % LANES_M]; }
  }
  for (var e = 0u; e < 4u; e++) { store_bias(corner.x + 4u * lane + e, group.z, sum[e]); }
}
