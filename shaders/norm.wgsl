// Token shift followed by RMSNorm or LayerNorm over the channels, without the shifted array in between.
// norm: x (B, T, C), weight (C), bias (C) -> y (B, T, C), statistics (B, T) of mean and rstd
// norm_backward: x (B, T, C), weight (C), dy (B, T, C), statistics (B, T) -> dx (B, T, C), and for each of `blocks` blocks of
//   rows the sums dweight_sums (blocks, pitch) and, for LayerNorm, dbias_sums (blocks, pitch)
// `lanes` invocations to a row, WORKGROUP / lanes rows to a workgroup, lanes step over the channels. The sums over rows
// depend on nothing of that, so the same invocations make them too: one per block and channel, channels fastest. Those of a
// block are made where its rows are, so that they are read from memory once: every spread-th workgroup makes some.
// Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019; Ba et al., "Layer Normalization", 2016.

override WORKGROUP: u32 = 64;

/// Least length that a row is divided by (RMSNorm).
const LEAST_LENGTH = 1e-12;
/// What is added to the variance (LayerNorm).
const EPSILON = 1e-5;
/// How many partial sums of a row are left for each of its lanes to add up.
const FOLDED = 8u;

struct Params {
  rows: u32,
  length: u32,
  channels: u32,
  /// Channels before this one stay in their row.
  kept: u32,
  shift: u32,
  /// Whether it is LayerNorm. No variant, so that both kinds may share a dispatch.
  layer: u32,
  /// A power of two, and its logarithm: a GPU that has no division of whole numbers takes hundreds of cycles for one.
  lanes: u32,
  lane_bits: u32,
  blocks: u32,
  rows_per_block: u32,
  /// Numbers from one block's sums to the next.
  pitch: u32,
  spread: u32,
  accumulate: u32,
}

/// Mean (0 for RMSNorm) and factor of a row.
struct Statistics {
  mean: f32,
  rstd: f32,
}

alias Activation = f32;

@group(0) @binding(0) var<storage, read> x: array<Activation>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<Activation>;
@group(0) @binding(4) var<storage, read> statistics: array<Statistics>;
@group(0) @binding(5) var<storage, read_write> y: array<Activation>;
@group(0) @binding(6) var<storage, read_write> new_statistics: array<Statistics>;
@group(0) @binding(7) var<storage, read_write> dx: array<Activation>;
@group(0) @binding(8) var<storage, read_write> dweight_sums: array<f32>;
@group(0) @binding(9) var<storage, read_write> dbias_sums: array<f32>;
@group(0) @binding(10) var<uniform> params: Params;

/// What is the same in the whole workgroup. With subgroups, their size is added (row-sum-subgroup.wgsl).
struct Workgroup {
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
}

alias Sum = vec2f;

var<workgroup> partial: array<Sum, WORKGROUP>;

/// The input of the norm in position t of a sequence: what the token shift leaves there. Without branches, which would be
/// dearer on a CPU than all else; a place before the first row is read somewhere else, and not used.
fn shifted(row: u32, t: u32, channel: u32) -> f32 {
  let moved = channel >= params.kept;
  let value = f32(x[(row - select(0u, params.shift, moved)) * params.channels + channel]);
  return select(value, 0.0, moved & (t < params.shift));
}

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

fn before_next_sum(group: Workgroup, lanes: u32) {
  workgroupBarrier();
}

@compute @workgroup_size(WORKGROUP)
fn norm(@builtin(local_invocation_index) local: u32, group: Workgroup) {
  let lane = local & (params.lanes - 1u);
  let row = ((group.id.x + group.id.y * group.count.x) * WORKGROUP + local) >> params.lane_bits;
  // Lanes beyond the last row have no channels, but they meet the others at the barriers.
  let channels = select(0u, params.channels, row < params.rows);
  let count = f32(params.channels);
  let t = row % params.length;
  var mean = 0.0;
  if (params.layer != 0u) {
    var sum = 0.0;
    for (var c = lane; c < channels; c += params.lanes) {
      sum += shifted(row, t, c);
    }
    mean = row_sum(group, local, params.lanes, Sum(sum)).x / count;
    before_next_sum(group, params.lanes);
  }
  var squares = 0.0;
  for (var c = lane; c < channels; c += params.lanes) {
    let centred = shifted(row, t, c) - mean;
    squares += centred * centred;
  }
  squares = row_sum(group, local, params.lanes, Sum(squares)).x;
  var rstd = sqrt(count) / max(sqrt(squares), LEAST_LENGTH);
  if (params.layer != 0u) {
    rstd = 1.0 / sqrt(squares / count + EPSILON);
  }
  for (var c = lane; c < channels; c += params.lanes) {
    var value = (shifted(row, t, c) - mean) * rstd * weight[c];
    if (params.layer != 0u) {
      value += bias[c];
    }
    y[row * params.channels + c] = Activation(value);
  }
  if (lane == 0u && row < params.rows) {
    new_statistics[row] = Statistics(mean, rstd);
  }
}

