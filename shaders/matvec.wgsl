// A linear layer of a single token: one row times a weight, with the epilogue fused.
// scalars: x (K), weight (N, K), bias (N), residual (N) -> y (N), y = activation(W x + bias) + residual
// quads: the same where K is a multiple of 4, with x_quads (K / 4), weight_quads (N, K / 4)
// A team of LANES invocations computes four outputs: it steps over k side by side, so that neighbours read neighbours, and
// the first four add up an output each. TEAMS to a workgroup.

const LANES: u32 = 16u;
const TEAMS: u32 = 4u;
// 0 none, 1 SiLU, 2 GELU (exact)
override ACTIVATION: u32 = 0u;

struct Params {
  inputs: u32,
  outputs: u32,
  has_bias: u32,
  has_residual: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read> residual: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
@group(0) @binding(5) var<storage, read> x_quads: array<vec4f>;
@group(0) @binding(6) var<storage, read> weight_quads: array<vec4f>;
@group(0) @binding(7) var<uniform> params: Params;

var<workgroup> partial: array<vec4f, LANES * TEAMS>;

// erf by the rational approximations of W. J. Cody, "Rational Chebyshev approximation for the error function" (1969).
fn erf_cody(v: f32) -> f32 {
  let y = abs(v);
  if (y <= 0.46875) {
    let z = y * y;
    let p = (((0.185777706184603153 * z + 3.16112374387056560) * z + 113.864154151050156) * z + 377.485237685302021) * z + 3209.37758913846947;
    let q = (((z + 23.6012909523441209) * z + 244.024637934444173) * z + 1282.61652607737228) * z + 2844.23683343917062;
    return v * p / q;
  }
  let t = min(y, 4.0);
  let p = (((((((2.15311535474403846e-8 * t + 0.564188496988670089) * t + 8.88314979438837594) * t + 66.1191906371416295) * t + 298.635138197400131) * t + 881.952221241769090) * t + 1712.04761263407058) * t + 2051.07837782607147) * t + 1230.33935479799725;
  let q = (((((((t + 15.7449261107098347) * t + 117.693950891312499) * t + 537.181101862009858) * t + 1621.38957456669019) * t + 3290.79923573345963) * t + 4362.61909014324716) * t + 3439.36767414372164) * t + 1230.33935480374942;
  return sign(v) * (1.0 - exp(-t * t) * p / q);
}

fn activate(v: f32) -> f32 {
  if (ACTIVATION == 1u) { return v / (1.0 + exp(-clamp(v, -80.0, 80.0))); }
  if (ACTIVATION == 2u) { return 0.5 * v * (1.0 + erf_cody(v * 0.70710678118654752)); }
  return v;
}

fn store(output: u32, sum: f32) {
  var v = sum;
  if (params.has_bias != 0u) { v += bias[output]; }
  v = activate(v);
  if (params.has_residual != 0u) { v += residual[output]; }
  y[output] = v;
}

// The rows of four outputs from `first` on; past the end the last one again, which is not stored.
fn rows_of(first: u32) -> vec4u {
  return min(first + vec4u(0u, 1u, 2u, 3u), vec4u(params.outputs - 1u));
}

// Adds up what a team has found of its four outputs.
fn finish(local: vec3u, first: u32, sums: vec4f) {
  partial[local.y * LANES + local.x] = sums;
  workgroupBarrier();
  if (local.x < 4u && first + local.x < params.outputs) {
    var sum = 0.0;
    for (var other = 0u; other < LANES; other++) {
      sum += partial[local.y * LANES + other][local.x];
    }
    store(first + local.x, sum);
  }
}

fn first_of(local: vec3u, group: vec3u, groups: vec3u) -> u32 {
  return 4u * ((group.x + group.y * groups.x) * TEAMS + local.y);
}

@compute @workgroup_size(LANES, TEAMS)
fn quads(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let first = first_of(local, group, groups);
  let count = params.inputs / 4u;
  let rows = rows_of(first) * count;
  var sums = array<vec4f, 4>();
  for (var k = local.x; k < count; k += LANES) {
    let v = x_quads[k];
    sums[0] += weight_quads[rows.x + k] * v;
    sums[1] += weight_quads[rows.y + k] * v;
    sums[2] += weight_quads[rows.z + k] * v;
    sums[3] += weight_quads[rows.w + k] * v;
  }
  let one = vec4f(1.0);
  finish(local, first, vec4f(dot(sums[0], one), dot(sums[1], one), dot(sums[2], one), dot(sums[3], one)));
}

@compute @workgroup_size(LANES, TEAMS)
fn scalars(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let first = first_of(local, group, groups);
  let rows = rows_of(first) * params.inputs;
  var sums = vec4f();
  for (var k = local.x; k < params.inputs; k += LANES) {
    let at = rows + k;
    sums += vec4f(weight[at.x], weight[at.y], weight[at.z], weight[at.w]) * x[k];
  }
  finish(local, first, sums);
}
