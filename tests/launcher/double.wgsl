// Doubles each number. x (n) -> x (n). One thread per number, through workgroup memory.

@group(0) @binding(0) var<storage, read_write> x: array<u32>;

var<workgroup> tile: array<u32, 64>;

@compute @workgroup_size(64)
fn double(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) local: u32) {
  tile[local] = select(0u, x[min(id.x, arrayLength(&x) - 1u)], id.x < arrayLength(&x));
  workgroupBarrier();
  if (id.x < arrayLength(&x)) {
    x[id.x] = 2u * tile[local];
  }
}
