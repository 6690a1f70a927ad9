// The stores of weight-gradient-tiled.wgsl where rows of the weight are whole vectors of four: see matmul-tiled-vectors.wgsl.
// src/ops/staged-product.ts puts the first two declarations in the place of that file's; what follows only makes this one complete.

@group(0) @binding(4) var<storage, read_write> dweight: array<vec4f>;

// Stores four neighbours in a row.
fn store(row: u32, column: u32, part: u32, sums: vec4f) {
  if (row >= params.m || column >= params.n) { return; }
  let i = (part * params.dweight_pitch + row * params.n + column) / 4u;
  dweight[i] = sums + select(vec4f(), dweight[i], params.accumulate != 0u);
}

struct Params {
  m: u32,
  n: u32,
  dweight_pitch: u32,
  accumulate: u32,
}
@group(0) @binding(6) var<uniform> params: Params;
