// Fills an array with zeros.
// zero: -> out (count)
// One invocation per element; a workgroup covers 256, rows of workgroups go along y.

struct Params {
  count: u32,
}

alias Out = f32;

@group(0) @binding(0) var<storage, read_write> out: array<Out>;
@group(0) @binding(1) var<uniform> params: Params;

@compute @workgroup_size(256)
fn zero(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 256u;
  if (i < params.count) {
    out[i] = Out(0.0);
  }
}
