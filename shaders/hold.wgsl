// Keeps tokens for those who look at them later.
// hold: x (C) -> held (C), a single token
// hold_newest: x (T, C), position (1) -> held (R, C), the newest R tokens up to number position / stride, each in row (its
//   number) % R; rows that none belongs to yet stay as they are
// hold: one invocation per channel; hold_newest: one per element of held, channels fastest.

override WORKGROUP: u32 = 64;

struct Params {
  channels: u32,
  rows: u32,
  /// Positions from one token to the next.
  stride: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> position: array<u32>;
@group(0) @binding(2) var<storage, read_write> held: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn hold(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let channel = id.x + id.y * groups.x * WORKGROUP;
  if (channel < params.channels) {
    held[channel] = x[channel];
  }
}

@compute @workgroup_size(WORKGROUP)
fn hold_newest(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  let row = i / params.channels;
  let newest = position[0] / params.stride;
  if (row >= params.rows || row > newest) {
    return;
  }
  let token = newest - (newest - row) % params.rows;
  held[i] = x[token * params.channels + i % params.channels];
}
