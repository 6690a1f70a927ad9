enable subgroups;

// The matrix products of matmul.wgsl where subgroups are there and loads are dear, as on a CPU. src/ops/unstaged-product.ts adds
// these declarations to that file; what follows `row_of` only makes this one complete.
//
// A quad, four neighbours of a subgroup, makes 16x16 of the result, or 32x32: each invocation four columns of every 16, and all of
// them need the same rows of a. So each loads a quarter of those and the others get them by swaps, which are one instruction on
// a CPU; a broadcast of one number is ten. So in which rows the sums of an invocation begin depends on its place in the quad.
// Four steps of k at a time, so that sums are kept aside a quarter as often.

// Whether all runs of a and b are whole vectors of four: a vector costs less than four numbers.
override QUADS: bool = false;
// 32x32: 16 vectors for 1024 multiply-adds instead of 8 for 256, but longer to compile.
override LARGE: bool = false;

@group(0) @binding(7) var<storage, read> a_quads: array<vec4<A>>;
@group(0) @binding(8) var<storage, read> b_quads: array<vec4f>;

/// Blocks of 4x4: that of the rows which the invocation loads, and those of its neighbours' rows.
struct Blocks {
  own: mat4x4f,
  beside: mat4x4f,
  below: mat4x4f,
  opposite: mat4x4f,
}

@compute @workgroup_size(8)
fn by_quads(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) local: u32) {
  let tile = (group.x + group.y * groups.x) * 2u + local / 4u;
  let lane = local % 4u;
  let side = select(16u, 32u, LARGE);
  let across = (params.n + side - 1u) / side;
  let row = tile / across * side;
  let column = tile % across * side + lane * 4u;
  product = group.z;
  let upper = a_starts(row + lane * 4u);
  let lower = a_starts(row + 16u + lane * 4u);
  let left = b_starts(column);
  let right = b_starts(column + 16u);
  // A column of a block is a row of the result.
  var c00 = filled(first_sums(column));
  var c01 = filled(first_sums(column + 16u));
  var c10 = c00;
  var c11 = c01;
  let first = min(group.z, 1u);
  for (var segment = first; segment < first + params.segments; segment++) {
    for (var k = 0u; k < params.k; k += 4u) {
      let top = shared_rows(a_block(upper, k, segment));
      let near = b_block(left, k, segment);
      c00 = add_product(c00, near, top);
      if (LARGE) {
        let bottom = shared_rows(a_block(lower, k, segment));
        let far = b_block(right, k, segment);
        c01 = add_product(c01, far, top);
        c10 = add_product(c10, near, bottom);
        c11 = add_product(c11, far, bottom);
      }
    }
  }
  // A loop, lest the epilogue be there four times. The blocks move up.
  for (var i = 0u; i < select(1u, 4u, LARGE); i++) {
    store_blocks(row + i / 2u * 16u, column + i % 2u * 16u, lane, c00);
    c00 = c01;
    c01 = c10;
    c10 = c11;
  }
}

fn filled(sums: vec4f) -> Blocks {
  let block = mat4x4f(sums, sums, sums, sums);
  return Blocks(block, block, block, block);
}

// Four rows of a at four steps of k, a row in each column. Steps past the end repeat the last one.
fn a_block(starts: array<vec2i, 4>, k: u32, segment: u32) -> mat4x4f {
  if (QUADS) {
    let step = step_offsets(k, segment).x;
    return mat4x4f(a_run(starts[0], step), a_run(starts[1], step), a_run(starts[2], step), a_run(starts[3], step));
  }
  let steps = min(k + vec4u(0u, 1u, 2u, 3u), vec4u(params.k - 1u));
  return transpose(mat4x4f(
    load_a4(starts, step_offsets(steps.x, segment)),
    load_a4(starts, step_offsets(steps.y, segment)),
    load_a4(starts, step_offsets(steps.z, segment)),
    load_a4(starts, step_offsets(steps.w, segment)),
  ));
}

fn a_run(start: vec2i, step: i32) -> vec4f {
  let i = start.y + step;
  let four = vec4f(a_quads[u32(start.x + i) / 4u]);
  return select(vec4f(), four, !VIEWED || u32(i) < u32(params.a_length));
}

