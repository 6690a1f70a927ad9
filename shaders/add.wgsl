// Adds one array to another in place: sum += source.
// accumulate: source (count), sum (count) -> sum (count)
// One invocation per element; a workgroup covers 256, rows of workgroups go along y.

struct Params {
  count: u32,
}

alias Source = f32;
alias Sum = f32;

@group(0) @binding(0) var<storage, read> source: array<Source>;
@group(0) @binding(1) var<storage, read_write> sum: array<Sum>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(256)
fn accumulate(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 256u;
  if (i < params.count) {
    sum[i] = Sum(f32(sum[i]) + f32(source[i]));
  }
}
