// How the planes of a workgroup add up their sums, in the tiled products. Once all steps of k are done the memory that staged the
// operands has room for them. src/ops/tiles.ts puts both functions in the place of the products' own.

const LANES_N: u32 = 8u;
var<private> plane: u32;
var<workgroup> left: array<array<array<array<array<vec4f, 8>, 1>, 4>, 4>, 4>;
var<workgroup> right: array<array<array<array<array<vec4f, 8>, 1>, 4>, 4>, 4>;

// Keeps what a lane of this plane has of row `row` of its block of 4x4.
fn keep(lane: u32, row: u32, sums: vec4f) {
  let k = row % 2u * 8u + lane / LANES_N;
  if (row < 2u) { left[plane][k / 4u][k % 4u][0][lane % LANES_N] = sums; } else { right[plane][k / 4u][k % 4u][0][lane % LANES_N] = sums; }
}

// What plane `by` has kept of the row whose number is that of this plane.
fn kept(lane: u32, by: u32) -> vec4f {
  let k = plane % 2u * 8u + lane / LANES_N;
  if (plane < 2u) { return left[by][k / 4u][k % 4u][0][lane % LANES_N]; }
  return right[by][k / 4u][k % 4u][0][lane % LANES_N];
}
