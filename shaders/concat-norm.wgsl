// RMSNorm over the joined channels of sequences that are repeated by their strides, without the concatenation in memory:
// position t reads row floor(t / stride_i) of part i. A dispatch takes up to four parts; more come in groups, the
// channels of a group beginning at first_channel of C.
// concat_norm: part_0..part_3 (B, T_i, C_i), weight (C) -> y (B, n, C), statistics (B, n)
// concat_norm_sums: part_0..part_3, normalised and dy (B, n, C), statistics -> dots in it, dweight_sums (blocks, pitch)
// `lanes` invocations to a row, stepping over its channels, WORKGROUP / lanes rows to a workgroup; for dweight_sums one
// invocation per block of rows and channel, channels fastest, in every spread-th workgroup: where the rows of the block are.
// Four numbers are read at a time, so that as many loads are under way; they are added in the same order.

override WORKGROUP: u32 = 64;
alias Activation = f32;
/// Least length that a row is divided by.
const LEAST_LENGTH = 1e-12;
/// How many partial sums of a row are left for each of its lanes to add up.
const FOLDED = 8u;
const FOUR = vec4u(0u, 1u, 2u, 3u);

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
  /// A power of two, and its logarithm: a GPU that has no division of whole numbers takes hundreds of cycles for one.
  lanes: u32,
  lane_bits: u32,
  rows_per_block: u32,
  /// Numbers from one block's sums to the next.
  pitch: u32,
  spread: u32,
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
@group(0) @binding(5) var<storage, read> dy: array<Activation>;
@group(0) @binding(6) var<storage, read> normalised: array<Activation>;
@group(0) @binding(7) var<storage, read_write> y: array<Activation>;
@group(0) @binding(8) var<storage, read_write> statistics: array<Statistics>;
@group(0) @binding(9) var<storage, read_write> dweight_sums: array<f32>;
@group(0) @binding(10) var<uniform> params: Params;

/// What is the same in the whole workgroup. With subgroups, their size is added (row-sum-subgroup.wgsl).
struct Workgroup {
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
}

alias Sum = f32;
var<workgroup> partial: array<Sum, WORKGROUP>;

fn part_begins() -> vec4u { return vec4u(0u, params.end_0, params.end_1, params.end_2); }
fn part_ends() -> vec4u { return vec4u(params.end_0, params.end_1, params.end_2, params.end_3); }
fn part_lengths() -> vec4u { return vec4u(params.length_0, params.length_1, params.length_2, params.length_3); }
fn part_strides() -> vec4u { return vec4u(params.stride_0, params.stride_1, params.stride_2, params.stride_3); }

/// Which of the parts a channel of the group comes from.
fn slot_of(channel: u32) -> u32 { return dot(vec3u(vec3u(channel) >= part_ends().xyz), vec3u(1u)); }

fn read_four(slot: u32, i: vec4u) -> vec4f {
  switch slot {
    case 0u: { return vec4f(f32(part_0[i.x]), f32(part_0[i.y]), f32(part_0[i.z]), f32(part_0[i.w])); }
    case 1u: { return vec4f(f32(part_1[i.x]), f32(part_1[i.y]), f32(part_1[i.z]), f32(part_1[i.w])); }
    case 2u: { return vec4f(f32(part_2[i.x]), f32(part_2[i.y]), f32(part_2[i.z]), f32(part_2[i.w])); }
    default: { return vec4f(f32(part_3[i.x]), f32(part_3[i.y]), f32(part_3[i.z]), f32(part_3[i.w])); }
  }
}

/// What must be added to a channel of the group for its place in each part, in row b * n + t of the concatenation.
fn starts_of(row: u32) -> vec4u {
  let rows = row / params.length * part_lengths() + row % params.length / part_strides();
  // May wrap around below zero, and back when the channel is added.
  return rows * (part_ends() - part_begins()) - part_begins();
}

/// The first channel of a part that a lane of a row reads: a multiple of lanes behind its own number.
fn first_of(lane: u32, begin: u32) -> u32 { return begin + ((lane - begin) & (params.lanes - 1u)); }

/// Every lanes-th channel from this one on, the last of the part again where it has no more.
fn four_channels(channel: u32, end: u32) -> vec4u { return min(channel + FOUR * params.lanes, vec4u(end - 1u)); }

