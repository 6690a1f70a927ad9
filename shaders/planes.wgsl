// How the planes of a workgroup add up their sums, in the tiled products. Once all steps of k are done the memory that staged the
// operands has room for them. src/ops/tiles.ts puts both functions in the place of the products' own.

const LANES_K: u32 = 4u;
const LANES: u32 = 64u;
var<private> plane: u32;
var<workgroup> left: array<vec4f, 512>;
var<workgroup> right: array<vec4f, 512>;

// Keeps what a lane of this plane has of row `row` of its block of 4x4.
fn keep(lane: u32, row: u32, sums: vec4f) {
  let i = (row % 2u * LANES_K + plane) * LANES + lane;
  if (row < 2u) { left[i] = sums; } else { right[i] = sums; }
}

// What plane `by` has kept of the row whose number is that of this plane.
fn kept(lane: u32, by: u32) -> vec4f {
  let i = (plane % 2u * LANES_K + by) * LANES + lane;
  if (plane < 2u) { return left[i]; }
  return right[i];
}
