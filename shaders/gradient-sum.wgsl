// Adds up the parts in which the backward pass has left gradients of parameters, always in the same order.
// sum_parts: parts (vec4), blocks (count) -> gradients (vec4), added to
// One invocation per vec4 of a gradient, 16 to a block of 64 numbers, so that a workgroup covers four blocks.

struct Params {
  count: u32,
}

/// Where the 64 numbers or fewer of a block come from and go to, in vec4.
struct Block {
  source: u32,
  pitch: u32,
  parts: u32,
  goal: u32,
  /// How many numbers; behind the last ones of a part lies garbage.
  numbers: u32,
}

@group(0) @binding(0) var<storage, read> parts: array<vec4f>;
@group(0) @binding(1) var<storage, read> blocks: array<Block>;
@group(0) @binding(2) var<storage, read_write> gradients: array<vec4f>;
@group(0) @binding(3) var<uniform> params: Params;

@compute @workgroup_size(64)
fn sum_parts(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let place = i % 16u;
  if (i / 16u >= params.count) {
    return;
  }
  let block = blocks[i / 16u];
  if (4u * place >= block.numbers) {
    return;
  }
  let pitch = block.pitch;
  var at = block.source + place;
  var sum = parts[at];
  var part = 1u;
  // Four at a time, so that as many loads are under way; added in the same order.
  for (; part + 4u <= block.parts; part += 4u) {
    let first = parts[at + pitch];
    let second = parts[at + 2u * pitch];
    let third = parts[at + 3u * pitch];
    at += 4u * pitch;
    sum = sum + first + second + third + parts[at];
  }
  for (; part < block.parts; part++) {
    at += pitch;
    sum += parts[at];
  }
  let exists = 4u * place + vec4u(0u, 1u, 2u, 3u) < vec4u(block.numbers);
  gradients[block.goal + place] += select(vec4f(), sum, exists);
}
