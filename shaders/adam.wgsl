// One update of Adam with decoupled weight decay on a flat run of parameters.
// update: gradients (4 * count), blocks (count / 16), factors (5) -> weights, m, v (4 * count)
// One invocation per vector of four parameters; sixteen of them make a block of 64, which is all of one parameter.
// blocks: bit 0 = has a gradient, else nothing is touched; bit 1 = decays.
// factors: 1 or 0 for no update at all, clip factor, learning rate / correction of m, root of the correction of v,
// learning rate * weight decay.
// Kingma and Ba, Adam, 2015; Loshchilov and Hutter, Decoupled weight decay regularization, 2019.

struct Params {
  count: u32,
  beta1: f32,
  one_minus_beta1: f32,
  beta2: f32,
  one_minus_beta2: f32,
  epsilon: f32,
}

@group(0) @binding(0) var<storage, read_write> weights: array<vec4f>;
@group(0) @binding(1) var<storage, read> gradients: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> v: array<vec4f>;
@group(0) @binding(4) var<storage, read> blocks: array<u32>;
@group(0) @binding(5) var<storage, read> factors: array<f32>;
@group(0) @binding(6) var<uniform> params: Params;

@compute @workgroup_size(256)
fn update(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= params.count || factors[0] == 0f) {
    return;
  }
  let block = blocks[i / 16u];
  if ((block & 1u) == 0u) {
    return;
  }
  let g = gradients[i] * factors[1];
  let first = params.beta1 * m[i] + params.one_minus_beta1 * g;
  let second = params.beta2 * v[i] + params.one_minus_beta2 * (g * g);
  m[i] = first;
  v[i] = second;
  let step = factors[2] * (first / (sqrt(second) / factors[3] + params.epsilon));
  let decay = select(0f, factors[4], (block & 2u) != 0u);
  // One rounding at the size of the weight, so that a small decay is not lost.
  weights[i] -= step + decay * weights[i];
}
