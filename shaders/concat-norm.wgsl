// RMSNorm over the joined channels of sequences that are repeated by their strides, without the concatenation in memory:
// position t reads row floor(t / stride_i) of part i. A dispatch takes up to four parts; more come in groups, the
// channels of a group beginning at first_channel of C.
// concat_norm: part_0..part_3 (B, T_i, C_i), weight (C) -> y (B, n, C), statistics (B, n)
// concat_norm_sums: part_0..part_3, normalised and dy (B, n, C), statistics -> dots in it, dweight_sums (blocks, pitch)
// concat_norm_dpart: part_0 (B, T_0, C_0), weight (C), row_statistics (B, n), dy (B, n, C) -> dpart (B, T_0, C_0)
// `lanes` invocations to a row, stepping over its channels, WORKGROUP / lanes rows to a workgroup; for dweight_sums one
// invocation per block of rows and channel, channels fastest.

override WORKGROUP: u32 = 64;
alias Activation = f32;
/// Least length that a row is divided by.
const LEAST_LENGTH = 1e-12;
/// How many partial sums of a row are left for each of its lanes to add up.
const FOLDED = 8u;

/// Factor of a row, and what the gradient of its length needs: the sum of dy * weight * x * rstd over its channels.
struct Statistics {
  rstd: f32,
  dot: f32,
}

struct Params {
  batch: u32,
  length: u32,
  channels: u32,
  first_channel: u32,
  /// Where the channels of part_0, part_1 .. end within the group; absent parts have none.
  end_0: u32,
  end_1: u32,
  end_2: u32,
  end_3: u32,
  length_0: u32,
  length_1: u32,
  length_2: u32,
  length_3: u32,
  stride_0: u32,
  stride_1: u32,
  stride_2: u32,
  stride_3: u32,
  /// A power of two.
  lanes: u32,
  rows_per_block: u32,
  /// Numbers from one block's sums to the next.
  pitch: u32,
  accumulate: u32,
  /// 0 before the last group: rstd only gathers sums of squares.
  finish: u32,
  /// 1 after the last group: rstd is there.
  finished: u32,
}

@group(0) @binding(0) var<storage, read> part_0: array<Activation>;
@group(0) @binding(1) var<storage, read> part_1: array<Activation>;
@group(0) @binding(2) var<storage, read> part_2: array<Activation>;
@group(0) @binding(3) var<storage, read> part_3: array<Activation>;
@group(0) @binding(4) var<storage, read> weight: array<f32>;
@group(0) @binding(5) var<storage, read> row_statistics: array<Statistics>;
@group(0) @binding(6) var<storage, read> dy: array<Activation>;
@group(0) @binding(7) var<storage, read> normalised: array<Activation>;
@group(0) @binding(8) var<storage, read_write> y: array<Activation>;
@group(0) @binding(9) var<storage, read_write> statistics: array<Statistics>;
@group(0) @binding(10) var<storage, read_write> dpart: array<Activation>;
@group(0) @binding(11) var<storage, read_write> dweight_sums: array<f32>;
@group(0) @binding(12) var<uniform> params: Params;

/// What is the same in the whole workgroup. With subgroups, their size is added (row-sum-subgroup.wgsl).
struct Workgroup {
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
}

alias Sum = f32;
var<workgroup> partial: array<Sum, WORKGROUP>;

fn part_ends() -> vec4u {
  return vec4u(params.end_0, params.end_1, params.end_2, params.end_3);
}

fn part_begins() -> vec4u {
  return vec4u(0u, params.end_0, params.end_1, params.end_2);
}

fn part_strides() -> vec4u {
  return vec4u(params.stride_0, params.stride_1, params.stride_2, params.stride_3);
}

/// Which of the parts a channel of the group comes from.
fn slot_of(channel: u32) -> u32 {
  return dot(vec3u(vec3u(channel) >= part_ends().xyz), vec3u(1u));
}

fn read_part(slot: u32, i: u32) -> f32 {
  switch slot {
    case 0u: { return f32(part_0[i]); }
    case 1u: { return f32(part_1[i]); }
    case 2u: { return f32(part_2[i]); }
    default: { return f32(part_3[i]); }
  }
}

/// What must be added to a channel of the group for its place in each part, in row b * n + t of the concatenation.
fn starts_of(row: u32) -> vec4u {
  let lengths = vec4u(params.length_0, params.length_1, params.length_2, params.length_3);
  let rows = row / params.length * lengths + row % params.length / part_strides();
  // May wrap around below zero, and back when the channel is added.
  return rows * (part_ends() - part_begins()) - part_begins();
}

fn joined(starts: vec4u, channel: u32) -> f32 {
  let slot = slot_of(channel);
  return read_part(slot, starts[slot] + channel);
}

