// Euclidean norm of each row, into one column of a matrix of norms.
// row_norm: source (rows, channels) -> norms (rows, columns) at `column`
// One invocation per row, 64 to a workgroup: it is for looking inside, never part of a step. Four running sums keep the
// rounding error small.

struct Params {
  rows: u32,
  channels: u32,
  columns: u32,
  column: u32,
}

@group(0) @binding(0) var<storage, read> source: array<f32>;
@group(0) @binding(1) var<storage, read_write> norms: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(64)
fn row_norm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 64u;
  if (row >= params.rows) {
    return;
  }
  let first = row * params.channels;
  let end = first + params.channels;
  var squares = vec4f();
  var at = first;
  for (; at + 4u <= end; at += 4u) {
    let v = vec4f(source[at], source[at + 1u], source[at + 2u], source[at + 3u]);
    squares += v * v;
  }
  for (; at < end; at++) {
    squares.x += source[at] * source[at];
  }
  norms[row * params.columns + params.column] = sqrt((squares.x + squares.y) + (squares.z + squares.w));
}
