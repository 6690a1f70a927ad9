// The vector of numbers that change from step to step, with the weights of the losses times 2^state[2].
// scale_losses: hyper (count), state -> scaled (count)
// One invocation per number; the weights are those from first_weight on. A power of two changes no digit of a gradient.

struct Params {
  count: u32,
  first_weight: u32,
}

@group(0) @binding(0) var<storage, read> hyper: array<f32>;
@group(0) @binding(1) var<storage, read> state: array<u32>;
@group(0) @binding(2) var<storage, read_write> scaled: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(64)
fn scale_losses(@builtin(global_invocation_id) id: vec3u) {
  let i = id.x;
  if (i < params.count) {
    let factor = bitcast<f32>((127u + state[2]) << 23u);
    scaled[i] = hyper[i] * select(1f, factor, i >= params.first_weight);
  }
}
