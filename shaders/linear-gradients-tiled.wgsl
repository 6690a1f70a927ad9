// Both gradients of a linear map in one dispatch, for GPUs: what matmul-tiled.wgsl and weight-gradient-tiled.wgsl make one after
// the other, to the bit. Neither waits for the other, and together they have enough workgroups where each has too few.
// tiled: dy (rows, outputs), weight (outputs, channels), x (rows of channels), extra as x -> dx as x,
//        dweight (parts, outputs, channels), dbias (parts, outputs) if there is a bias
//
// y below dx_tiles selects rows of dx, what follows selects rows of a part of dweight; x selects channels. Tiles are those of
// matmul-tiled.wgsl, planes too: left and right are staged, left (m, k) by right (k, n). All rows are whole vectors of four.

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
// Rows of x and dx do not all lie equally far apart.
override VIEWED: bool = false;
// What extra is for: dx is multiplied by the derivative there. 0 none, 1 SiLU, 2 GELU (exact)
override ACTIVATION: u32 = 0u;

struct Params {
  rows: u32,
  outputs: u32,
  channels: u32,
  dx_tiles: u32,
  // Of one part
  dweight_tiles: u32,
  rows_per_part: u32,
  rows_per_batch: u32,
  x_batch: u32,
  x_row: u32,
  /// Numbers from one part to the next.
  dweight_pitch: u32,
  dbias_pitch: u32,
  has_bias: u32,
  accumulate_dx: u32,
  accumulate_dweight: u32,
}

alias Dy = f32;
alias X = f32;
alias Extra = f32;
alias Dx = f32;
@group(0) @binding(0) var<storage, read> dy: array<vec4<Dy>>;
@group(0) @binding(1) var<storage, read> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read> x: array<vec4<X>>;
@group(0) @binding(3) var<storage, read> extra: array<vec4<Extra>>;
@group(0) @binding(4) var<storage, read_write> dx: array<vec4<Dx>>;
@group(0) @binding(5) var<storage, read_write> dweight: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> dbias: array<vec4f>;
@group(0) @binding(7) var<uniform> params: Params;

var<private> plane: u32; // z of the invocation
// By plane, four steps of k, step, block and lane: with loops written out, places are constants but for one offset a lane.
var<workgroup> left: array<array<array<array<array<vec4f, LANES_M>, BLOCKS_M>, 4>, QUADS_K>, LANES_K>;
var<workgroup> right: array<array<array<array<array<vec4f, LANES_N>, BLOCKS_N>, 4>, QUADS_K>, LANES_K>;

// A tile and the sums behind it.
struct Task {
  of_weight: bool,
  part: u32,
  // First row and column
  corner: vec2u,
  // Rows of the result
  m: u32,
  // Where its sums begin and end
  begin: u32,
  end: u32,
}

fn task_of(group: vec3u) -> Task {
  let column = 4u * group.x * QUADS_N;
  if (group.y < params.dx_tiles) { return Task(false, 0u, vec2u(4u * group.y * QUADS_M, column), params.rows, 0u, params.outputs); }
  let i = group.y - params.dx_tiles;
  let part = i / params.dweight_tiles;
  let begin = part * params.rows_per_part;
  let corner = vec2u(4u * (i % params.dweight_tiles) * QUADS_M, column);
  return Task(true, part, corner, params.outputs, begin, min(params.rows, begin + params.rows_per_part));
}

// Where a row of x or dx stands, in vectors of four.
fn x_place(row: u32, column: u32) -> u32 {
  if (!VIEWED) { return (row * params.x_row + column) / 4u; }
  return (row / params.rows_per_batch * params.x_batch + row % params.rows_per_batch * params.x_row + column) / 4u;
}

// Four outputs of a row of dy, zero where the tile or its sums are over.
fn dy_four(row: u32, output: u32, end: u32) -> vec4f {
  return select(vec4f(), vec4f(dy[(row * params.outputs + output) / 4u]), row < end && output < params.outputs);
}

// Four channels at step k. Those past the end repeat the last ones and are not stored.
fn right_four(task: Task, k: u32, channel: u32) -> vec4f {
  let column = min(channel, params.channels - 4u);
  if (task.of_weight) { return select(vec4f(), vec4f(x[x_place(k, column)]), k < task.end); }
  return select(vec4f(), weight[(k * params.channels + column) / 4u], k < task.end);
}

// x = four rows, y = four steps of k that make block i of the left operand. Neighbours read along rows of dy.
fn left_at(task: Task, i: u32) -> vec2u {
  return select(vec2u(i / QUADS_K, i % QUADS_K), vec2u(i % QUADS_M, i / QUADS_M), task.of_weight);
}

fn right_at(i: u32) -> vec2u { return vec2u(i % QUADS_N, i / QUADS_N); }

// Block i of 4x4 of what a workgroup stages at a time, first those of the left operand; a column of the matrix is a step of k.
fn fetch(task: Task, i: u32, k0: u32) -> mat4x4f {
  if (i >= QUADS_K * QUADS_M) {
    let at = right_at(i - QUADS_K * QUADS_M);
    let channel = task.corner.y + 4u * at.x;
    let k = k0 + 4u * at.y;
    return mat4x4f(right_four(task, k, channel), right_four(task, k + 1u, channel), right_four(task, k + 2u, channel), right_four(task, k + 3u, channel));
  }
  let at = left_at(task, i);
  let row = task.corner.x + 4u * at.x;
  let k = k0 + 4u * at.y;
  let first = select(vec2u(row, k), vec2u(k, row), task.of_weight);
  let end = select(params.rows, task.end, task.of_weight);
  let block = mat4x4f(dy_four(first.x, first.y, end), dy_four(first.x + 1u, first.y, end), dy_four(first.x + 2u, first.y, end), dy_four(first.x + 3u, first.y, end));
  if (task.of_weight) { return block; }
  return transpose(block);
}

