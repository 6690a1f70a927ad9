// The epilogue of matmul-tiled.wgsl where rows of the result are whole vectors of four: a quarter of the loads and stores, and
// neighbours fill whole sectors of memory with each. src/ops/staged-product.ts puts the first five declarations in the place
// of that file's; what follows only makes this one complete.

@group(0) @binding(4) var<storage, read> bias: array<vec4f>;
@group(0) @binding(5) var<storage, read> extra: array<vec4<Extra>>;
@group(0) @binding(6) var<storage, read_write> out: array<vec4<Out>>;
@group(0) @binding(7) var<storage, read_write> saved: array<vec4<Saved>>;

// The epilogue of four neighbours in a row.
fn store(row: u32, column: u32, sums: vec4f) {
  let place = c_place(row, column);
  if (row >= params.m || column >= params.n || !is_in_item(place)) { return; }
  let i = (place.x + place.y) / 4u;
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
  has_bias: u32,
  has_residual: u32,
  save: u32,
  accumulate: u32,
}
const DERIVATIVE = false;
alias Extra = f32;
alias Out = f32;
alias Saved = f32;
@group(0) @binding(8) var<uniform> params: Params;
fn c_place(row: u32, column: u32) -> vec2u { return vec2u(row * params.n, column); }
fn is_in_item(place: vec2u) -> bool { return place.y < params.n; }
fn derivative(x: vec4f) -> vec4f { return x; }
fn activate(x: vec4f) -> vec4f { return x; }
