// The gradient of a weight, dy^T x, and of the bias beside it, dy^T 1: sums over all rows of a batch.
// direct: dy (k, m), x (k rows of n) -> dweight (parts, m, n), dbias (parts, m) if there is a bias
//
// An 8x8 tile of the result per invocation in registers, no workgroup memory (fast where barriers are slow), tiles row by
// row; z selects a part of k. weight-gradient-tiled.wgsl does the same for GPUs.
// Row k of x is (batch k / rows_per_batch, j = k % rows_per_batch) and starts at batch * x_batch + j * x_row + x_shift;
// outside [0, x_length) of a batch item it reads zero. Without VIEWED rows lie x_row apart, and none of this is computed.

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
@group(0) @binding(2) var<storage, read_write> dweight: array<f32>;
@group(0) @binding(3) var<storage, read_write> dbias: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

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

fn put(i: u32, four: vec4f) {
  dweight[i] = four.x;
  dweight[i + 1u] = four.y;
  dweight[i + 2u] = four.z;
  dweight[i + 3u] = four.w;
}

// Stores four neighbours in a row, but for those past its end.
fn store(row: u32, column: u32, part: u32, sums: vec4f) {
  if (row >= params.m || column >= params.n) { return; }
  let i = part * params.dweight_pitch + row * params.n + column;
  var v = sums;
  if (params.accumulate != 0u) { v += vec4f(dweight[i], dweight[i + 1u], dweight[i + 2u], dweight[i + 3u]); }
  if (column + 4u <= params.n) {
    put(i, v);
    return;
  }
  for (var e = 0u; e < params.n - column; e++) { dweight[i + e] = v[e]; }
}

fn store_plainly(row: u32, column: u32, part: u32, sums: vec4f) {
  put(part * params.dweight_pitch + row * params.n + column, sums);
}

fn store_bias(row: u32, part: u32, sum: f32) {
  if (row >= params.m) { return; }
  let i = part * params.dbias_pitch + row;
  dbias[i] = sum + select(0.0, dbias[i], params.accumulate != 0u);
}

const FOUR = vec4u(0u, 1u, 2u, 3u);

fn dy4(at: vec4u) -> vec4f {
  return vec4f(f32(dy[at.x]), f32(dy[at.y]), f32(dy[at.z]), f32(dy[at.w]));
}

fn x4(start: vec2i, columns: vec4u) -> vec4f {
  return vec4f(load_x(start, columns.x), load_x(start, columns.y), load_x(start, columns.z), load_x(start, columns.w));
}

@compute @workgroup_size(16)
fn direct(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = id.x + id.y * groups.x * 16u;
  let across = (params.n + 7u) / 8u;
  let row = tile / across * 8u;
  let column = tile % across * 8u;
  if (row >= params.m) { return; }
  // Rows and columns past the end repeat the last one and are not stored.
  let rows0 = min(row + FOUR, vec4u(params.m - 1u));
  let rows4 = min(row + 4u + FOUR, vec4u(params.m - 1u));
  let columns0 = min(column + FOUR, vec4u(params.n - 1u));
  let columns4 = min(column + 4u + FOUR, vec4u(params.n - 1u));
  // Four 4x4 blocks; a column of a block is a row of the result, so that stores run along n.
  var c00 = mat4x4f();
  var c04 = mat4x4f();
  var c40 = mat4x4f();
  var c44 = mat4x4f();
  let begin = id.z * params.k_per_part;
  let end = min(params.k, begin + params.k_per_part);
  for (var k = begin; k < end; k++) {
    let start = x_start(k);
    let lo = x4(start, columns0);
    let hi = x4(start, columns4);
    let a = dy4(k * params.m + rows0);
    let b = dy4(k * params.m + rows4);
    c00 += mat4x4f(lo * a.x, lo * a.y, lo * a.z, lo * a.w);
    c04 += mat4x4f(hi * a.x, hi * a.y, hi * a.z, hi * a.w);
    c40 += mat4x4f(lo * b.x, lo * b.y, lo * b.z, lo * b.w);
    c44 += mat4x4f(hi * b.x, hi * b.y, hi * b.z, hi * b.w);
  }
  var c = array<mat4x4f, 4>(c00, c04, c40, c44);
  for (var i = 0u; i < 16u; i++) {
    store(row + i / 2u, column + 4u * (i % 2u), id.z, c[2u * (i / 8u) + i % 2u][i / 2u % 4u]);
  }
  // Those who hold the first columns sum dy again: cheaper than a sum that everybody carries along.
  if (params.has_bias == 0u || column != 0u) { return; }
  var sums = mat2x4f();
  for (var k = begin; k < end; k++) {
    sums += mat2x4f(dy4(k * params.m + rows0), dy4(k * params.m + rows4));
  }
  for (var i = 0u; i < 8u; i++) {
    store_bias(row + i, id.z, sums[i / 4u][i % 4u]);
  }
}
