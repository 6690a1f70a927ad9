// Sums over rows that belong to one invocation each: nothing to add, and so neither workgroup memory nor a barrier, with
// which a CPU would have to keep all of an invocation's values aside. src/tensor/row-sum.ts puts these functions in the place
// of those of the same names in another file; the declarations here only make this file complete.

alias Sum = f32;
struct Workgroup {
  @builtin(workgroup_id) id: vec3u,
}

fn row_sum(group: Workgroup, local: u32, lanes: u32, value: Sum) -> Sum { return value; }
fn row_max(group: Workgroup, local: u32, lanes: u32, value: f32) -> f32 { return value; }
fn before_next_sum(group: Workgroup, lanes: u32) {}
