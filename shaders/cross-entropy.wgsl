// Softmax cross entropy of rows of logits against targets that lie in ids; the gradient goes over the logits.
// count_targets: ids (batch, pitch) -> counts_out (counters): how many rows have a target that counts, in parts
// softmax_rows: logits (rows, classes), ids, counts -> row_losses (rows), partials_out (partials), logits if wanted
// mean_loss: partials, counts -> loss (1), record[record_index] += record_scale * loss
// count_targets, mean_loss: 256 invocations of a workgroup stride over positions or partial sums. softmax_rows: LANES
// invocations to a row, so that 256 / LANES rows share three barriers; each lane alone reads and writes its classes.
//
// Row r = (b * length + j) * slots + k has its target at position j * stride + k + offset of ids[b]. It counts when it
// lies in [0, input_length), is not ignore_index and is a class at all. Without such a row loss and gradient are 0.

override LANES: u32 = 16;

struct Params {
  rows: u32,
  classes: u32,
  length: u32,
  slots: u32,
  stride: u32,
  offset: i32,
  batch: u32,
  pitch: u32,
  input_length: u32,
  ignore_index: u32,
  counters: u32,
  partials: u32,
  weight_index: u32,
  write_gradient: u32,
  record_index: u32,
  record_scale: f32,
}

@group(0) @binding(0) var<storage, read_write> logits: array<f32>;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> hyper: array<f32>;
@group(0) @binding(3) var<storage, read_write> counts_out: array<u32>;
@group(0) @binding(4) var<storage, read> counts: array<u32>;
@group(0) @binding(5) var<storage, read_write> row_losses: array<f32>;
@group(0) @binding(6) var<storage, read_write> partials_out: array<f32>;
@group(0) @binding(7) var<storage, read> partials: array<f32>;
@group(0) @binding(8) var<storage, read_write> loss: array<f32>;
@group(0) @binding(9) var<storage, read_write> record: array<f32>;
@group(0) @binding(10) var<uniform> params: Params;

var<workgroup> group_count: atomic<u32>;
var<workgroup> lane_maxima: array<f32, 256>;
var<workgroup> lane_sums: array<f32, 256>;
var<workgroup> losses: array<f32, 256>;

fn counts_as_target(id: u32) -> bool {
  return id != params.ignore_index && id < params.classes;
}

// How many rows (j, k) of one batch item have position p as their target.
fn rows_of_position(p: u32) -> u32 {
  let reach = i32(p) - params.offset;
  if (reach < 0) {
    return 0u;
  }
  let stride = i32(params.stride);
  let first = (max(reach - i32(params.slots) + 1, 0) + stride - 1) / stride;
  let last = min(reach / stride, i32(params.length) - 1);
  return u32(max(last - first + 1, 0));
}

@compute @workgroup_size(256)
fn count_targets(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u) {
  var sum = 0u;
  for (var i = group.x * 256u + lane; i < params.batch * params.input_length; i += params.counters * 256u) {
    let p = i % params.input_length;
    if (counts_as_target(ids[i / params.input_length * params.pitch + p])) {
      sum += rows_of_position(p);
    }
  }
  // Whole numbers add up to the same in any order.
  atomicAdd(&group_count, sum);
  workgroupBarrier();
  if (lane == 0u) {
    counts_out[group.x] = atomicLoad(&group_count);
  }
}

fn total_count() -> f32 {
  var sum = 0u;
  for (var i = 0u; i < params.counters; i++) {
    sum += counts[i];
  }
  return f32(sum);
}

// The class that a row shall predict, or `classes` when the row does not count.
fn target_of(row: u32) -> u32 {
  if (row >= params.rows) {
    return params.classes;
  }
  let item = row / params.slots;
  let j = item % params.length;
  let position = i32(j * params.stride + row % params.slots) + params.offset;
  if (position < 0 || position >= i32(params.input_length)) {
    return params.classes;
  }
  let id = ids[item / params.length * params.pitch + u32(position)];
  return select(params.classes, id, counts_as_target(id));
}

@compute @workgroup_size(256)
fn softmax_rows(
  @builtin(local_invocation_index) invocation: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let block = group.x + group.y * groups.x;
  let lane = invocation % LANES;
  let local_row = invocation / LANES;
  let first_lane = local_row * LANES;
  let row = block * (256u / LANES) + local_row;
  let start = row * params.classes;
  let goal = target_of(row);
  let counted = goal < params.classes;
  let read_end = select(0u, params.classes, counted);

  var highest = -3.4028234e38f;
  var goal_logit = 0f;
  for (var c = lane; c < read_end; c += LANES) {
    let x = logits[start + c];
    highest = max(highest, x);
    goal_logit = select(goal_logit, x, c == goal);
  }
  lane_maxima[invocation] = highest;
  workgroupBarrier();
  for (var i = 0u; i < LANES; i++) {
    highest = max(highest, lane_maxima[first_lane + i]);
  }

  var lane_sum = 0f;
  for (var c = lane; c < read_end; c += LANES) {
    lane_sum += exp(logits[start + c] - highest);
  }
  lane_sums[invocation] = lane_sum;
  workgroupBarrier();
  var sum = 0f;
  for (var i = 0u; i < LANES; i++) {
    sum += lane_sums[first_lane + i];
  }

  // The lane that has seen the target's logit speaks for the row.
  if (lane == select(0u, goal % LANES, counted)) {
    var row_loss = 0f;
    if (counted) {
      row_loss = log(sum) + (highest - goal_logit);
    }
    losses[local_row] = row_loss;
    if (row < params.rows) {
      row_losses[row] = row_loss;
    }
  }
  if (params.write_gradient != 0u && row < params.rows) {
    var scale = 0f;
    if (counted) {
      scale = hyper[params.weight_index] / total_count();
    }
    for (var c = lane; c < params.classes; c += LANES) {
      var gradient = 0f;
      if (counted) {
        gradient = (exp(logits[start + c] - highest) / sum - select(0f, 1f, c == goal)) * scale;
      }
      logits[start + c] = gradient;
    }
  }
  workgroupBarrier();
  if (invocation == 0u && block < params.partials) {
    var partial = 0f;
    for (var i = 0u; i < 256u / LANES; i++) {
      partial += losses[i];
    }
    partials_out[block] = partial;
  }
}

@compute @workgroup_size(256)
fn mean_loss(@builtin(local_invocation_index) lane: u32) {
  var sum = 0f;
  for (var i = lane; i < params.partials; i += 256u) {
    sum += partials[i];
  }
  lane_sums[lane] = sum;
  workgroupBarrier();
  if (lane < 16u) {
    var strided = 0f;
    for (var i = lane; i < 256u; i += 16u) {
      strided += lane_sums[i];
    }
    losses[lane] = strided;
  }
  workgroupBarrier();
  if (lane == 0u) {
    var total = 0f;
    for (var i = 0u; i < 16u; i++) {
      total += losses[i];
    }
    // At least 1, so that nothing counted gives 0 and not 0 / 0.
    let value = total / max(total_count(), 1f);
    loss[0] = value;
    record[params.record_index] += params.record_scale * value;
  }
}
