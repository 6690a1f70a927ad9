// The norms of norm.wgsl where a row belongs to one invocation, as on a CPU: four channels at a time, since there a turn of a
// loop costs as much as a load. Arrays are those of norm.wgsl; the sums over rows are made by one invocation per block and
// four channels. The last four channels of a row are those that are left and copies of the last one, which count as zero and are
// written twice.
// Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019; Ba et al., "Layer Normalization", 2016.

override WORKGROUP: u32 = 64;
override LAYER: u32 = 0;

/// Least length that a row is divided by (RMSNorm).
const LEAST_LENGTH = 1e-12;
/// What is added to the variance (LayerNorm).
const EPSILON = 1e-5;
const FOUR = vec4u(0u, 1u, 2u, 3u);

struct Params {
  rows: u32,
  length: u32,
  channels: u32,
  /// Channels before this one stay in their row.
  kept: u32,
  shift: u32,
  blocks: u32,
  rows_per_block: u32,
  /// Numbers from one block's sums to the next.
  pitch: u32,
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

/// The places of four channels of a row.
fn four_from(channel: u32) -> vec4u {
  return min(channel + FOUR, vec4u(params.channels - 1u));
}

/// Four numbers, without the copies.
fn counted(channel: u32, values: vec4f) -> vec4f {
  return select(vec4f(), values, channel + FOUR < vec4u(params.channels));
}

fn total(values: vec4f) -> f32 {
  return values.x + values.y + values.z + values.w;
}

fn shifted4(row: u32, t: u32, channels: vec4u) -> vec4f {
  let moved = channels >= vec4u(params.kept);
  let i = (row - select(vec4u(), vec4u(params.shift), moved)) * params.channels + channels;
  let values = vec4f(f32(x[i.x]), f32(x[i.y]), f32(x[i.z]), f32(x[i.w]));
  return select(values, vec4f(), moved & vec4<bool>(t < params.shift));
}

fn weight4(i: vec4u) -> vec4f {
  return vec4f(weight[i.x], weight[i.y], weight[i.z], weight[i.w]);
}

fn bias4(i: vec4u) -> vec4f {
  return vec4f(bias[i.x], bias[i.y], bias[i.z], bias[i.w]);
}

fn dy4(i: vec4u) -> vec4f {
  return vec4f(f32(dy[i.x]), f32(dy[i.y]), f32(dy[i.z]), f32(dy[i.w]));
}

@compute @workgroup_size(WORKGROUP)
fn norm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * WORKGROUP;
  if (row >= params.rows) { return; }
  let count = f32(params.channels);
  let t = row % params.length;
  var mean = 0.0;
  if (LAYER != 0u) {
    var sums = vec4f();
    for (var c = 0u; c < params.channels; c += 4u) {
      sums += counted(c, shifted4(row, t, four_from(c)));
    }
    mean = total(sums) / count;
  }
  var sums = vec4f();
  for (var c = 0u; c < params.channels; c += 4u) {
    let centred = counted(c, shifted4(row, t, four_from(c)) - mean);
    sums += centred * centred;
  }
  let squares = total(sums);
  var rstd = sqrt(count) / max(sqrt(squares), LEAST_LENGTH);
  if (LAYER != 0u) {
    rstd = 1.0 / sqrt(squares / count + EPSILON);
  }
  for (var c = 0u; c < params.channels; c += 4u) {
    let channels = four_from(c);
    var values = (shifted4(row, t, channels) - mean) * rstd * weight4(channels);
    if (LAYER != 0u) {
      values += bias4(channels);
    }
    let i = row * params.channels + channels;
    y[i.x] = Activation(values.x);
    y[i.y] = Activation(values.y);
    y[i.z] = Activation(values.z);
    y[i.w] = Activation(values.w);
  }
  new_statistics[row] = Statistics(mean, rstd);
}

/// The sums over a block of rows of dy * normalised and of dy, in four channels, numbered through by i.
fn leave_sums(i: u32) {
  let quads = (params.channels + 3u) / 4u;
  let channels = four_from(i % quads * 4u);
  let block = i / quads;
  if (block >= params.blocks) { return; }
  let first = block * params.rows_per_block;
  var t = first % params.length;
  var dweight = vec4f();
  var dbias = vec4f();
  for (var row = first; row < min(first + params.rows_per_block, params.rows); row++) {
    let saved = statistics[row];
    let slopes = dy4(row * params.channels + channels);
    dweight += slopes * (shifted4(row, t, channels) - saved.mean) * saved.rstd;
    dbias += slopes;
    t = select(t + 1u, 0u, t + 1u == params.length);
  }
  let at = block * params.pitch + channels;
  dweight_sums[at.x] = dweight.x;
  dweight_sums[at.y] = dweight.y;
  dweight_sums[at.z] = dweight.z;
  dweight_sums[at.w] = dweight.w;
  if (LAYER != 0u) {
    dbias_sums[at.x] = dbias.x;
    dbias_sums[at.y] = dbias.y;
    dbias_sums[at.z] = dbias.z;
    dbias_sums[at.w] = dbias.w;
  }
}

@compute @workgroup_size(WORKGROUP)
fn norm_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * WORKGROUP;
  leave_sums(row);
  if (row >= params.rows) { return; }
  let count = f32(params.channels);
  let t = row % params.length;
  let saved = statistics[row];
  // The sums over channels of g and of g * normalised, where g is the gradient of the normalised row.
  var g_sums = vec4f();
  var g_normalised_sums = vec4f();
  for (var c = 0u; c < params.channels; c += 4u) {
    let channels = four_from(c);
    let g = counted(c, dy4(row * params.channels + channels) * weight4(channels));
    g_sums += g;
    g_normalised_sums += g * (shifted4(row, t, channels) - saved.mean) * saved.rstd;
  }
  var means = vec2f(total(g_sums), total(g_normalised_sums)) / count;
  if (LAYER == 0u) {
    // RMSNorm has no mean; and where the length was clamped, it does not depend on x.
    let clamped = saved.rstd >= sqrt(count) / LEAST_LENGTH * 0.99999;
    means = vec2f(0.0, select(means.y, 0.0, clamped));
  }
  for (var c = 0u; c < params.channels; c += 4u) {
    let channels = four_from(c);
    let g = dy4(row * params.channels + channels) * weight4(channels);
    let values = saved.rstd * (g - means.x - (shifted4(row, t, channels) - saved.mean) * saved.rstd * means.y);
    // The shift takes the moved channels of the first rows from nowhere.
    let moved = channels >= vec4u(params.kept);
    let nowhere = moved & vec4<bool>(t < params.shift);
    let i = (row - select(vec4u(), vec4u(params.shift), moved)) * params.channels + channels;
    let sums = values + old_dx(i);
    if (!nowhere.x) { dx[i.x] = Activation(sums.x); }
    if (!nowhere.y) { dx[i.y] = Activation(sums.y); }
    if (!nowhere.z) { dx[i.z] = Activation(sums.z); }
    if (!nowhere.w) { dx[i.w] = Activation(sums.w); }
  }
  // It moves those of the last rows out of the sequence.
  if (t + params.shift < params.length || params.accumulate != 0u) { return; }
  for (var c = params.kept; c < params.channels; c++) {
    dx[row * params.channels + c] = Activation(0.0);
  }
}

/// What is added to.
fn old_dx(i: vec4u) -> vec4f {
  if (params.accumulate == 0u) { return vec4f(); }
  return vec4f(f32(dx[i.x]), f32(dx[i.y]), f32(dx[i.z]), f32(dx[i.w]));
}
