// Sums a matrix over its rows, block of rows by block of rows.
// column_sum: source (rows, columns) -> sums (ceil(rows / rows_per_block), pitch)
// One invocation per block and column, columns fastest, so that neighbours read neighbours; 64 to a workgroup. Each
// keeps four running sums: four loads in flight, and a rounding error of a quarter as many additions.

override WORKGROUP: u32 = 64;

struct Params {
  rows: u32,
  columns: u32,
  rows_per_block: u32,
  /// Numbers from one block's sums to the next, `columns` or more.
  pitch: u32,
}

alias Source = f32;

@group(0) @binding(0) var<storage, read> source: array<Source>;
@group(0) @binding(1) var<storage, read_write> sums: array<f32>;
@group(0) @binding(2) var<uniform> params: Params;

@compute @workgroup_size(WORKGROUP)
fn column_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  let columns = params.columns;
  let block = i / columns;
  let first = block * params.rows_per_block;
  if (first >= params.rows) {
    return;
  }
  let count = min(params.rows_per_block, params.rows - first);
  var at = first * columns + i % columns;
  var partial = vec4f();
  for (var row = 0u; row < count / 4u; row++) {
    partial += vec4f(f32(source[at]), f32(source[at + columns]), f32(source[at + 2u * columns]), f32(source[at + 3u * columns]));
    at += 4u * columns;
  }
  for (var row = 0u; row < count % 4u; row++) {
    partial.x += f32(source[at]);
    at += columns;
  }
  sums[block * params.pitch + i % columns] = (partial.x + partial.y) + (partial.z + partial.w);
}
