// Matrix products whose rows are rows of a, over strided views, with the epilogue fused: y = x W^T and dx = dy W.
// direct: a (m, k), b (k, n) or (n, k), bias (n), extra (m, n) -> out (m, n), saved (m, n)
//
// An 8x8 tile of the result per invocation in registers, no workgroup memory (fast where barriers are slow), tiles row by
// row, so that few invocations are idle however narrow the result. matmul-tiled.wgsl does the same for GPUs.
// Row r of a view is (batch r / rows_per_batch, j = r % rows_per_batch) and starts at batch * X_batch + j * X_row.
// A strided causal convolution is such a view whose rows overlap; outside [0, X_length) of a batch item it reads zero.
// Without VIEWED rows lie one after the other, and none of this is computed. The sum over k repeats for every segment, with both operands moved on by their segment pitch.
// z selects one of several products, each by a pitch further on in b and in the result; all but the first begin with the
// second segment. What of their results lies behind the end of a batch item is not stored.

override TRANSPOSE_B: bool = true;
override VIEWED: bool = false;
// 0 none, 1 SiLU, 2 GELU (exact)
override ACTIVATION: u32 = 0u;
// 0: out = activation(sum + bias) + extra, saved = sum + bias.  1: out = sum * activation'(extra).
override DERIVATIVE: bool = false;

struct Params {
  m: u32,
  n: u32,
  k: u32,
  segments: u32,
  rows_per_batch: u32,
  a_batch: i32,
  a_row: i32,
  a_segment: i32,
  a_shift: i32,
  a_length: i32,
  b_row: i32,
  b_segment: i32,
  b_shift: i32,
  c_batch: u32,
  c_row: u32,
  c_shift: u32,
  /// From one product of a dispatch to the next, in b and in the result.
  product_pitch: u32,
  has_bias: u32,
  has_residual: u32,
  save: u32,
  accumulate: u32,
}

alias A = f32;
alias Extra = f32;
alias Out = f32;
alias Saved = f32;

@group(0) @binding(0) var<storage, read> a: array<A>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read> extra: array<Extra>;
@group(0) @binding(4) var<storage, read_write> out: array<Out>;
@group(0) @binding(5) var<storage, read_write> saved: array<Saved>;
@group(0) @binding(6) var<uniform> params: Params;

var<private> product: u32; // z of the dispatch

// Start of one row of a: x = batch item, y = place inside it. Rows past the end repeat the last one and are not stored.
fn a_start(row: u32) -> vec2i {
  let r = min(row, params.m - 1u);
  if (!VIEWED) { return vec2i(0, i32(r) * params.a_row); }
  let item = i32(r / params.rows_per_batch);
  return vec2i(item * params.a_batch, i32(r % params.rows_per_batch) * params.a_row + params.a_shift);
}

fn b_start(column: u32) -> i32 {
  let c = i32(min(column, params.n - 1u));
  return params.b_shift + i32(product * params.product_pitch) + select(c, c * params.b_row, TRANSPOSE_B);
}

fn a_starts(row: u32) -> array<vec2i, 4> {
  return array(a_start(row), a_start(row + 1u), a_start(row + 2u), a_start(row + 3u));
}

fn b_starts(column: u32) -> vec4i {
  return vec4i(b_start(column), b_start(column + 1u), b_start(column + 2u), b_start(column + 3u));
}

// What a step of k adds to the starts above: x for a, y for b.
fn step_offsets(k: u32, segment: u32) -> vec2i {
  let s = i32(segment);
  return vec2i(i32(k) + s * params.a_segment, s * params.b_segment + select(i32(k) * params.b_row, i32(k), TRANSPOSE_B));
}

fn load_a(start: vec2i, step: vec2i) -> f32 {
  let i = start.y + step.x;
  if (!VIEWED) { return f32(a[u32(start.x + i)]); }
  // A branch for each number would be dearer than a load in vain. Negative numbers are large ones here.
  return select(0.0, f32(a[u32(start.x + i)]), u32(i) < u32(params.a_length));
}

fn load_a4(starts: array<vec2i, 4>, step: vec2i) -> vec4f {
  return vec4f(load_a(starts[0], step), load_a(starts[1], step), load_a(starts[2], step), load_a(starts[3], step));
}

fn load_b4(starts: vec4i, step: vec2i) -> vec4f {
  let i = vec4u(starts + step.y);
  return vec4f(b[i.x], b[i.y], b[i.z], b[i.w]);
}

// What sums begin with: the bias of four columns, or nothing.
fn first_sums(column: u32) -> vec4f {
  if (params.has_bias == 0u) { return vec4f(); }
  let at = min(column + vec4u(0u, 1u, 2u, 3u), vec4u(params.n - 1u));
  return vec4f(bias[at.x], bias[at.y], bias[at.z], bias[at.w]);
}

