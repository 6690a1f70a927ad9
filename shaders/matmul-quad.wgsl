enable subgroups;

// The matrix products of matmul.wgsl where subgroups are there and loads are dear, as on a CPU. src/ops/unstaged-product.ts adds
// by_quads to that file; what follows it here only makes this one complete.
//
// A quad, four neighbours of a subgroup, makes 16x16 of the result: each invocation four columns, and all of them need the same
// rows of a. So each loads four of those and the others get them by swaps: for four steps of k 32 loads for 256 multiply-adds
// instead of 64. Swaps are one instruction on a CPU; a broadcast of one number is ten. So in which rows the sums of an invocation
// begin depends on its place in the quad. Four steps at a time, so that sums are kept aside a quarter as often.

@compute @workgroup_size(16)
fn by_quads(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let tile = (group.x + group.y * groups.x) * 4u + local / 4u;
  let lane = local % 4u;
  let across = (params.n + 15u) / 16u;
  let row = tile / across * 16u;
  let column = tile % across * 16u + lane * 4u;
  let starts = a_starts(row + lane * 4u);
  let columns = b_starts(column);
  let first = first_sums(column);
  // Blocks of four rows, a column each: those that the invocation loads, and those that its neighbours do.
  var own = mat4x4f(first, first, first, first);
  var beside = own;
  var below = own;
  var opposite = own;
  let last = params.k - 1u;
  for (var segment = 0u; segment < params.segments; segment++) {
    for (var k = 0u; k <= last; k += 4u) {
      let s0 = step_offsets(k, segment);
      let s1 = step_offsets(min(k + 1u, last), segment);
      let s2 = step_offsets(min(k + 2u, last), segment);
      let s3 = step_offsets(min(k + 3u, last), segment);
      // Steps past the end repeat the last one, times zero.
      let more = vec3f(k + vec3u(1u, 2u, 3u) <= vec3u(last));
      let y = mat4x4f(load_b4(columns, s0), load_b4(columns, s1) * more.x, load_b4(columns, s2) * more.y, load_b4(columns, s3) * more.z);
      let x = transpose(mat4x4f(load_a4(starts, s0), load_a4(starts, s1), load_a4(starts, s2), load_a4(starts, s3)));
      own += y * x;
      beside += y * swap_x(x);
      below += y * swap_y(x);
      opposite += y * swap_diagonal(x);
    }
  }
  let rows = row + (vec4u(lane) ^ vec4u(0u, 1u, 2u, 3u)) * 4u;
  // Without the array, whose elements a CPU looks up one by one.
  if (is_plain() && row + 16u <= params.m && column + 4u <= params.n) {
    store_block(rows.x, column, own);
    store_block(rows.y, column, beside);
    store_block(rows.z, column, below);
    store_block(rows.w, column, opposite);
    return;
  }
  var blocks = array<mat4x4f, 4>(own, beside, below, opposite);
  for (var i = 0u; i < 16u; i++) { store(rows[i / 4u] + i % 4u, column, blocks[i / 4u][i % 4u]); }
}

fn store_block(row: u32, column: u32, block: mat4x4f) {
  store_plainly(row, column, block[0]);
  store_plainly(row + 1u, column, block[1]);
  store_plainly(row + 2u, column, block[2]);
  store_plainly(row + 3u, column, block[3]);
}

fn swap_x(m: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapX(m[0]), quadSwapX(m[1]), quadSwapX(m[2]), quadSwapX(m[3]));
}

fn swap_y(m: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapY(m[0]), quadSwapY(m[1]), quadSwapY(m[2]), quadSwapY(m[3]));
}

fn swap_diagonal(m: mat4x4f) -> mat4x4f {
  return mat4x4f(quadSwapDiagonal(m[0]), quadSwapDiagonal(m[1]), quadSwapDiagonal(m[2]), quadSwapDiagonal(m[3]));
}

struct Params {
  m: u32,
  n: u32,
  k: u32,
  segments: u32,
}
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;
@group(0) @binding(3) var<uniform> params: Params;
fn a_starts(row: u32) -> array<vec2i, 4> {
  return array(vec2i(i32(row)), vec2i(), vec2i(), vec2i());
}
fn b_starts(column: u32) -> vec4i {
  return vec4i(i32(column));
}
fn first_sums(column: u32) -> vec4f {
  return vec4f(b[column]);
}
fn step_offsets(k: u32, segment: u32) -> vec2i {
  return vec2i(vec2u(k, segment));
}
fn load_a4(starts: array<vec2i, 4>, step: vec2i) -> vec4f {
  return vec4f(a[starts[0].x + step.x]);
}
fn load_b4(starts: vec4i, step: vec2i) -> vec4f {
  return vec4f(b[starts.x + step.y]);
}
fn is_plain() -> bool {
  return params.n == 0u;
}
fn store_plainly(row: u32, column: u32, sums: vec4f) {
  out[row + column] = sums;
}
fn store(row: u32, column: u32, sums: vec4f) {
  out[row + column] = sums;
}
