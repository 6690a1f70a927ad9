enable subgroups;

// weight-gradient.wgsl where subgroups are there and loads are dear, as matmul-quad.wgsl is matmul.wgsl there: see that one.
// src/ops/unstaged-product.ts adds these declarations to that file; what follows `row_of` only makes this one complete.

// Whether all runs of dy and x are whole vectors of four.
override QUADS: bool = false;
// 32x32 instead of 16x16.
override LARGE: bool = false;

@group(0) @binding(5) var<storage, read> dy_quads: array<vec4<Dy>>;
@group(0) @binding(6) var<storage, read> x_quads: array<vec4<X>>;

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
  // A column of a block is a row of the result.
  var c00 = Blocks();
  var c01 = Blocks();
  var c10 = Blocks();
  var c11 = Blocks();
  var upper_sums = vec4f();
  var lower_sums = vec4f();
  let begin = group.z * params.k_per_part;
  let end = min(params.k, begin + params.k_per_part);
  for (var k = begin; k < end; k += 4u) {
    let upper = dy_block(k, end, row + lane * 4u);
    upper_sums += upper[0] + upper[1] + upper[2] + upper[3];
    let top = shared_rows(transpose(upper));
    let near = x_block(k, end, column);
    c00 = add_product(c00, near, top);
    if (LARGE) {
      let lower = dy_block(k, end, row + 16u + lane * 4u);
      lower_sums += lower[0] + lower[1] + lower[2] + lower[3];
      let bottom = shared_rows(transpose(lower));
      let far = x_block(k, end, column + 16u);
      c01 = add_product(c01, far, top);
      c10 = add_product(c10, near, bottom);
      c11 = add_product(c11, far, bottom);
    }
  }
  // A loop, lest the epilogue be there four times. The blocks move up.
  for (var i = 0u; i < select(1u, 4u, LARGE); i++) {
    store_blocks(row + i / 2u * 16u, column + i % 2u * 16u, lane, group.z, c00);
    c00 = c01;
    c01 = c10;
    c10 = c11;
  }
  if (params.has_bias == 0u || tile % across != 0u) { return; }
  for (var i = 0u; i < side; i += 16u) {
    let sums = select(upper_sums, lower_sums, i != 0u);
    for (var e = 0u; e < 4u; e++) { store_bias(row + i + lane * 4u + e, group.z, sums[e]); }
  }
}

// Four outputs of dy at four rows, a row in each column. Outputs past the end are some that exist and are not stored, rows past
// the end are zeros.
fn dy_block(k: u32, end: u32, output: u32) -> mat4x4f {
  let at = min(k + FOUR, vec4u(end - 1u)) * params.m;
  let exists = vec4f(k + FOUR < vec4u(end));
  if (QUADS) {
    let first = (at + min(output, params.m - 4u)) / 4u;
    return mat4x4f(
      vec4f(dy_quads[first.x]) * exists.x,
      vec4f(dy_quads[first.y]) * exists.y,
      vec4f(dy_quads[first.z]) * exists.z,
      vec4f(dy_quads[first.w]) * exists.w,
    );
  }
  let outputs = min(output + FOUR, vec4u(params.m - 1u));
  return mat4x4f(dy4(at.x + outputs) * exists.x, dy4(at.y + outputs) * exists.y, dy4(at.z + outputs) * exists.z, dy4(at.w + outputs) * exists.w);
}

// Four columns of x at four rows, a row in each column. Those past the end are some that exist.
fn x_block(k: u32, end: u32, column: u32) -> mat4x4f {
  let rows = min(k + FOUR, vec4u(end - 1u));
  if (QUADS) { return mat4x4f(x_run(rows.x, column), x_run(rows.y, column), x_run(rows.z, column), x_run(rows.w, column)); }
  let columns = min(column + FOUR, vec4u(params.n - 1u));
  return mat4x4f(x4(x_start(rows.x), columns), x4(x_start(rows.y), columns), x4(x_start(rows.z), columns), x4(x_start(rows.w), columns));
}

fn x_run(k: u32, column: u32) -> vec4f {
  let start = x_start(k);
  let i = start.y + i32(min(column, params.n - 4u));
  let four = vec4f(x_quads[u32(start.x + i) / 4u]);
  return select(vec4f(), four, !VIEWED || u32(i) < u32(params.x_length));
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

fn store_blocks(start: u32, column: u32, lane: u32, part: u32, blocks: Blocks) {
  let plain = params.accumulate == 0u && start + 16u <= params.m && column + 4u <= params.n;
  // Chosen, since a CPU looks up number by number what a loop indexes.
  for (var i = 0u; i < 4u; i++) {
    let row = start + (lane ^ i) * 4u;
    let block = choose(choose(blocks.own, blocks.beside, i == 1u), choose(blocks.below, blocks.opposite, i == 3u), i >= 2u);
    if (plain) { store_block(row, column, part, block); }
    for (var e = 0u; e < 4u && !plain; e++) { store(row + e, column, part, row_of(block, e)); }
  }
}

fn store_block(row: u32, column: u32, part: u32, block: mat4x4f) {
  store_plainly(row, column, part, block[0]);
  store_plainly(row + 1u, column, part, block[1]);
  store_plainly(row + 2u, column, part, block[2]);
  store_plainly(row + 3u, column, part, block[3]);
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
  k_per_part: u32,
  x_length: i32,
  has_bias: u32,
  accumulate: u32,
}
const VIEWED = false;
const FOUR = vec4u(0u, 1u, 2u, 3u);
alias Dy = f32;
alias X = f32;
@group(0) @binding(0) var<storage, read> dy: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> dweight: array<vec4f>;
@group(0) @binding(3) var<uniform> params: Params;
fn x_start(k: u32) -> vec2i { return vec2i(i32(k)); }
fn x4(start: vec2i, columns: vec4u) -> vec4f { return vec4f(x[u32(start.x) + columns.x]); }
fn dy4(at: vec4u) -> vec4f { return vec4f(dy[at.x]); }
fn store(row: u32, column: u32, part: u32, sums: vec4f) { dweight[row + column + part] = sums; }
fn store_plainly(row: u32, column: u32, part: u32, sums: vec4f) { dweight[row + column + part] = sums; }
fn store_bias(row: u32, part: u32, sum: f32) { dweight[row + part].x = sum; }
