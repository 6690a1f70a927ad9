// The gradients of the parts of concat-norm.wgsl, one part for a dispatch, as part_0 of a group of its own.
// concat_norm_dpart: part_0 (B, T_0, C_0), weight (C), row_statistics (B, n), dy (B, n, C) -> dpart (B, T_0, C_0)
// `lanes` invocations to a row of the part, stepping over its channels.

override WORKGROUP: u32 = 64;
alias Activation = f32;
/// Least length that a row is divided by.
const LEAST_LENGTH = 1e-12;

/// Those of concat-norm.wgsl.
struct Statistics {
  rstd: f32,
  dot: f32,
}

struct Params {
  batch: u32,
  length: u32,
  channels: u32,
  first_channel: u32,
  end_0: u32,
  length_0: u32,
  stride_0: u32,
  /// A power of two, and its logarithm: a GPU that has no division of whole numbers takes hundreds of cycles for one.
  lanes: u32,
  lane_bits: u32,
  accumulate: u32,
}

@group(0) @binding(0) var<storage, read> part_0: array<Activation>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> row_statistics: array<Statistics>;
@group(0) @binding(3) var<storage, read> dy: array<Activation>;
@group(0) @binding(4) var<storage, read_write> dpart: array<Activation>;
@group(0) @binding(5) var<uniform> params: Params;

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
  let part_row = place >> params.lane_bits;
  if (part_row >= params.batch * params.length_0) { return; }
  let count = f32(params.channels);
  // Where the length was clamped, it does not depend on the parts.
  let clamped = sqrt(count) / LEAST_LENGTH * 0.99999;
  let repeats = repeats_of(part_row);
  for (var channel = place & (params.lanes - 1u); channel < params.end_0; channel += params.lanes) {
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