/// The sum over the lanes of a row, for each of them.
fn row_sum(group: Workgroup, local: u32, lanes: u32, value: Sum) -> Sum {
  let lane = local % lanes;
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

@compute @workgroup_size(WORKGROUP)
fn concat_norm(@builtin(local_invocation_index) local: u32, group: Workgroup) {
  let lane = local % params.lanes;
  let row = ((group.id.x + group.id.y * group.count.x) * WORKGROUP + local) / params.lanes;
  let exists = row < params.batch * params.length;
  // Lanes beyond the last row have no channels, but they meet the others at the barriers.
  let channels = select(0u, params.end_3, exists);
  let starts = starts_of(row);
  var factor = 0.0;
  if (params.finished == 0u) {
    var squares = 0.0;
    for (var channel = lane; channel < channels; channel += params.lanes) {
      let value = joined(starts, channel);
      squares += value * value;
    }
    if (params.accumulate != 0u && lane == 0u && exists) {
      squares += statistics[row].rstd;
    }
    squares = row_sum(group, local, params.lanes, squares);
    factor = sqrt(f32(params.channels)) / max(sqrt(squares), LEAST_LENGTH);
    if (lane == 0u && exists) {
      statistics[row].rstd = select(squares, factor, params.finish != 0u);
    }
    if (params.finish == 0u) { return; }
  } else if (exists) {
    factor = statistics[row].rstd;
  }
  let out = row * params.channels + params.first_channel;
  for (var channel = lane; channel < channels; channel += params.lanes) {
    y[out + channel] = Activation(joined(starts, channel) * factor * weight[params.first_channel + channel]);
  }
}

/// The sum over a block of rows of dy * normalised, in channel place % end_3 of the group.
fn leave_sums(place: u32) {
  let block = place / params.end_3;
  let channel = place % params.end_3;
  let rows = params.batch * params.length;
  let first = block * params.rows_per_block;
  if (params.pitch == 0u || first >= rows) { return; }
  let out = params.first_channel + channel;
  let slot = slot_of(channel);
  // Walks along the part beside the rows, since a division for each row is dear.
  var t = first % params.length;
  var phase = t % part_strides()[slot];
  var i = starts_of(first)[slot] + channel;
  var sum = 0.0;
  for (var row = first; row < min(first + params.rows_per_block, rows); row++) {
    sum += f32(dy[row * params.channels + out]) * read_part(slot, i) * statistics[row].rstd;
    t++;
    phase++;
    if (t == params.length) {
      t = 0u;
      phase = 0u;
      i = starts_of(row + 1u)[slot] + channel;
    } else if (phase == part_strides()[slot]) {
      phase = 0u;
      i += part_ends()[slot] - part_begins()[slot];
    }
  }
  dweight_sums[block * params.pitch + out] = sum;
}

@compute @workgroup_size(WORKGROUP)
fn concat_norm_sums(@builtin(local_invocation_index) local: u32, group: Workgroup) {
  let invocation = (group.id.x + group.id.y * group.count.x) * WORKGROUP + local;
  leave_sums(invocation);
  // The dots run over the channels of all groups, so the first makes them.
  if (params.first_channel != 0u) { return; }
  let lane = local % params.lanes;
  let row = invocation / params.lanes;
  let exists = row < params.batch * params.length;
  var sum = 0.0;
  for (var channel = lane; exists && channel < params.channels; channel += params.lanes) {
    let i = row * params.channels + channel;
    sum += f32(dy[i]) * f32(normalised[i]);
  }
  sum = row_sum(group, local, params.lanes, sum);
  if (lane == 0u && exists) {
    statistics[row].dot = sum;
  }
}

/// The first of the rows of the concatenation that repeat a row of part_0, and the one after the last: none where the
/// part goes on after the end.
fn repeats_of(part_row: u32) -> vec2u {
  let first = min(part_row % params.length_0 * params.stride_0, params.length);
  let end = min(first + params.stride_0, params.length);
  return part_row / params.length_0 * params.length + vec2u(first, end);
}

@compute @workgroup_size(WORKGROUP)
fn concat_norm_dpart(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let place = id.x + id.y * groups.x * WORKGROUP;
  let part_row = place / params.lanes;
  if (part_row >= params.batch * params.length_0) { return; }
  let count = f32(params.channels);
  // Where the length was clamped, it does not depend on the parts.
  let clamped = sqrt(count) / LEAST_LENGTH * 0.99999;
  let repeats = repeats_of(part_row);
  for (var channel = place % params.lanes; channel < params.end_0; channel += params.lanes) {
    let out = params.first_channel + channel;
    let i = part_row * params.end_0 + channel;
    var sum = 0.0;
    for (var row = repeats.x; row < repeats.y; row++) {
      let factor = row_statistics[row].rstd;
      let mean = select(row_statistics[row].dot / count, 0.0, factor >= clamped);
      sum += factor * (f32(dy[row * params.channels + out]) * weight[out] - f32(part_0[i]) * factor * mean);
    }
    if (params.accumulate != 0u) {
      sum += f32(dpart[i]);
    }
    dpart[i] = Activation(sum);
  }
}
