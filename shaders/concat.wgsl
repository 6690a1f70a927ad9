// Repeats sequences by their strides and joins their channels: position t reads row floor(t / stride_i) of part i.
// A dispatch takes up to four parts; more come in groups, the channels of a group beginning at first_channel of C.
// concat: part_0..part_3 (B, T_i, C_i) -> y (B, n, C)
// concat_dpart: dy (B, n, C) -> dpart (B, T_0, C_0)
// `lanes` invocations to a row of the result, stepping over its channels, WORKGROUP / lanes rows to a workgroup.

override WORKGROUP: u32 = 64;

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
  accumulate: u32,
}

alias Activation = f32;

@group(0) @binding(0) var<storage, read> part_0: array<Activation>;
@group(0) @binding(1) var<storage, read> part_1: array<Activation>;
@group(0) @binding(2) var<storage, read> part_2: array<Activation>;
@group(0) @binding(3) var<storage, read> part_3: array<Activation>;
@group(0) @binding(4) var<storage, read> dy: array<Activation>;
@group(0) @binding(5) var<storage, read_write> y: array<Activation>;
@group(0) @binding(6) var<storage, read_write> dpart: array<Activation>;
@group(0) @binding(7) var<uniform> params: Params;

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

@compute @workgroup_size(WORKGROUP)
fn concat(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let place = id.x + id.y * groups.x * WORKGROUP;
  let row = place >> params.lane_bits;
  if (row >= params.batch * params.length) {
    return;
  }
  let starts = starts_of(row);
  let out = row * params.channels + params.first_channel;
  for (var channel = place & (params.lanes - 1u); channel < params.end_3; channel += params.lanes) {
    y[out + channel] = Activation(joined(starts, channel));
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
fn concat_dpart(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let place = id.x + id.y * groups.x * WORKGROUP;
  let part_row = place >> params.lane_bits;
  if (part_row >= params.batch * params.length_0) {
    return;
  }
  let repeats = repeats_of(part_row);
  for (var channel = place & (params.lanes - 1u); channel < params.end_0; channel += params.lanes) {
    var sum = 0.0;
    for (var row = repeats.x; row < repeats.y; row++) {
      sum += f32(dy[row * params.channels + params.first_channel + channel]);
    }
    let i = part_row * params.end_0 + channel;
    if (params.accumulate != 0u) {
      sum += f32(dpart[i]);
    }
    dpart[i] = Activation(sum);
  }
}
