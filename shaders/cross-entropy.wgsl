// Softmax cross entropy of rows of logits against targets that lie in ids; the gradient goes over the logits.
// count_targets: ids (batch, pitch) -> counts_out (counters): how many rows have a target that counts, in parts
// softmax_rows: logits (rows, classes), ids, counts -> row_losses (rows), partials_out (partials), logits if wanted
// mean_loss: partials, counts -> loss (1), record[record_index] += record_scale * loss
// count_targets, mean_loss: 256 invocations of a workgroup stride over positions or partial sums. softmax_rows: LANES
// invocations to a row and 16 rows to a workgroup of 16 * LANES; each lane alone reads and writes its classes, which are
// LANES apart, four at a time.
//
// Row r = (b * length + j) * slots + k has its target at position j * stride + k + offset of ids[b]. It counts when it
// lies in [0, input_length), is not ignore_index and is a class at all. Without such a row loss and gradient are 0.

override LANES: u32 = 16;
override WORKGROUP: u32 = 256;

/// How many partial sums are left for one lane to add up.
const FOLDED = 16u;

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

/// What is the same in the whole workgroup. With subgroups, their size is added (row-sum-subgroup.wgsl).
struct Workgroup {
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
}

alias Sum = f32;

var<workgroup> lane_counts: array<u32, 256>;
var<workgroup> partial_maxima: array<f32, 256>;
var<workgroup> partial: array<Sum, 256>;
var<workgroup> losses: array<f32, 16>;

/// The greatest value of the lanes of a row, at most 16, for each of them.
fn row_max(group: Workgroup, local: u32, lanes: u32, value: f32) -> f32 {
  partial_maxima[local] = value;
  workgroupBarrier();
  let first = local - (local & (lanes - 1u));
  var highest = value;
  for (var i = first; i < first + lanes; i++) {
    highest = max(highest, partial_maxima[i]);
  }
  return highest;
}

/// The sum over the lanes of a row, for each of them. Two steps of 16 where there are 256.
fn row_sum(group: Workgroup, local: u32, lanes: u32, value: Sum) -> Sum {
  let lane = local & (lanes - 1u);
  let first = local - lane;
  partial[local] = value;
  workgroupBarrier();
  if (lanes > FOLDED) {
    if (lane < FOLDED) {
      for (var other = lane + FOLDED; other < lanes; other += FOLDED) {
        partial[local] += partial[first + other];
      }
    }
    workgroupBarrier();
  }
  var sum = Sum();
  for (var other = 0u; other < min(lanes, FOLDED); other++) {
    sum += partial[first + other];
  }
  return sum;
}

fn counts_as_target(id: u32) -> bool {
  return id != params.ignore_index && id < params.classes;
}

// How many rows (j, k) of one batch item have position p as their target.
fn rows_of_position(p: u32) -> u32 {
  let reach = i32(p) - params.offset;
  if (reach < 0) { return 0u; }
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
  // Not by an atomic sum: a driver for Mali leaves one in workgroup memory with what a single invocation has added.
  lane_counts[lane] = sum;
  workgroupBarrier();
  if (lane < FOLDED) {
    for (var other = lane + FOLDED; other < 256u; other += FOLDED) { sum += lane_counts[other]; }
    lane_counts[lane] = sum;
  }
  workgroupBarrier();
  if (lane == 0u) {
    for (var other = 1u; other < FOLDED; other++) { sum += lane_counts[other]; }
    counts_out[group.x] = sum;
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
  if (row >= params.rows) { return params.classes; }
  let item = row / params.slots;
  let j = item % params.length;
  let position = i32(j * params.stride + row % params.slots) + params.offset;
  if (position < 0 || position >= i32(params.input_length)) { return params.classes; }
  let id = ids[item / params.length * params.pitch + u32(position)];
  return select(params.classes, id, counts_as_target(id));
}

fn four_logits(at: u32) -> vec4f {
  return vec4f(logits[at], logits[at + LANES], logits[at + 2u * LANES], logits[at + 3u * LANES]);
}

@compute @workgroup_size(WORKGROUP)
fn softmax_rows(@builtin(local_invocation_index) invocation: u32, group: Workgroup) {
  let block = group.id.x + group.id.y * group.count.x;
  let lane = invocation % LANES;
  let local_row = invocation / LANES;
  let row = block * 16u + local_row;
  let start = row * params.classes;
  let goal = target_of(row);
  let counted = goal < params.classes;
  let read_end = start + select(0u, params.classes, counted);
  let fours_end = read_end - (read_end - start) % (4u * LANES);

  var highest = -3.4028234e38f;
  var four = vec4f(highest);
  for (var at = start + lane; at < fours_end; at += 4u * LANES) {
    four = max(four, four_logits(at));
  }
  for (var at = fours_end + lane; at < read_end; at += LANES) {
    four.x = max(four.x, logits[at]);
  }
  highest = row_max(group, invocation, LANES, max(max(four.x, four.y), max(four.z, four.w)));

  four = vec4f();
  for (var at = start + lane; at < fours_end; at += 4u * LANES) {
    four += exp(four_logits(at) - highest);
  }
  for (var at = fours_end + lane; at < read_end; at += LANES) {
    four.x += exp(logits[at] - highest);
  }
  let sum = row_sum(group, invocation, LANES, (four.x + four.y) + (four.z + four.w));

  // The lane that reads the target's logit, and overwrites it below, speaks for the row.
  let speaks = lane == select(0u, goal % LANES, counted);
  if (speaks) {
    var row_loss = 0f;
    if (counted) {
      row_loss = log(sum) + (highest - logits[start + goal]);
    }
    if (LANES > 1u) {
      losses[local_row] = row_loss;
    } else if (row < params.partials) {
      // Nothing to share, and no barrier, which is dear on a CPU.
      partials_out[row] = row_loss;
    }
    if (row < params.rows) {
      row_losses[row] = row_loss;
    }
  }
  if (params.write_gradient != 0u && counted) {
    let scale = hyper[params.weight_index] / total_count();
    let factor = scale / sum;
    for (var at = start + lane; at < fours_end; at += 4u * LANES) {
      let gradient = exp(four_logits(at) - highest) * factor;
      logits[at] = gradient.x;
      logits[at + LANES] = gradient.y;
      logits[at + 2u * LANES] = gradient.z;
      logits[at + 3u * LANES] = gradient.w;
    }
    for (var at = fours_end + lane; at < read_end; at += LANES) {
      logits[at] = exp(logits[at] - highest) * factor;
    }
    if (speaks) {
      logits[start + goal] -= scale;
    }
  } else if (params.write_gradient != 0u && row < params.rows) {
    for (var at = start + lane; at < start + params.classes; at += LANES) {
      logits[at] = 0f;
    }
  }
  if (LANES > 1u) {
    workgroupBarrier();
    if (invocation == 0u && block < params.partials) {
      var block_loss = 0f;
      for (var i = 0u; i < 16u; i++) {
        block_loss += losses[i];
      }
      partials_out[block] = block_loss;
    }
  }
}

@compute @workgroup_size(256)
fn mean_loss(@builtin(local_invocation_index) lane: u32, group: Workgroup) {
  var sum = 0f;
  for (var i = lane; i < params.partials; i += 256u) {
    sum += partials[i];
  }
  let total = row_sum(group, lane, 256u, sum);
  if (lane == 0u) {
    // At least 1, so that nothing counted gives 0 and not 0 / 0.
    let value = total / max(total_count(), 1f);
    loss[0] = value;
    record[params.record_index] += params.record_scale * value;
  }
}
