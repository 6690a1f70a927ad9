// Strided causal convolution of each channel by itself. Output j looks at inputs j * stride - (K - 1) .. j * stride, and
// what lies before the beginning is zero; L = ceil(n / stride).
// depthwise_conv: x (B, n, C), weight (C, K), bias (C) -> y (B, L, C)
// depthwise_conv_dx: weight (C, K), dy (B, L, C) -> dx (B, n, C)
// depthwise_conv_dweight: x (B, n, C), dy (B, L, C) -> dweight_sums (blocks of rows of y, C, K)
// One invocation per element of the result, channels fastest.

override WORKGROUP: u32 = 64;
override BIAS: u32 = 1;

struct Params {
  batch: u32,
  length: u32,
  out_length: u32,
  channels: u32,
  taps: u32,
  stride: u32,
  rows_per_block: u32,
  /// Numbers from one block's sums to the next.
  pitch: u32,
  accumulate: u32,
}

alias Activation = f32;

@group(0) @binding(0) var<storage, read> x: array<Activation>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<Activation>;
@group(0) @binding(4) var<storage, read_write> y: array<Activation>;
@group(0) @binding(5) var<storage, read_write> dx: array<Activation>;
@group(0) @binding(6) var<storage, read_write> dweight_sums: array<f32>;
@group(0) @binding(7) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn depthwise_conv(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  let channel = i % params.channels;
  let row = i / params.channels;
  if (row >= params.batch * params.out_length) {
    return;
  }
  let b = row / params.out_length;
  let newest = row % params.out_length * params.stride;
  var sum = 0.0;
  for (var back = 0u; back < min(params.taps, newest + 1u); back++) {
    let tap = params.taps - 1u - back;
    sum += weight[channel * params.taps + tap] * f32(x[(b * params.length + newest - back) * params.channels + channel]);
  }
  if (BIAS != 0u) {
    sum += bias[channel];
  }
  y[i] = Activation(sum);
}

@compute @workgroup_size(WORKGROUP)
fn depthwise_conv_dx(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  let channel = i % params.channels;
  let row = i / params.channels;
  if (row >= params.batch * params.length) {
    return;
  }
  let b = row / params.length;
  let t = row % params.length;
  var sum = 0.0;
  // Outputs whose newest input is t or later, but not so late that t is out of their reach.
  for (var j = (t + params.stride - 1u) / params.stride; j < params.out_length; j++) {
    let back = j * params.stride - t;
    if (back >= params.taps) {
      break;
    }
    let tap = params.taps - 1u - back;
    sum += weight[channel * params.taps + tap] * f32(dy[(b * params.out_length + j) * params.channels + channel]);
  }
  if (params.accumulate != 0u) {
    sum += f32(dx[i]);
  }
  dx[i] = Activation(sum);
}

@compute @workgroup_size(WORKGROUP)
fn depthwise_conv_dweight(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  let channel = i % params.channels;
  let tap = i / params.channels % params.taps;
  let block = i / params.channels / params.taps;
  let back = params.taps - 1u - tap;
  let rows = params.batch * params.out_length;
  let first = block * params.rows_per_block;
  if (first >= rows) {
    return;
  }
  var sum = 0.0;
  for (var row = first; row < min(first + params.rows_per_block, rows); row++) {
    let newest = row % params.out_length * params.stride;
    if (newest >= back) {
      let input = row / params.out_length * params.length + newest - back;
      sum += f32(dy[row * params.channels + channel]) * f32(x[input * params.channels + channel]);
    }
  }
  dweight_sums[block * params.pitch + channel * params.taps + tap] = sum;
}
