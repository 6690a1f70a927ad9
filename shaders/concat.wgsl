// Repeats sequences by their strides and joins their channels, with RMSNorm over the joined channels where wanted.
// Position t reads row floor(t / stride_i) of part i. A dispatch takes up to four parts; more come in groups, the
// channels of a group beginning at first_channel of C.
// concat: part_0..part_3 (B, T_i, C_i) -> y (B, n, C)
// concat_rstd: part_0..part_3 (B, T_i, C_i), squares (B, n) of earlier groups -> squares (B, n), or rstd in the last group
// concat_norm: part_0..part_3 (B, T_i, C_i), weight (C), rstd (B, n) -> y (B, n, C)
// row_dots: normalised (B, n, C), dy (B, n, C) -> dots (B, n)
// concat_dpart: dy (B, n, C) -> dpart (B, T_0, C_0)
// concat_norm_dpart: part_0 (B, T_0, C_0), weight (C), rstd (B, n), dots (B, n), dy (B, n, C) -> dpart (B, T_0, C_0)
// concat_dweight: part_0..part_3 (B, T_i, C_i), rstd (B, n), dy (B, n, C) -> dweight_sums (blocks of rows, C)
// concat_rstd and row_dots: `lanes` invocations to a row, WORKGROUP / lanes rows to a workgroup. The others: one
// invocation per element of the result, channels fastest.

override WORKGROUP: u32 = 64;

/// Least length that a row is divided by.
const LEAST_LENGTH = 1e-12;
/// How many partial sums of a row are left for each of its lanes to add up.
const FOLDED = 8u;

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
  accumulate: u32,
  finish: u32,
}

@group(0) @binding(0) var<storage, read> part_0: array<f32>;
@group(0) @binding(1) var<storage, read> part_1: array<f32>;
@group(0) @binding(2) var<storage, read> part_2: array<f32>;
@group(0) @binding(3) var<storage, read> part_3: array<f32>;
@group(0) @binding(4) var<storage, read> weight: array<f32>;
@group(0) @binding(5) var<storage, read> rstd: array<f32>;
@group(0) @binding(6) var<storage, read> dots: array<f32>;
@group(0) @binding(7) var<storage, read> dy: array<f32>;
@group(0) @binding(8) var<storage, read> normalised: array<f32>;
@group(0) @binding(9) var<storage, read_write> y: array<f32>;
@group(0) @binding(10) var<storage, read_write> row_values: array<f32>;
@group(0) @binding(11) var<storage, read_write> dpart: array<f32>;
@group(0) @binding(12) var<storage, read_write> dweight_sums: array<f32>;
@group(0) @binding(13) var<uniform> params: Params;

var<workgroup> partial: array<f32, WORKGROUP>;

/// The concatenation in row b * n + t, at a channel of the group.
fn joined(row: u32, channel: u32) -> f32 {
  let b = row / params.length;
  let t = row % params.length;
  if (channel < params.end_0) {
    return part_0[(b * params.length_0 + t / params.stride_0) * params.end_0 + channel];
  }
  if (channel < params.end_1) {
    let width = params.end_1 - params.end_0;
    return part_1[(b * params.length_1 + t / params.stride_1) * width + channel - params.end_0];
  }
  if (channel < params.end_2) {
    let width = params.end_2 - params.end_1;
    return part_2[(b * params.length_2 + t / params.stride_2) * width + channel - params.end_1];
  }
  let width = params.end_3 - params.end_2;
  return part_3[(b * params.length_3 + t / params.stride_3) * width + channel - params.end_2];
}

/// The sum over the lanes of a row, for each of them.
fn row_sum(local: u32, value: f32) -> f32 {
  let lane = local % params.lanes;
  let first = local - lane;
  partial[local] = value;
  workgroupBarrier();
  if (params.lanes > FOLDED) {
    if (lane < FOLDED) {
      for (var other = lane + FOLDED; other < params.lanes; other += FOLDED) {
        partial[local] += partial[first + other];
      }
    }
    workgroupBarrier();
  }
  var sum = 0.0;
  for (var other = 0u; other < min(params.lanes, FOLDED); other++) {
    sum += partial[first + other];
  }
  return sum;
}

@compute @workgroup_size(WORKGROUP)
fn concat(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  let row = i / params.end_3;
  let channel = i % params.end_3;
  if (row < params.batch * params.length) {
    y[row * params.channels + params.first_channel + channel] = joined(row, channel);
  }
}