fn write_dx(row: u32, channel: u32, value: f32) {
  let i = row * params.channels + channel;
  dx[i] = Activation(value + select(0.0, f32(dx[i]), params.accumulate != 0u));
}

/// A row's dy * normalised and dy in a channel.
fn summands(row: u32, t: u32, channel: u32) -> vec2f {
  let saved = statistics[row];
  let value = f32(dy[row * params.channels + channel]);
  return vec2f(value * (shifted(row, t, channel) - saved.mean) * saved.rstd, value);
}

fn next_position(t: u32) -> u32 { return select(t + 1u, 0u, t + 1u == params.length); }

/// The sums over a block of rows of dy * normalised and of dy, in channel i % C.
fn leave_sums(i: u32) {
  let channel = i % params.channels;
  let block = i / params.channels;
  if (block >= params.blocks) {
    return;
  }
  let first = block * params.rows_per_block;
  var t = first % params.length;
  var sums = vec2f();
  let end = min(first + params.rows_per_block, params.rows);
  var row = first;
  // Four at a time, so that as many loads are under way; added in the same order.
  for (; row + 4u <= end; row += 4u) {
    let second = next_position(t);
    let third = next_position(second);
    let fourth = next_position(third);
    let a = summands(row, t, channel);
    let b = summands(row + 1u, second, channel);
    let c = summands(row + 2u, third, channel);
    let d = summands(row + 3u, fourth, channel);
    sums = sums + a + b + c + d;
    t = next_position(fourth);
  }
  for (; row < end; row++) {
    sums += summands(row, t, channel);
    t = next_position(t);
  }
  dweight_sums[block * params.pitch + channel] = sums.x;
  if (params.layer != 0u) {
    dbias_sums[block * params.pitch + channel] = sums.y;
  }
}

// Undoing the shift is a matter of where a row writes: no two rows write to one place.
@compute @workgroup_size(WORKGROUP)
fn norm_backward(@builtin(local_invocation_index) local: u32, group: Workgroup) {
  let place = group.id.x + group.id.y * group.count.x;
  if (place % params.spread == 0u) { leave_sums(place / params.spread * WORKGROUP + local); }
  let lane = local & (params.lanes - 1u);
  let row = (place * WORKGROUP + local) >> params.lane_bits;
  let channels = select(0u, params.channels, row < params.rows);
  let count = f32(params.channels);
  let t = row % params.length;
  let saved = statistics[min(row, params.rows - 1u)];
  // The sums over c of g and of g * normalised, where g is the gradient of the normalised row.
  var sums = vec2f();
  for (var c = lane; c < channels; c += params.lanes) {
    let g = f32(dy[row * params.channels + c]) * weight[c];
    sums += vec2f(g, g * (shifted(row, t, c) - saved.mean) * saved.rstd);
  }
  var means = row_sum(group, local, params.lanes, sums) / count;
  if (params.layer == 0u) {
    // RMSNorm has no mean; and where the length was clamped, it does not depend on x.
    let clamped = saved.rstd >= sqrt(count) / LEAST_LENGTH * 0.99999;
    means = vec2f(0.0, select(means.y, 0.0, clamped));
  }
  // The shift takes the moved channels of the first rows from nowhere.
  let end = select(min(channels, params.kept), channels, t >= params.shift);
  for (var c = lane; c < end; c += params.lanes) {
    let g = f32(dy[row * params.channels + c]) * weight[c];
    let value = saved.rstd * (g - means.x - (shifted(row, t, c) - saved.mean) * saved.rstd * means.y);
    write_dx(row - select(0u, params.shift, c >= params.kept), c, value);
  }
  // It moves those of the last rows out of the sequence.
  for (var c = params.kept + lane; c < channels && t + params.shift >= params.length; c += params.lanes) {
    write_dx(row, c, 0.0);
  }
}
