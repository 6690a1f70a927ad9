// One minus the mean cosine between rows of a prediction and rows of a target that lie `shift` positions later.
// compare_rows: prediction, targets (batch, length, channels) -> stats (pairs, 3): cosine and both norms,
//   partials_out (partials)
// mean_loss: partials -> loss (1), record[record_index] += record_scale * loss
// row_gradient: x, other (batch, length, channels), stats -> dx (batch, length, channels), for either side
// compare_rows: LANES invocations to a pair, PAIRS pairs to a workgroup; where there is one to a pair, nothing is shared and
// each leaves a partial sum. mean_loss: one workgroup strides over the partial sums. row_gradient: one invocation per element.
//
// Pair q = b * (length - shift) + t joins row t of the prediction with row t + shift of the target. Norms below EPSILON
// count as EPSILON (F.normalize of PyTorch), and are then constants for the gradient. Without pairs all is 0.

const LANES: u32 = 16u;
const PAIRS: u32 = 16u;
/// LANES times PAIRS, of one dimension: subgroups of others are in no certain order.
const COMPARING: u32 = 256u;
const EPSILON: f32 = 1e-12;
/// How many partial sums are left for one lane to add up.
const FOLDED = 16u;

struct Params {
  batch: u32,
  length: u32,
  channels: u32,
  shift: u32,
  partials: u32,
  record_index: u32,
  record_scale: f32,
}

struct GradientParams {
  batch: u32,
  length: u32,
  channels: u32,
  shift: u32,
  // 0: x is the prediction; 1: x is the target.
  side: u32,
  weight_index: u32,
  accumulate: u32,
}

alias Activation = f32;

@group(0) @binding(0) var<storage, read> prediction: array<Activation>;
@group(0) @binding(1) var<storage, read> targets: array<Activation>;
@group(0) @binding(2) var<storage, read_write> stats_out: array<f32>;
@group(0) @binding(3) var<storage, read_write> partials_out: array<f32>;
@group(0) @binding(4) var<storage, read> partials: array<f32>;
@group(0) @binding(5) var<storage, read_write> loss: array<f32>;
@group(0) @binding(6) var<storage, read_write> record: array<f32>;
@group(0) @binding(7) var<uniform> params: Params;

@group(0) @binding(8) var<storage, read> x: array<Activation>;
@group(0) @binding(9) var<storage, read> other: array<Activation>;
@group(0) @binding(10) var<storage, read> stats: array<f32>;
@group(0) @binding(11) var<storage, read> hyper: array<f32>;
@group(0) @binding(12) var<storage, read_write> dx: array<Activation>;
@group(0) @binding(13) var<uniform> gradient: GradientParams;

/// What is the same in the whole workgroup. With subgroups, their size is added (row-sum-subgroup.wgsl).
struct Workgroup {
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
}

/// Dot product and both squared norms.
alias Sum = vec3f;

var<workgroup> partial: array<Sum, 256>;
var<workgroup> cosines: array<f32, PAIRS>;

/// The sum over the lanes of a row, for the first of them. Two steps of 16 where there are 256.
fn row_sum(group: Workgroup, local: u32, lanes: u32, value: Sum) -> Sum {
  let lane = local & (lanes - 1u);
  partial[local] = value;
  workgroupBarrier();
  if (lanes > FOLDED) {
    if (lane < FOLDED) {
      for (var i = lane + FOLDED; i < lanes; i += FOLDED) {
        partial[local] += partial[local - lane + i];
      }
    }
    workgroupBarrier();
  }
  var sum = Sum();
  for (var i = 0u; lane == 0u && i < min(lanes, FOLDED); i++) {
    sum += partial[local + i];
  }
  return sum;
}

@compute @workgroup_size(COMPARING)
fn compare_rows(@builtin(local_invocation_index) invocation: u32, group: Workgroup) {
  let block = group.id.x + group.id.y * group.count.x;
  let lane = invocation % LANES;
  let slot = invocation / LANES;
  let pair = block * PAIRS + slot;
  let per_item = params.length - params.shift;
  let exists = pair < params.batch * per_item;

  var product = Sum();
  if (exists) {
    let row = pair / per_item * params.length + pair % per_item;
    let p_start = row * params.channels;
    let t_start = (row + params.shift) * params.channels;
    for (var c = lane; c < params.channels; c += LANES) {
      let p = f32(prediction[p_start + c]);
      let t = f32(targets[t_start + c]);
      product += vec3f(p * t, p * p, t * t);
    }
  }
  product = row_sum(group, invocation, LANES, product);
  if (lane == 0u) {
    let norms = sqrt(product.yz);
    let cosine = product.x / max(norms.x, EPSILON) / max(norms.y, EPSILON);
    if (exists) {
      stats_out[3u * pair] = cosine;
      stats_out[3u * pair + 1u] = norms.x;
      stats_out[3u * pair + 2u] = norms.y;
    }
    if (LANES > 1u) {
      cosines[slot] = cosine;
    } else if (pair < params.partials) {
      partials_out[pair] = cosine;
    }
  }
  if (LANES > 1u) {
    workgroupBarrier();
    if (invocation == 0u && block < params.partials) {
      var sum = 0f;
      for (var i = 0u; i < PAIRS; i++) {
        sum += cosines[i];
      }
      partials_out[block] = sum;
    }
  }
}

@compute @workgroup_size(256)
fn mean_loss(@builtin(local_invocation_index) lane: u32, group: Workgroup) {
  var sum = 0f;
  for (var i = lane; i < params.partials; i += 256u) {
    sum += partials[i];
  }
  let total = row_sum(group, lane, 256u, Sum(sum)).x;
  if (lane == 0u) {
    let pairs = params.batch * (params.length - params.shift);
    var value = 0f;
    if (pairs > 0u) {
      value = 1f - total / f32(pairs);
    }
    loss[0] = value;
    record[params.record_index] += params.record_scale * value;
  }
}

@compute @workgroup_size(256)
fn row_gradient(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 256u;
  let row = i / gradient.channels;
  if (row >= gradient.batch * gradient.length) {
    return;
  }
  let per_item = gradient.length - gradient.shift;
  let position = row % gradient.length;
  // Row of the pair's prediction; below 0 wraps around, which is no row either.
  let t = position - gradient.side * gradient.shift;
  var value = 0f;
  if (t < per_item) {
    let pair = row / gradient.length * per_item + t;
    let other_row = row - position + t + (1u - gradient.side) * gradient.shift;
    let norm = stats[3u * pair + 1u + gradient.side];
    let other_norm = stats[3u * pair + 2u - gradient.side];
    let scale = -hyper[gradient.weight_index] / f32(gradient.batch * per_item);
    let inverse = 1f / max(norm, EPSILON);
    var along = 0f;
    if (norm >= EPSILON) {
      along = stats[3u * pair] * f32(x[i]) * inverse;
    }
    let towards = f32(other[other_row * gradient.channels + i % gradient.channels]) / max(other_norm, EPSILON);
    value = scale * inverse * (towards - along);
  }
  if (gradient.accumulate != 0u) {
    value += f32(dx[i]);
  }
  dx[i] = Activation(value);
}
