enable subgroups;

// weight-gradient.wgsl where subgroups are there and loads are dear, as matmul-quad.wgsl is matmul.wgsl there: see that one.
// src/ops/unstaged-product.ts adds by_quads to that file; what follows it here only makes this one complete.

@compute @workgroup_size(16)
fn by_quads(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let tile = (group.x + group.y * groups.x) * 4u + local / 4u;
  let lane = local % 4u;
  let across = (params.n + 15u) / 16u;
  let row = tile / across * 16u;
  let column = tile % across * 16u + lane * 4u;
  // Rows and columns past the end repeat the last one and are not stored.
  let loaded = min(row + lane * 4u + FOUR, vec4u(params.m - 1u));
  let columns = min(column + FOUR, vec4u(params.n - 1u));
  // Blocks of four rows, a column each: those that the invocation loads, and those that its neighbours do.
  var own = mat4x4f();
  var beside = mat4x4f();
  var below = mat4x4f();
  var opposite = mat4x4f();
  var sums = vec4f();
  let begin = group.z * params.k_per_part;
  let end = min(params.k, begin + params.k_per_part);
  for (var k = begin; k < end; k += 4u) {
    // Steps past the end repeat the last one, times zero.
    let steps = min(k + FOUR, vec4u(end - 1u));
    let more = vec3f(k + vec3u(1u, 2u, 3u) < vec3u(end));
    let y = mat4x4f(x4(x_start(steps.x), columns), x4(x_start(steps.y), columns), x4(x_start(steps.z), columns), x4(x_start(steps.w), columns));
    let at = steps * params.m;
    let slopes = mat4x4f(dy4(at.x + loaded), dy4(at.y + loaded) * more.x, dy4(at.z + loaded) * more.y, dy4(at.w + loaded) * more.z);
    sums += slopes[0] + slopes[1] + slopes[2] + slopes[3];
    let x = transpose(slopes);
    own += y * x;
    beside += y * swap_x(x);
    below += y * swap_y(x);
    opposite += y * swap_diagonal(x);
  }
  let rows = row + (vec4u(lane) ^ FOUR) * 4u;
  if (params.accumulate == 0u && row + 16u <= params.m && column + 4u <= params.n) {
    // Without the array, whose elements a CPU looks up one by one.
    store_block(rows.x, column, group.z, own);
    store_block(rows.y, column, group.z, beside);
    store_block(rows.z, column, group.z, below);
    store_block(rows.w, column, group.z, opposite);
  } else {
    var blocks = array<mat4x4f, 4>(own, beside, below, opposite);
    for (var i = 0u; i < 16u; i++) { store(rows[i / 4u] + i % 4u, column, group.z, blocks[i / 4u][i % 4u]); }
  }
  if (params.has_bias == 0u || tile % across != 0u) { return; }
  for (var i = 0u; i < 4u; i++) { store_bias(row + lane * 4u + i, group.z, sums[i]); }
}

fn store_block(row: u32, column: u32, part: u32, block: mat4x4f) {
  store_plainly(row, column, part, block[0]);
  store_plainly(row + 1u, column, part, block[1]);
  store_plainly(row + 2u, column, part, block[2]);
  store_plainly(row + 3u, column, part, block[3]);
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
  k_per_part: u32,
  has_bias: u32,
  accumulate: u32,
}
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> dweight: array<vec4f>;
@group(0) @binding(3) var<uniform> params: Params;
const FOUR = vec4u(0u, 1u, 2u, 3u);
fn x_start(k: u32) -> vec2i {
  return vec2i(i32(k));
}
fn x4(start: vec2i, columns: vec4u) -> vec4f {
  return vec4f(x[u32(start.x) + columns.x]);
}
fn dy4(at: vec4u) -> vec4f {
  return vec4f(dy[at.x]);
}
fn store(row: u32, column: u32, part: u32, sums: vec4f) {
  dweight[row + column + part] = sums;
}
fn store_plainly(row: u32, column: u32, part: u32, sums: vec4f) {
  dweight[row + column + part] = sums;
}
fn store_bias(row: u32, part: u32, sum: f32) {
  dweight[row + part].x = sum;
}