// Where a vector stands among those of its step of k, by the four steps it is of: neighbours who stage others shall use other banks.
fn turned(fours: u32, quad: u32) -> u32 { return quad ^ (fours % 4u * 2u); }

// Returns what the block adds to the sums over k of this lane's rows.
fn put(task: Task, i: u32, block: mat4x4f) -> vec4f {
  if (i >= QUADS_K * QUADS_M) {
    let at = right_at(i - QUADS_K * QUADS_M);
    for (var e = 0u; e < 4u; e++) { right[plane][at.y][e][at.x / LANES_N][turned(at.y, at.x % LANES_N)] = block[e]; }
    return vec4f();
  }
  let at = left_at(task, i);
  for (var e = 0u; e < 4u; e++) { left[plane][at.y][e][at.x / LANES_M][turned(at.y, at.x % LANES_M)] = block[e]; }
  return block[0] + block[1] + block[2] + block[3];
}

fn stage(task: Task, lane: u32, k0: u32) -> vec4f {
  var sums = vec4f();
  for (var i = 0u; i < ROUNDS; i++) { if (lane + i * LANES < STAGED) { sums += put(task, lane + i * LANES, fetch(task, lane + i * LANES, k0)); } }
  return sums;
}

// A stand-in: src/ops/gemm.ts puts that of activations.wgsl in its place.
fn derivative(x: vec4f) -> vec4f { return x; }

// Stores four neighbours in a row.
fn store(task: Task, row: u32, column: u32, sums: vec4f) {
  if (row >= task.m || column >= params.channels) { return; }
  if (task.of_weight) {
    let i = (task.part * params.dweight_pitch + row * params.channels + column) / 4u;
    dweight[i] = sums + select(vec4f(), dweight[i], params.accumulate_dweight != 0u);
    return;
  }
  let i = x_place(row, column);
  var v = sums;
  if (ACTIVATION != 0u) { v *= derivative(vec4f(extra[i])); }
  if (params.accumulate_dx != 0u) { v += vec4f(dx[i]); }
  dx[i] = vec4<Dx>(v);
}

// Adds up what the lanes have of the same four rows of dweight's tile.
fn store_bias(task: Task, lane: u32, row_sums: vec4f) {
  left[plane][lane / QUADS_M / 4u][lane / QUADS_M % 4u][lane / LANES_M % BLOCKS_M][lane % LANES_M] = row_sums;
  workgroupBarrier();
  let row = task.corner.x + 4u * lane;
  if (plane > 0u || lane >= QUADS_M || row >= task.m) { return; }
  var sum = vec4f();
  for (var by = 0u; by < LANES_K; by++) {
    for (var k = 0u; k < LANES / QUADS_M; k++) { sum += left[by][k / 4u][k % 4u][lane / LANES_M][lane % LANES_M]; }
  }
  let i = (task.part * params.dbias_pitch + row) / 4u;
  dbias[i] = sum + select(vec4f(), dbias[i], params.accumulate_dweight != 0u);
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
  let task = task_of(group);
  let lane = local.y * LANES_N + local.x;
  let own = own_block(lane);
  // A column of a matrix is a row of the result. No array of them, which might end up outside of the registers.
  var c00 = mat4x4f();
  var c01 = mat4x4f();
  var c10 = mat4x4f();
  var c11 = mat4x4f();
  var row_sums = vec4f();
  plane = local.z % LANES_K;
  let run = (task.end - task.begin + LANES_K * TILE_K - 1u) / (LANES_K * TILE_K);
  var k0 = task.begin + plane * run * TILE_K;
  var next = mat4x4f();
  if (AHEAD) { next = fetch(task, lane, k0); }
  for (var i = 0u; i < run; i++) {
    if (AHEAD) { row_sums += put(task, lane, next); } else { row_sums += stage(task, lane, k0); }
    workgroupBarrier();
    k0 += TILE_K;
    if (AHEAD && i + 1u < run) { next = fetch(task, lane, k0); }
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
  let row = task.corner.x + 4u * own.x;
  let column = task.corner.y + 4u * own.y;
  if (LANES_K == 4u) {
    // Each plane adds up and stores one row of the block.
    for (var e = 0u; e < 4u; e++) { keep(lane, e, column_of(c00, e)); }
    workgroupBarrier();
    store(task, row + plane, column, kept(lane, 0u) + kept(lane, 1u) + kept(lane, 2u) + kept(lane, 3u));
    workgroupBarrier();
  } else {
    // A loop, lest the epilogue be there sixteen times.
    for (var e = 0u; e < 4u; e++) {
      store(task, row + e, column, column_of(c00, e));
      if (BLOCKS_N == 2u) { store(task, row + e, column + 4u * LANES_N, column_of(c01, e)); }
      if (BLOCKS_M == 2u) { store(task, row + e + 4u * LANES_M, column, column_of(c10, e)); }
      if (BLOCKS_M == 2u && BLOCKS_N == 2u) { store(task, row + e + 4u * LANES_M, column + 4u * LANES_N, column_of(c11, e)); }
    }
  }
  if (task.of_weight && params.has_bias != 0u && task.corner.y == 0u) { store_bias(task, lane, row_sums); }
}