@compute @workgroup_size(WORKGROUP)
fn concat_rstd(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let lane = local % params.lanes;
  let row = ((group.x + group.y * groups.x) * WORKGROUP + local) / params.lanes;
  let exists = row < params.batch * params.length;
  var squares = 0.0;
  for (var channel = lane; exists && channel < params.end_3; channel += params.lanes) {
    let value = joined(row, channel);
    squares += value * value;
  }
  squares = row_sum(local, squares);
  if (lane != 0u || !exists) {
    return;
  }
  if (params.accumulate != 0u) {
    squares += row_values[row];
  }
  if (params.finish != 0u) {
    row_values[row] = sqrt(f32(params.channels)) / max(sqrt(squares), LEAST_LENGTH);
  } else {
    row_values[row] = squares;
  }
}

@compute @workgroup_size(WORKGROUP)
fn concat_norm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  let row = i / params.end_3;
  let channel = i % params.end_3;
  if (row < params.batch * params.length) {
    let out = params.first_channel + channel;
    y[row * params.channels + out] = joined(row, channel) * rstd[row] * weight[out];
  }
}

// What the gradient of a row's length needs: the sum of dy * weight * x * rstd over its channels.
@compute @workgroup_size(WORKGROUP)
fn row_dots(
  @builtin(local_invocation_index) local: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let lane = local % params.lanes;
  let row = ((group.x + group.y * groups.x) * WORKGROUP + local) / params.lanes;
  let exists = row < params.batch * params.length;
  var sum = 0.0;
  for (var channel = lane; exists && channel < params.channels; channel += params.lanes) {
    let i = row * params.channels + channel;
    sum += dy[i] * normalised[i];
  }
  sum = row_sum(local, sum);
  if (lane == 0u && exists) {
    row_values[row] = sum;
  }
}

/// Rows first .. end - 1 of the concatenation repeat row j of a part; none where the part goes on after the end.
struct Repeats {
  first: u32,
  end: u32,
}

fn repeats_of(part_row: u32) -> Repeats {
  let b = part_row / params.length_0;
  let j = part_row % params.length_0;
  let first = min(j * params.stride_0, params.length);
  return Repeats(b * params.length + first, b * params.length + min(first + params.stride_0, params.length));
}

fn write_dpart(i: u32, value: f32) {
  if (params.accumulate != 0u) {
    dpart[i] += value;
  } else {
    dpart[i] = value;
  }
}

@compute @workgroup_size(WORKGROUP)
fn concat_dpart(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  let part_row = i / params.end_0;
  if (part_row >= params.batch * params.length_0) {
    return;
  }
  let channel = params.first_channel + i % params.end_0;
  let repeats = repeats_of(part_row);
  var sum = 0.0;
  for (var row = repeats.first; row < repeats.end; row++) {
    sum += dy[row * params.channels + channel];
  }
  write_dpart(i, sum);
}

@compute @workgroup_size(WORKGROUP)
fn concat_norm_dpart(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  let part_row = i / params.end_0;
  if (part_row >= params.batch * params.length_0) {
    return;
  }
  let channel = params.first_channel + i % params.end_0;
  let count = f32(params.channels);
  // Where the length was clamped, it does not depend on the parts.
  let clamped = sqrt(count) / LEAST_LENGTH * 0.99999;
  let repeats = repeats_of(part_row);
  var sum = 0.0;
  for (var row = repeats.first; row < repeats.end; row++) {
    let factor = rstd[row];
    let mean = select(dots[row] / count, 0.0, factor >= clamped);
    sum += factor * (dy[row * params.channels + channel] * weight[channel] - part_0[i] * factor * mean);
  }
  write_dpart(i, sum);
}

@compute @workgroup_size(WORKGROUP)
fn concat_dweight(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  let block = i / params.end_3;
  let channel = i % params.end_3;
  let rows = params.batch * params.length;
  let first = block * params.rows_per_block;
  if (first >= rows) {
    return;
  }
  let out = params.first_channel + channel;
  var sum = 0.0;
  for (var row = first; row < min(first + params.rows_per_block, rows); row++) {
    sum += dy[row * params.channels + out] * joined(row, channel) * rstd[row];
  }
  dweight_sums[block * params.channels + out] = sum;
}
