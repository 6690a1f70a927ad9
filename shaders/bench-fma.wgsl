// What an adapter can multiply and add at most: chains of multiply-adds that wait for nothing but themselves.
// multiply_add: seed (2) -> sums (count)
// One invocation per sum. Eight chains hide the latency of a multiply-add, and fit the registers of a CPU with what they
// multiply by. A step is x = factor x + offset with a factor below 1, which neither grows nor fades, nor can be foreseen.

struct Params {
  count: u32,
  loops: u32,
}

@group(0) @binding(0) var<storage, read> seed: array<f32>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(256)
fn multiply_add(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 256u;
  if (i >= params.count) {
    return;
  }
  let factor = seed[0];
  let offset = seed[1];
  var x0 = f32(i % 2u);
  var x1 = f32(i % 3u);
  var x2 = f32(i % 4u);
  var x3 = f32(i % 5u);
  var x4 = f32(i % 6u);
  var x5 = f32(i % 7u);
  var x6 = f32(i % 8u);
  var x7 = f32(i % 9u);
  for (var done = 0u; done < params.loops; done++) {
    x0 = fma(x0, factor, offset);
    x1 = fma(x1, factor, offset);
    x2 = fma(x2, factor, offset);
    x3 = fma(x3, factor, offset);
    x4 = fma(x4, factor, offset);
    x5 = fma(x5, factor, offset);
    x6 = fma(x6, factor, offset);
    x7 = fma(x7, factor, offset);
    x0 = fma(x0, factor, offset);
    x1 = fma(x1, factor, offset);
    x2 = fma(x2, factor, offset);
    x3 = fma(x3, factor, offset);
    x4 = fma(x4, factor, offset);
    x5 = fma(x5, factor, offset);
    x6 = fma(x6, factor, offset);
    x7 = fma(x7, factor, offset);
    x0 = fma(x0, factor, offset);
    x1 = fma(x1, factor, offset);
    x2 = fma(x2, factor, offset);
    x3 = fma(x3, factor, offset);
    x4 = fma(x4, factor, offset);
    x5 = fma(x5, factor, offset);
    x6 = fma(x6, factor, offset);
    x7 = fma(x7, factor, offset);
    x0 = fma(x0, factor, offset);
    x1 = fma(x1, factor, offset);
    x2 = fma(x2, factor, offset);
    x3 = fma(x3, factor, offset);
    x4 = fma(x4, factor, offset);
    x5 = fma(x5, factor, offset);
    x6 = fma(x6, factor, offset);
    x7 = fma(x7, factor, offset);
  }
  sums[i] = x0 + x1 + x2 + x3 + x4 + x5 + x6 + x7;
}
