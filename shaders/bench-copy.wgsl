// Copies an array, the least that a kernel can do with it: what reading and writing memory costs a kernel.
// copy: source (4 * count) -> copied (4 * count)
// One invocation per vector of four; a workgroup covers 256, rows of workgroups go along y.

struct Params {
  count: u32,
}

@group(0) @binding(0) var<storage, read> source: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> copied: array<vec4f>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(256)
fn copy(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 256u;
  if (i < params.count) {
    copied[i] = source[i];
  }
}
