// The norms of norm.wgsl for a single token, whose token shift remembers earlier ones.
// norm_step: x (C), weight (C), bias (C), position (1), line (shift, C) -> y (C), line
// The token is number t = position / stride. Its channels from `kept` on are those of token t - shift, zero where there is
// none, which line has in row t % shift; x takes that row. With shift 0 nothing is delayed.
// One workgroup of LANES invocations, which step over the channels.
// Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019; Ba et al., "Layer Normalization", 2016.

const LANES: u32 = 64u;
override LAYER: bool = false;

/// Least length that a row is divided by (RMSNorm).
const LEAST_LENGTH = 1e-12;
/// What is added to the variance (LayerNorm).
const EPSILON = 1e-5;

struct Params {
  channels: u32,
  kept: u32,
  shift: u32,
  stride: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weight: array<f32>;
@group(0) @binding(2) var<storage, read> bias: array<f32>;
@group(0) @binding(3) var<storage, read> position: array<u32>;
@group(0) @binding(4) var<storage, read_write> line: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;
@group(0) @binding(6) var<uniform> params: Params;

var<workgroup> partial: array<f32, LANES>;

/// The channel after the token shift. It makes room for x, so that it can be asked for only once.
fn take_shifted(channel: u32) -> f32 {
  if (params.shift == 0u) {
    return x[channel];
  }
  let token = position[0] / params.stride;
  let place = token % params.shift * params.channels + channel;
  let delayed = select(0.0, line[place], token >= params.shift);
  line[place] = x[channel];
  return select(x[channel], delayed, channel >= params.kept);
}

/// The sum over all lanes, for each of them. Whoever calls it again needs a barrier in between.
fn sum_of_lanes(lane: u32, value: f32) -> f32 {
  partial[lane] = value;
  workgroupBarrier();
  var sum = 0.0;
  for (var other = 0u; other < LANES; other++) {
    sum += partial[other];
  }
  return sum;
}

@compute @workgroup_size(LANES)
fn norm_step(@builtin(local_invocation_index) lane: u32) {
  let count = f32(params.channels);
  var sum = 0.0;
  for (var c = lane; c < params.channels; c += LANES) {
    let value = take_shifted(c);
    y[c] = value;
    sum += value;
  }
  var mean = 0.0;
  if (LAYER) {
    mean = sum_of_lanes(lane, sum) / count;
    workgroupBarrier();
  }
  var squares = 0.0;
  for (var c = lane; c < params.channels; c += LANES) {
    let centred = y[c] - mean;
    squares += centred * centred;
  }
  squares = sum_of_lanes(lane, squares);
  var rstd = sqrt(count) / max(sqrt(squares), LEAST_LENGTH);
  if (LAYER) {
    rstd = 1.0 / sqrt(squares / count + EPSILON);
  }
  for (var c = lane; c < params.channels; c += LANES) {
    let value = (y[c] - mean) * rstd * weight[c];
    y[c] = select(value, value + bias[c], LAYER);
  }
}
