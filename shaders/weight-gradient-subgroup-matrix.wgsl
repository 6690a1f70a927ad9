enable subgroups;
enable chromium_experimental_subgroup_matrix;

// weight-gradient-tiled.wgsl by subgroup matrices, as matmul-subgroup-matrix.wgsl is matmul-tiled.wgsl by them: see there for
// blocks and fragments. Sums of dy's rows, a bias gradient, stay with the invocations that stage them, and f32.

const INVOCATIONS: u32 = 128u;
const SIDE: u32 = 8u;
const DOWN: u32 = 4u;
const ACROSS: u32 = 4u;
const BLOCKS_ACROSS: u32 = 2u;
const BLOCKS: u32 = 4u;
const FRAGMENT: u32 = SIDE * SIDE;
const PITCH: u32 = 64u;

alias Component = f32;
alias Left = subgroup_matrix_left<Component, SIDE, SIDE>;
alias Right = subgroup_matrix_right<Component, SIDE, SIDE>;
alias Fragment = subgroup_matrix_result<f32, SIDE, SIDE>;

var<workgroup> left_tile: array<Component, TILE_K * PITCH>;
var<workgroup> right_tile: array<Component, TILE_K * PITCH>;
var<workgroup> spilled: array<f32, BLOCKS * FRAGMENT>;
// What each invocation has of the bias gradient of four outputs.
var<workgroup> bias_sums: array<vec4f, INVOCATIONS>;

fn put_dy(fours: u32, e: u32, quad: u32, four: vec4f) {
  let k = 4u * fours + e;
  for (var i = 0u; i < 4u; i++) { left_tile[k * PITCH + 4u * quad + i] = Component(four[i]); }
}

fn put_x(fours: u32, e: u32, quad: u32, four: vec4f) {
  let k = 4u * fours + e;
  for (var i = 0u; i < 4u; i++) { right_tile[k * PITCH + 4u * quad + i] = Component(four[i]); }
}

fn load_left(k: u32, row: u32) -> Left {
  return subgroupMatrixLoad<Left, col_major>(&left_tile, k * PITCH + row, PITCH);
}

fn load_right(k: u32, column: u32) -> Right {
  return subgroupMatrixLoad<Right, row_major>(&right_tile, k * PITCH + column, PITCH);
}

fn multiply_add(left: Left, right: Right, sum: Fragment) -> Fragment {
  return subgroupMatrixMultiplyAccumulate(left, right, sum);
}

fn spill(block: u32, fragment: Fragment) {
  subgroupMatrixStore<row_major>(&spilled, block * FRAGMENT, fragment, SIDE);
}

@compute @workgroup_size(INVOCATIONS)
fn by_matrices(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_id) block: u32,
  @builtin(subgroup_invocation_id) place: u32,
  @builtin(subgroup_size) subgroup_size: u32,
) {
  let corner = PITCH * group.yx;
  let first = SIDE * vec2u(DOWN * (block / BLOCKS_ACROSS), ACROSS * (block % BLOCKS_ACROSS));
  var sums: array<Fragment, DOWN * ACROSS>;
  var row_sums = vec4f();
  let end = min(params.k, (group.z + 1u) * params.k_per_part);
  for (var k0 = group.z * params.k_per_part; k0 < end; k0 += TILE_K) {
    row_sums += stage(lane, corner, k0, end);
    workgroupBarrier();
    if (block < BLOCKS) {
      for (var k = 0u; k < TILE_K; k += SIDE) {
        var left: array<Left, DOWN>;
        for (var i = 0u; i < DOWN; i++) { left[i] = load_left(k, first.x + i * SIDE); }
        for (var j = 0u; j < ACROSS; j++) {
          let right = load_right(k, first.y + j * SIDE);
          for (var i = 0u; i < DOWN; i++) { sums[i * ACROSS + j] = multiply_add(left[i], right, sums[i * ACROSS + j]); }
        }
      }
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < DOWN * ACROSS; i++) {
    if (block < BLOCKS) { spill(block, sums[i]); }
    workgroupBarrier();
    if (block < BLOCKS) {
      for (var quad = 4u * place; quad < FRAGMENT; quad += 4u * subgroup_size) {
        let at = corner + first + SIDE * vec2u(i / ACROSS, i % ACROSS) + vec2u(quad / SIDE, quad % SIDE);
        let s = block * FRAGMENT + quad;
        store(at.x, at.y, group.z, vec4f(spilled[s], spilled[s + 1u], spilled[s + 2u], spilled[s + 3u]));
      }
    }
    workgroupBarrier();
  }
  if (params.has_bias == 0u || corner.y != 0u) { return; }
  bias_sums[lane] = row_sums;
  workgroupBarrier();
  if (lane >= QUADS_M) { return; }
  var sum = vec4f();
  for (var i = lane; i < INVOCATIONS; i += QUADS_M) { sum += bias_sums[i]; }
  for (var e = 0u; e < 4u; e++) { store_bias(corner.x + 4u * lane + e, group.z, sum[e]); }
}

const QUADS_M: u32 = 16u;
const TILE_K: u32 = 16u;
struct Params {
  k: u32,
  k_per_part: u32,
  has_bias: u32,
}
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> dweight: array<vec4f>;
fn stage(lane: u32, corner: vec2u, k0: u32, end: u32) -> vec4f {
  put_dy(k0, 0u, lane, vec4f(f32(end)));
  put_x(k0, 0u, lane, vec4f(f32(corner.x)));
  return vec4f();
}
fn store(row: u32, column: u32, part: u32, sums: vec4f) {
  dweight[row * column + part] = sums;
}
fn store_bias(row: u32, part: u32, sum: f32) {
  dweight[row * part].x = sum;
}
