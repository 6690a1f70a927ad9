// Adds up the parts of a matrix product whose k was split, always in the same order.
// sum_splits: partial (splits, count) -> out (count)
// One invocation per element; a workgroup covers 256, rows of workgroups go along y.

struct Params {
  count: u32,
  splits: u32,
  accumulate: u32,
}

@group(0) @binding(0) var<storage, read> partial: array<f32>;
@group(0) @binding(1) var<storage, read_write> out: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(256)
fn sum_splits(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= params.count) {
    return;
  }
  var sum = 0.0;
  for (var s = 0u; s < params.splits; s++) {
    sum += partial[s * params.count + i];
  }
  if (params.accumulate != 0u) {
    sum += out[i];
  }
  out[i] = sum;
}
