// What the backward pass of softmax subtracts in every row of attention: delta = dy . y of one token and head.
// row_delta: y (B, T, H D), dy (B, T, H D) -> delta (B, T, H)
// A workgroup of 64 covers 8 heads of tokens, 8 invocations each.

struct Params {
  count: u32,
  // Pairs of channels in a head.
  pairs: u32,
}

@group(0) @binding(0) var<storage, read> y: array<vec2f>;
@group(0) @binding(1) var<storage, read> dy: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> delta: array<f32>;
@group(0) @binding(3) var<uniform> params: Params;

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn row_delta(
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row = (group.x + group.y * groups.x) * 8u + lane / 8u;
  var sum = 0.0;
  for (var i = lane % 8u; i < params.pairs && row < params.count; i += 8u) {
    sum += dot(y[row * params.pairs + i], dy[row * params.pairs + i]);
  }
  partial[lane] = sum;
  workgroupBarrier();
  if (lane % 8u == 0u && row < params.count) {
    var total = 0.0;
    for (var x = 0u; x < 8u; x++) {
      total += partial[lane + x];
    }
    delta[row] = total;
  }
}