/// The sum over the lanes of a row, for each of them.
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

@compute @workgroup_size(WORKGROUP)
fn concat_norm(@builtin(local_invocation_index) local: u32, group: Workgroup) {
  let lane = local & (params.lanes - 1u);
  let row = ((group.id.x + group.id.y * group.count.x) * WORKGROUP + local) >> params.lane_bits;
  let exists = row < params.batch * params.length;
  // Lanes beyond the last row have no channels, but they meet the others at the barriers.
  let ends = select(vec4u(), part_ends(), exists);
  let begins = part_begins();
  let starts = starts_of(row);
  var factor = 0.0;
  if (params.finished == 0u) {
    var squares = 0.0;
    for (var slot = 0u; slot < 4u; slot++) {
      for (var c = first_of(lane, begins[slot]); c < ends[slot]; c += 4u * params.lanes) {
        let values = read_four(slot, starts[slot] + four_channels(c, ends[slot]));
        let own = select(vec4f(), values * values, c + FOUR * params.lanes < vec4u(ends[slot]));
        squares = squares + own.x + own.y + own.z + own.w;
      }
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
  for (var slot = 0u; slot < 4u; slot++) {
    for (var c = first_of(lane, begins[slot]); c < ends[slot]; c += 4u * params.lanes) {
      // Behind the last channel of the part that is written again, with the same.
      let channels = four_channels(c, ends[slot]);
      let values = read_four(slot, starts[slot] + channels) * factor * weight_four(params.first_channel + channels);
      y[out + channels.x] = Activation(values.x);
      y[out + channels.y] = Activation(values.y);
      y[out + channels.z] = Activation(values.z);
      y[out + channels.w] = Activation(values.w);
    }
  }
}

fn weight_four(i: vec4u) -> vec4f { return vec4f(weight[i.x], weight[i.y], weight[i.z], weight[i.w]); }

/// A row of the concatenation: its position, for how many rows the part's has been read, and where that lies.
struct Walk {
  t: u32,
  phase: u32,
  i: u32,
}

/// The row after it, since a division for each is dear. step: from a row of the part to the next; jump: to the next sequence.
fn walked(at: Walk, stride: u32, step: u32, jump: u32) -> Walk {
  let ends = at.t + 1u == params.length;
  let moves = at.phase + 1u == stride;
  let phase = select(at.phase + 1u, 0u, ends || moves);
  return Walk(select(at.t + 1u, 0u, ends), phase, at.i + select(select(0u, step, moves), jump, ends));
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
  let stride = part_strides()[slot];
  let step = part_ends()[slot] - part_begins()[slot];
  let jump = (part_lengths()[slot] - (params.length - 1u) / stride) * step;
  let t = first % params.length;
  var a = Walk(t, t % stride, starts_of(first)[slot] + channel);
  let end = min(first + params.rows_per_block, rows);
  var sum = 0.0;
  for (var row = first; row < end; row += 4u) {
    let b = walked(a, stride, step, jump);
    let c = walked(b, stride, step, jump);
    let d = walked(c, stride, step, jump);
    let values = read_four(slot, vec4u(a.i, b.i, c.i, d.i));
    let four = min(row + FOUR, vec4u(end - 1u));
    let at = four * params.channels + out;
    let slopes = vec4f(f32(dy[at.x]), f32(dy[at.y]), f32(dy[at.z]), f32(dy[at.w]));
    let factors = vec4f(statistics[four.x].rstd, statistics[four.y].rstd, statistics[four.z].rstd, statistics[four.w].rstd);
    let own = select(vec4f(), slopes * values * factors, row + FOUR < vec4u(end));
    sum = sum + own.x + own.y + own.z + own.w;
    a = walked(d, stride, step, jump);
  }
  dweight_sums[block * params.pitch + out] = sum;
}

@compute @workgroup_size(WORKGROUP)
fn concat_norm_sums(@builtin(local_invocation_index) local: u32, group: Workgroup) {
  let place = group.id.x + group.id.y * group.count.x;
  if (place % params.spread == 0u) { leave_sums(place / params.spread * WORKGROUP + local); }
  // The dots run over the channels of all groups, so the first makes them.
  if (params.first_channel != 0u) { return; }
  let lane = local & (params.lanes - 1u);
  let row = (place * WORKGROUP + local) >> params.lane_bits;
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