// Four columns of b at four steps of k, a step in each column. Steps past the end are zeros.
fn b_block(starts: vec4i, k: u32, segment: u32) -> mat4x4f {
  if (QUADS) {
    let at = vec4u(starts + step_offsets(k, segment).y) / 4u;
    if (TRANSPOSE_B) { return transpose(mat4x4f(b_quads[at.x], b_quads[at.y], b_quads[at.z], b_quads[at.w])); }
    let pitch = u32(params.b_row) / 4u;
    return mat4x4f(b_quads[at.x], b_quads[at.x + pitch], b_quads[at.x + 2u * pitch], b_quads[at.x + 3u * pitch]);
  }
  let steps = k + vec4u(0u, 1u, 2u, 3u);
  let last = vec4u(params.k - 1u);
  let exists = vec4f(steps <= last);
  let loaded = min(steps, last);
  return mat4x4f(
    load_b4(starts, step_offsets(loaded.x, segment)) * exists.x,
    load_b4(starts, step_offsets(loaded.y, segment)) * exists.y,
    load_b4(starts, step_offsets(loaded.z, segment)) * exists.z,
    load_b4(starts, step_offsets(loaded.w, segment)) * exists.w,
  );
}

fn shared_rows(x: mat4x4f) -> Blocks {
  return Blocks(
    x,
    mat4x4f(quadSwapX(x[0]), quadSwapX(x[1]), quadSwapX(x[2]), quadSwapX(x[3])),
    mat4x4f(quadSwapY(x[0]), quadSwapY(x[1]), quadSwapY(x[2]), quadSwapY(x[3])),
    mat4x4f(quadSwapDiagonal(x[0]), quadSwapDiagonal(x[1]), quadSwapDiagonal(x[2]), quadSwapDiagonal(x[3])),
  );
}

fn add_product(c: Blocks, y: mat4x4f, x: Blocks) -> Blocks {
  return Blocks(c.own + y * x.own, c.beside + y * x.beside, c.below + y * x.below, c.opposite + y * x.opposite);
}

fn store_blocks(start: u32, column: u32, lane: u32, blocks: Blocks) {
  let plain = is_plain() && start + 16u <= params.m && column + 4u <= params.n;
  // Chosen, since a CPU looks up number by number what a loop indexes.
  for (var i = 0u; i < 4u; i++) {
    let row = start + (lane ^ i) * 4u;
    let block = choose(choose(blocks.own, blocks.beside, i == 1u), choose(blocks.below, blocks.opposite, i == 3u), i >= 2u);
    if (plain) { store_block(row, column, block); }
    for (var e = 0u; e < 4u && !plain; e++) { store(row + e, column, row_of(block, e)); }
  }
}

fn store_block(row: u32, column: u32, block: mat4x4f) {
  store_plainly(row, column, block[0]);
  store_plainly(row + 1u, column, block[1]);
  store_plainly(row + 2u, column, block[2]);
  store_plainly(row + 3u, column, block[3]);
}

fn choose(a: mat4x4f, b: mat4x4f, second: bool) -> mat4x4f {
  return mat4x4f(select(a[0], b[0], second), select(a[1], b[1], second), select(a[2], b[2], second), select(a[3], b[3], second));
}

fn row_of(m: mat4x4f, e: u32) -> vec4f {
  return select(select(m[0], m[1], e == 1u), select(m[2], m[3], e == 3u), e >= 2u);
}

struct Params {
  m: u32,
  n: u32,
  k: u32,
  segments: u32,
  a_length: i32,
  b_row: i32,
}
const VIEWED = false;
const TRANSPOSE_B = true;
alias A = f32;
var<private> product: u32;
@group(0) @binding(0) var<storage, read> a: array<f32>;
@group(0) @binding(1) var<storage, read> b: array<f32>;
@group(0) @binding(2) var<storage, read_write> out: array<vec4f>;
@group(0) @binding(3) var<uniform> params: Params;
fn a_starts(row: u32) -> array<vec2i, 4> { return array(vec2i(i32(row)), vec2i(), vec2i(), vec2i()); }
fn b_starts(column: u32) -> vec4i { return vec4i(i32(column)); }
fn first_sums(column: u32) -> vec4f { return vec4f(b[column]); }
fn step_offsets(k: u32, segment: u32) -> vec2i { return vec2i(vec2u(k, segment)); }
fn load_a4(starts: array<vec2i, 4>, step: vec2i) -> vec4f { return vec4f(a[starts[0].x + step.x]); }
fn load_b4(starts: vec4i, step: vec2i) -> vec4f { return vec4f(b[starts.x + step.y]); }
fn is_plain() -> bool { return params.n == 0u; }
fn store_plainly(row: u32, column: u32, sums: vec4f) { out[row + column] = sums; }
fn store(row: u32, column: u32, sums: vec4f) { out[row + column] = sums; }
