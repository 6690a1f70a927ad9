// Looks up the newest tokens of a text, as a convolution that ends with the newest one reads them.
// recent_embeddings: weight (V, E), ids (T), position (1) -> y (count, E), the last row that of ids[position]
// One invocation per element. Rows before the text's beginning are zeros; ids past the table's end count as its last row.

override WORKGROUP: u32 = 64;

struct Params {
  vocabulary: u32,
  channels: u32,
  count: u32,
}

@group(0) @binding(0) var<storage, read> weight: array<f32>;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> position: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn recent_embeddings(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  if (i >= params.count * params.channels) {
    return;
  }
  let ago = params.count - 1u - i / params.channels;
  if (ago > position[0]) {
    y[i] = 0.0;
    return;
  }
  let token = min(ids[position[0] - ago], params.vocabulary - 1u);
  y[i] = weight[token * params.channels + i % params.channels];
}
