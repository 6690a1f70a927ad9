enable subgroups;
enable chromium_experimental_subgroup_matrix;

// matmul-tiled.wgsl by subgroup matrices: small products that the invocations of a subgroup make together, as one instruction
// where the hardware has units for it. src/ops/staged-product.ts adds these declarations to that file; `Params` and
// whatever follows it here only make this one complete.
//
// A workgroup makes 64x64 of the result in fragments of SIDE x SIDE. Its subgroups share them in BLOCKS blocks of DOWN x
// ACROSS, BLOCKS_ACROSS side by side; where subgroups are smaller than the largest there can be, the last ones have none.
// Operands are rounded to Component, sums are f32. Sums go through workgroup memory, since only there a lane knows which
// ones it has.

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

// Rows side by side, one step of k after the other.
var<workgroup> left_tile: array<Component, TILE_K * PITCH>;
var<workgroup> right_tile: array<Component, TILE_K * PITCH>;
var<workgroup> spilled: array<f32, BLOCKS * FRAGMENT>;

fn put_a(fours: u32, e: u32, quad: u32, four: vec4f) {
  let k = 4u * fours + e;
  for (var i = 0u; i < 4u; i++) { left_tile[k * PITCH + 4u * quad + i] = Component(four[i]); }
}

fn put_b(fours: u32, e: u32, quad: u32, four: vec4f) {
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
  product = group.z;
  let start = min(group.z, 1u);
  for (var segment = start; segment < start + params.segments; segment++) {
    for (var k0 = 0u; k0 < params.k; k0 += TILE_K) {
      stage(lane, corner, k0, segment);
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
  }
  for (var i = 0u; i < DOWN * ACROSS; i++) {
    if (block < BLOCKS) { spill(block, sums[i]); }
    workgroupBarrier();
    if (block < BLOCKS) {
      for (var quad = 4u * place; quad < FRAGMENT; quad += 4u * subgroup_size) {
        let at = corner + first + SIDE * vec2u(i / ACROSS, i % ACROSS) + vec2u(quad / SIDE, quad % SIDE);
        let s = block * FRAGMENT + quad;
        store(at.x, at.y, vec4f(spilled[s], spilled[s + 1u], spilled[s + 2u], spilled[s + 3u]));
      }
    }
    workgroupBarrier();
  }
}

const TILE_K: u32 = 16u;
struct Params {
  k: u32,
  segments: u32,
}
var<private> product: u32;
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> out: array<vec4f>;
fn stage(lane: u32, corner: vec2u, k0: u32, segment: u32) {
  put_a(k0, 0u, lane, vec4f(f32(segment)));
  put_b(k0, 0u, lane, vec4f(f32(corner.x)));
}
fn store(row: u32, column: u32, sums: vec4f) {
  out[row * column] = sums;
}
