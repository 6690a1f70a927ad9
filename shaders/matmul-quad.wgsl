enable subgroups;

// The matrix products of matmul.wgsl where subgroups are there and loads are dear, as on a CPU. src/ops/unstaged-product.ts adds
// by_quads to that file; what follows it here only makes this one complete.
//
// A quad, four neighbours of a subgroup, makes 16x16 of the result: each invocation four columns, and all of them need the same
// rows of a. So each loads a quarter of those and hands it to the others: eight loads for 64 multiply-adds instead of sixteen.
// Two steps of k at a time, so that sums are kept half as often.

@compute @workgroup_size(16)
fn by_quads(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let tile = (group.x + group.y * groups.x) * 4u + local / 4u;
  let across = (params.n + 15u) / 16u;
  let row = tile / across * 16u;
  let column = tile % across * 16u + local % 4u * 4u;
  let starts = a_starts(row + local % 4u * 4u);
  let columns = b_starts(column);
  var c0 = first_sums(column);
  var c1 = c0;
  var c2 = c0;
  var c3 = c0;
  var c4 = c0;
  var c5 = c0;
  var c6 = c0;
  var c7 = c0;
  var c8 = c0;
  var c9 = c0;
  var ca = c0;
  var cb = c0;
  var cc = c0;
  var cd = c0;
  var ce = c0;
  var cf = c0;
  for (var segment = 0u; segment < params.segments; segment++) {
    for (var k = 0u; k < params.k; k += 2u) {
      let at = step_offsets(k, segment);
      let next = step_offsets(min(k + 1u, params.k - 1u), segment);
      // A step past the end repeats the last one, times zero.
      let more = f32(k + 1u < params.k);
      let y = load_b4(columns, at);
      let z = load_b4(columns, next) * more;
      let p0 = load_a(starts[0], at);
      let p1 = load_a(starts[1], at);
      let p2 = load_a(starts[2], at);
      let p3 = load_a(starts[3], at);
      let q0 = load_a(starts[0], next);
      let q1 = load_a(starts[1], next);
      let q2 = load_a(starts[2], next);
      let q3 = load_a(starts[3], next);
      c0 += quadBroadcast(p0, 0u) * y + quadBroadcast(q0, 0u) * z;
      c1 += quadBroadcast(p1, 0u) * y + quadBroadcast(q1, 0u) * z;
      c2 += quadBroadcast(p2, 0u) * y + quadBroadcast(q2, 0u) * z;
      c3 += quadBroadcast(p3, 0u) * y + quadBroadcast(q3, 0u) * z;
      c4 += quadBroadcast(p0, 1u) * y + quadBroadcast(q0, 1u) * z;
      c5 += quadBroadcast(p1, 1u) * y + quadBroadcast(q1, 1u) * z;
      c6 += quadBroadcast(p2, 1u) * y + quadBroadcast(q2, 1u) * z;
      c7 += quadBroadcast(p3, 1u) * y + quadBroadcast(q3, 1u) * z;
      c8 += quadBroadcast(p0, 2u) * y + quadBroadcast(q0, 2u) * z;
      c9 += quadBroadcast(p1, 2u) * y + quadBroadcast(q1, 2u) * z;
      ca += quadBroadcast(p2, 2u) * y + quadBroadcast(q2, 2u) * z;
      cb += quadBroadcast(p3, 2u) * y + quadBroadcast(q3, 2u) * z;
      cc += quadBroadcast(p0, 3u) * y + quadBroadcast(q0, 3u) * z;
      cd += quadBroadcast(p1, 3u) * y + quadBroadcast(q1, 3u) * z;
      ce += quadBroadcast(p2, 3u) * y + quadBroadcast(q2, 3u) * z;
      cf += quadBroadcast(p3, 3u) * y + quadBroadcast(q3, 3u) * z;
    }
  }
  // Without the array, whose elements a CPU looks up one by one.
  if (is_plain() && row + 16u <= params.m && column + 4u <= params.n) {
    store_plainly(row, column, c0);
    store_plainly(row + 1u, column, c1);
    store_plainly(row + 2u, column, c2);
    store_plainly(row + 3u, column, c3);
    store_plainly(row + 4u, column, c4);
    store_plainly(row + 5u, column, c5);
    store_plainly(row + 6u, column, c6);
    store_plainly(row + 7u, column, c7);
    store_plainly(row + 8u, column, c8);
    store_plainly(row + 9u, column, c9);
    store_plainly(row + 10u, column, ca);
    store_plainly(row + 11u, column, cb);
    store_plainly(row + 12u, column, cc);
    store_plainly(row + 13u, column, cd);
    store_plainly(row + 14u, column, ce);
    store_plainly(row + 15u, column, cf);
    return;
  }
  var c = array<vec4f, 16>(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, ca, cb, cc, cd, ce, cf);
  for (var i = 0u; i < 16u; i++) { store(row + i, column, c[i]); }
}

struct Params {
  m: u32,
  n: u32,
  k: u32,
  segments: u32,
}
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;
@group(0) @binding(3) var<uniform> params: Params;
fn a_starts(row: u32) -> array<vec2i, 4> {
  return array(vec2i(i32(row)), vec2i(), vec2i(), vec2i());
}
fn b_starts(column: u32) -> vec4i {
  return vec4i(i32(column));
}
fn first_sums(column: u32) -> vec4f {
  return vec4f(b[column]);
}
fn step_offsets(k: u32, segment: u32) -> vec2i {
  return vec2i(vec2u(k, segment));
}
fn load_a(start: vec2i, step: vec2i) -> f32 {
  return a[start.x + step.x];
}
fn load_b4(starts: vec4i, step: vec2i) -> vec4f {
  return vec4f(b[starts.x + step.y]);
}
fn is_plain() -> bool {
  return params.n == 0u;
}
fn store_plainly(row: u32, column: u32, sums: vec4f) {
  out[row + column] = sums;
}
fn store(row: u32, column: u32, sums: vec4f) {
  out[row + column] = sums;
}
