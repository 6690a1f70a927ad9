// The epilogue of matmul-tiled.wgsl where rows of the result are whole vectors of four: a quarter of the loads and stores, and
// neighbours fill whole sectors of memory with each. src/ops/staged-product.ts puts the first five declarations in the place
// of that file's; what follows only makes this one complete.

@group(0) @binding(4) var<storage, read> bias: array<vec4f>;
@group(0) @binding(5) var<storage, read> extra: array<vec4<Extra>>;
@group(0) @binding(6) var<storage, read_write> out: array<vec4<Out>>;
@group(0) @binding(7) var<storage, read_write> saved: array<vec4<Saved>>;

// The epilogue of four neighbours in a row.
fn store(row: u32, column: u32, sums: vec4f) {
  if (row >= params.m || column >= params.n) { return; }
  var i = row * params.c_row + column;
  if (VIEWED) {
    let item = row / params.rows_per_batch;
    i = item * params.c_batch + (row % params.rows_per_batch) * params.c_row + params.c_shift + column;
  }
  i /= 4u;
  var v = sums;
  if (DERIVATIVE) {
    v *= derivative(vec4f(extra[i]));
  } else {
    if (params.has_bias != 0u) { v += bias[column / 4u]; }
    if (params.save != 0u) { saved[i] = vec4<Saved>(v); }
    v = activate(v);
    if (params.has_residual != 0u) { v += vec4f(extra[i]); }
  }
  if (params.accumulate != 0u) { v += vec4f(out[i]); }
  out[i] = vec4<Out>(v);
}

struct Params {
  m: u32,
  n: u32,
  rows_per_batch: u32,
  c_batch: u32,
  c_row: u32,
  c_shift: u32,
  has_bias: u32,
  has_residual: u32,
  save: u32,
  accumulate: u32,
}
const VIEWED = false;
const DERIVATIVE = false;
alias Extra = f32;
alias Out = f32;
alias Saved = f32;
@group(0) @binding(8) var<uniform> params: Params;
fn derivative(x: vec4f) -> vec4f { return x; }
fn activate(x: vec4f) -> vec4f { return x; }
