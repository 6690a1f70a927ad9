enable subgroups;

// weight-gradient.wgsl where subgroups are there and loads are dear, as matmul-quad.wgsl is matmul.wgsl there: see that one.
// src/ops/unstaged-product.ts adds by_quads to that file; what follows it here only makes this one complete.

@compute @workgroup_size(16)
fn by_quads(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let tile = (group.x + group.y * groups.x) * 4u + local / 4u;
  let across = (params.n + 15u) / 16u;
  let row = tile / across * 16u;
  let column = tile % across * 16u + local % 4u * 4u;
  // Rows and columns past the end repeat the last one and are not stored. Of 16 rows a lane loads four.
  let rows = min(row + local % 4u * 4u + FOUR, vec4u(params.m - 1u));
  let columns = min(column + FOUR, vec4u(params.n - 1u));
  var sums = vec4f();
  var c0 = vec4f();
  var c1 = vec4f();
  var c2 = vec4f();
  var c3 = vec4f();
  var c4 = vec4f();
  var c5 = vec4f();
  var c6 = vec4f();
  var c7 = vec4f();
  var c8 = vec4f();
  var c9 = vec4f();
  var ca = vec4f();
  var cb = vec4f();
  var cc = vec4f();
  var cd = vec4f();
  var ce = vec4f();
  var cf = vec4f();
  let begin = group.z * params.k_per_part;
  let end = min(params.k, begin + params.k_per_part);
  for (var k = begin; k < end; k += 2u) {
    let next = min(k + 1u, end - 1u);
    // A step past the end repeats the last one, times zero.
    let more = f32(k + 1u < end);
    let y = x4(x_start(k), columns);
    let z = x4(x_start(next), columns);
    let p = dy4(k * params.m + rows);
    let q = dy4(next * params.m + rows) * more;
    sums += p + q;
    c0 += quadBroadcast(p[0], 0u) * y + quadBroadcast(q[0], 0u) * z;
    c1 += quadBroadcast(p[1], 0u) * y + quadBroadcast(q[1], 0u) * z;
    c2 += quadBroadcast(p[2], 0u) * y + quadBroadcast(q[2], 0u) * z;
    c3 += quadBroadcast(p[3], 0u) * y + quadBroadcast(q[3], 0u) * z;
    c4 += quadBroadcast(p[0], 1u) * y + quadBroadcast(q[0], 1u) * z;
    c5 += quadBroadcast(p[1], 1u) * y + quadBroadcast(q[1], 1u) * z;
    c6 += quadBroadcast(p[2], 1u) * y + quadBroadcast(q[2], 1u) * z;
    c7 += quadBroadcast(p[3], 1u) * y + quadBroadcast(q[3], 1u) * z;
    c8 += quadBroadcast(p[0], 2u) * y + quadBroadcast(q[0], 2u) * z;
    c9 += quadBroadcast(p[1], 2u) * y + quadBroadcast(q[1], 2u) * z;
    ca += quadBroadcast(p[2], 2u) * y + quadBroadcast(q[2], 2u) * z;
    cb += quadBroadcast(p[3], 2u) * y + quadBroadcast(q[3], 2u) * z;
    cc += quadBroadcast(p[0], 3u) * y + quadBroadcast(q[0], 3u) * z;
    cd += quadBroadcast(p[1], 3u) * y + quadBroadcast(q[1], 3u) * z;
    ce += quadBroadcast(p[2], 3u) * y + quadBroadcast(q[2], 3u) * z;
    cf += quadBroadcast(p[3], 3u) * y + quadBroadcast(q[3], 3u) * z;
  }
  if (params.accumulate == 0u && row + 16u <= params.m && column + 4u <= params.n) {
    // Without the array, whose elements a CPU looks up one by one.
    store_plainly(row, column, group.z, c0);
    store_plainly(row + 1u, column, group.z, c1);
    store_plainly(row + 2u, column, group.z, c2);
    store_plainly(row + 3u, column, group.z, c3);
    store_plainly(row + 4u, column, group.z, c4);
    store_plainly(row + 5u, column, group.z, c5);
    store_plainly(row + 6u, column, group.z, c6);
    store_plainly(row + 7u, column, group.z, c7);
    store_plainly(row + 8u, column, group.z, c8);
    store_plainly(row + 9u, column, group.z, c9);
    store_plainly(row + 10u, column, group.z, ca);
    store_plainly(row + 11u, column, group.z, cb);
    store_plainly(row + 12u, column, group.z, cc);
    store_plainly(row + 13u, column, group.z, cd);
    store_plainly(row + 14u, column, group.z, ce);
    store_plainly(row + 15u, column, group.z, cf);
  } else {
    var c = array<vec4f, 16>(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, ca, cb, cc, cd, ce, cf);
    for (var i = 0u; i < 16u; i++) { store(row + i, column, group.z, c[i]); }
  }
  if (params.has_bias == 0u || tile % across != 0u) { return; }
  for (var i = 0u; i < 4u; i++) { store_bias(row + local % 4u * 4u + i, group.z, sums[i]); }
}

struct Params {
  m: u32,
  n: u32,
  k: u32,
  k_per_part: u32,
  has_bias: u32,
  accumulate: u32,
}
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> dweight: array<vec4f>;
@group(0) @binding(3) var<uniform> params: Params;
const FOUR = vec4u(0u, 1u, 2u, 3u);
fn x_start(k: u32) -> vec2i {
  return vec2i(i32(k));
}
fn x4(start: vec2i, columns: vec4u) -> vec4f {
  return vec4f(x[u32(start.x) + columns.x]);
}
fn dy4(at: vec4u) -> vec4f {
  return vec4f(dy[at.x]);
}
fn store(row: u32, column: u32, part: u32, sums: vec4f) {
  dweight[row + column + part] = sums;
}
fn store_plainly(row: u32, column: u32, part: u32, sums: vec4f) {
  dweight[row + column + part] = sums;
}
fn store_bias(row: u32, part: u32, sum: f32) {
  dweight[row + part].x = sum;
}
