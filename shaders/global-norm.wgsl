// The global norm of all gradients, and everything an update must know before it touches a weight.
// sum_squares: gradients (4 * count) -> partials_out[first_partial ..][: groups]
// begin_update: partials (partials), hyper, record -> factors (5), state, record: norm and flag
// sum_squares: each invocation strides over vectors of four, a workgroup leaves one partial sum, always added in the
// same order. begin_update: one workgroup.
//
// state[0] counts the updates that were made. state[1] is set when the norm or a loss is not finite, and stays so until
// the host clears it; while it is set, factors[0] is 0 and nothing else of the state changes.
// SCALED: gradients are those of the losses times 2^state[2]. A norm that is not finite then halves the factor and leaves
// out this one update, unless the factor is 1 already; after GROWTH good updates in a row, counted in state[3], it doubles.
// Micikevicius et al., Mixed Precision Training, 2018.
// Bias corrections: Kingma and Ba, Adam, 2015. Clip factor: clip_grad_norm_ of PyTorch.

override SCALED: bool = false;
override GROWTH: u32 = 1000;
const HIGHEST_SCALE = 24u;

struct SumParams {
  count: u32,
  first_partial: u32,
  groups: u32,
}

struct Params {
  partials: u32,
  learning_rate_index: u32,
  clip_index: u32,
  weight_decay_index: u32,
  first_loss: u32,
  losses: u32,
  norm_index: u32,
  flag_index: u32,
  // Natural logarithms of beta1 and beta2.
  log_beta1: f32,
  log_beta2: f32,
}

@group(0) @binding(0) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> partials_out: array<f32>;
@group(0) @binding(2) var<uniform> sum_params: SumParams;

@group(0) @binding(3) var<storage, read> partials: array<f32>;
@group(0) @binding(4) var<storage, read> hyper: array<f32>;
@group(0) @binding(5) var<storage, read_write> state: array<u32>;
@group(0) @binding(6) var<storage, read_write> record: array<f32>;
@group(0) @binding(7) var<storage, read_write> factors: array<f32>;
@group(0) @binding(8) var<uniform> params: Params;

/// What is the same in the whole workgroup. With subgroups, their size is added (row-sum-subgroup.wgsl).
struct Workgroup {
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
}

alias Sum = f32;

var<workgroup> partial: array<Sum, 256>;
var<workgroup> strided_sums: array<f32, 16>;

// Sum of all 256 invocations' values, for invocation 0. Two steps of 16 take two barriers, a tree of halves eight.
fn row_sum(group: Workgroup, local: u32, lanes: u32, value: Sum) -> Sum {
  partial[local] = value;
  workgroupBarrier();
  if (local < 16u) {
    var sum = 0f;
    for (var i = local; i < lanes; i += 16u) {
      sum += partial[i];
    }
    strided_sums[local] = sum;
  }
  workgroupBarrier();
  var total = 0f;
  if (local == 0u) {
    for (var i = 0u; i < 16u; i++) {
      total += strided_sums[i];
    }
  }
  return total;
}

@compute @workgroup_size(256)
fn sum_squares(@builtin(local_invocation_index) lane: u32, group: Workgroup) {
  var squares = vec4f();
  for (var i = group.id.x * 256u + lane; i < sum_params.count; i += sum_params.groups * 256u) {
    let g = gradients[i];
    squares += g * g;
  }
  let sum = row_sum(group, lane, 256u, (squares.x + squares.y) + (squares.z + squares.w));
  if (lane == 0u) {
    partials_out[sum_params.first_partial + group.id.x] = sum;
  }
}

/// By the bits, and only of what has just been loaded: a compiler may assume that arithmetic makes neither infinities nor NaNs,
/// and then takes a test of its result for true, be it one of bits. Less, since it knows "not equal" for such a test.
fn is_finite(loaded: f32) -> bool {
  return (bitcast<u32>(loaded) & 0x7fffffffu) < 0x7f800000u;
}

// 1 - exp(x) for x <= 0 without the cancellation near 0.
fn one_minus_exp(x: f32) -> f32 {
  if (x < -0.5f) {
    return 1f - exp(max(x, -80f));
  }
  // Taylor's series up to x^9, nested; what is left out is below 2^-31 of the result.
  var series = 1f;
  for (var n = 9f; n > 1f; n -= 1f) {
    series = 1f + series * x / n;
  }
  return -x * series;
}

@compute @workgroup_size(256)
fn begin_update(@builtin(local_invocation_index) lane: u32, group: Workgroup) {
  var sum = 0f;
  var broken = 0u;
  for (var i = lane; i < params.partials; i += 256u) {
    sum += partials[i];
    broken += u32(!is_finite(partials[i]));
  }
  let squares = row_sum(group, lane, 256u, sum);
  workgroupBarrier();
  let broken_parts = row_sum(group, lane, 256u, f32(broken));
  if (lane != 0u) {
    return;
  }

  let log_scale = select(0u, state[2], SCALED);
  // 2^-log_scale.
  let unscale = bitcast<f32>((127u - log_scale) << 23u);
  let norm = sqrt(squares) * unscale;
  var losses_finite = true;
  for (var i = 0u; i < params.losses; i++) {
    losses_finite = losses_finite && is_finite(record[params.first_loss + i]);
  }
  // Finite parts may have a sum that is not. Compared with less than the largest number, or a compiler would know the answer.
  let too_large = broken_parts > 0f || squares > 3.4e38f;
  if (!losses_finite || (too_large && log_scale == 0u)) {
    state[1] = 1u;
  }
  let stopped = state[1] != 0u;
  record[params.norm_index] = norm;
  record[params.flag_index] = select(0f, 1f, stopped);
  factors[0] = select(1f, 0f, stopped || too_large);
  if (stopped) {
    return;
  }
  if (too_large) {
    state[2] = log_scale - 1u;
    state[3] = 0u;
    return;
  }
  if (SCALED) {
    let grows = state[3] + 1u == GROWTH;
    state[2] = min(log_scale + u32(grows), HIGHEST_SCALE);
    state[3] = select(state[3] + 1u, 0u, grows);
  }

  let updates = state[0] + 1u;
  state[0] = updates;
  let clip = hyper[params.clip_index];
  let learning_rate = hyper[params.learning_rate_index];
  factors[1] = select(1f, min(1f, clip / (norm + 1e-6f)), clip > 0f) * unscale;
  factors[2] = learning_rate / one_minus_exp(f32(updates) * params.log_beta1);
  factors[3] = sqrt(one_minus_exp(f32(updates) * params.log_beta2));
  factors[4] = learning_rate * hyper[params.weight_decay_index];
}