// Stand-ins: src/ops/gemm.ts puts those of activations.wgsl in their place.
fn activate(x: vec4f) -> vec4f { return x; }
fn derivative(x: vec4f) -> vec4f { return x; }

// Where a number of the result goes: x = batch item, y = place inside it.
fn c_place(row: u32, column: u32) -> vec2u {
  if (!VIEWED) { return vec2u(0u, row * params.c_row + column); }
  let along = params.c_shift + product * params.product_pitch + column;
  return vec2u(row / params.rows_per_batch * params.c_batch, row % params.rows_per_batch * params.c_row + along);
}

// Whether a batch item has such a place.
fn is_in_item(place: vec2u) -> bool { return !VIEWED || place.y < params.c_batch; }

fn store_plainly(row: u32, column: u32, sums: vec4f) {
  let place = c_place(row, column);
  if (!is_in_item(place)) { return; }
  let i = place.x + place.y;
  out[i] = Out(sums.x);
  out[i + 1u] = Out(sums.y);
  out[i + 2u] = Out(sums.z);
  out[i + 3u] = Out(sums.w);
}

// Whether sums are the result as they are.
fn is_plain() -> bool {
  return !DERIVATIVE && ACTIVATION == 0u && (params.save | params.has_residual | params.accumulate) == 0u;
}

// The epilogue of four neighbours in a row. Those past its end are computed from whatever comes next, and not stored.
fn store(row: u32, column: u32, sums: vec4f) {
  let place = c_place(row, column);
  if (row >= params.m || column >= params.n || !is_in_item(place)) { return; }
  let i = place.x + place.y;
  let count = min(4u, params.n - column);
  var v = sums;
  if (DERIVATIVE) {
    v *= derivative(vec4f(f32(extra[i]), f32(extra[i + 1u]), f32(extra[i + 2u]), f32(extra[i + 3u])));
  } else {
    if (params.save != 0u) {
      saved[i] = Saved(v.x);
      if (count > 1u) { saved[i + 1u] = Saved(v.y); }
      if (count > 2u) { saved[i + 2u] = Saved(v.z); }
      if (count > 3u) { saved[i + 3u] = Saved(v.w); }
    }
    v = activate(v);
    if (params.has_residual != 0u) { v += vec4f(f32(extra[i]), f32(extra[i + 1u]), f32(extra[i + 2u]), f32(extra[i + 3u])); }
  }
  if (params.accumulate != 0u) { v += vec4f(f32(out[i]), f32(out[i + 1u]), f32(out[i + 2u]), f32(out[i + 3u])); }
  out[i] = Out(v.x);
  if (count > 1u) { out[i + 1u] = Out(v.y); }
  if (count > 2u) { out[i + 2u] = Out(v.z); }
  if (count > 3u) { out[i + 3u] = Out(v.w); }
}

@compute @workgroup_size(16)
fn direct(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = id.x + id.y * groups.x * 16u;
  let across = (params.n + 7u) / 8u;
  let row = tile / across * 8u;
  let column = tile % across * 8u;
  if (row >= params.m) { return; }
  product = id.z;
  let a0 = a_starts(row);
  let a4 = a_starts(row + 4u);
  let b0 = b_starts(column);
  let b4 = b_starts(column + 4u);
  // Four 4x4 blocks; a column of a block is a row of the result, so that stores run along n.
  let lo_bias = first_sums(column);
  let hi_bias = first_sums(column + 4u);
  var c00 = mat4x4f(lo_bias, lo_bias, lo_bias, lo_bias);
  var c04 = mat4x4f(hi_bias, hi_bias, hi_bias, hi_bias);
  var c40 = c00;
  var c44 = c04;
  let first = min(product, 1u);
  for (var segment = first; segment < first + params.segments; segment++) {
    for (var k = 0u; k < params.k; k++) {
      let at = step_offsets(k, segment);
      let lo = load_b4(b0, at);
      let hi = load_b4(b4, at);
      let x = load_a4(a0, at);
      let y = load_a4(a4, at);
      c00 += mat4x4f(lo * x.x, lo * x.y, lo * x.z, lo * x.w);
      c04 += mat4x4f(hi * x.x, hi * x.y, hi * x.z, hi * x.w);
      c40 += mat4x4f(lo * y.x, lo * y.y, lo * y.z, lo * y.w);
      c44 += mat4x4f(hi * y.x, hi * y.y, hi * y.z, hi * y.w);
    }
  }
  var c = array<mat4x4f, 4>(c00, c04, c40, c44);
  for (var i = 0u; i < 16u; i++) {
    store(row + i / 2u, column + 4u * (i % 2u), c[2u * (i / 8u) + i % 2u][i / 2u % 4u]);
  }
}
