enable subgroups;

// Sums over the invocations that share a row, by subgroup operations. src/tensor/row-sum.ts puts these declarations in the
// place of those of the same names in another file, whose `Sum`, `partial` and, for row_max, `partial_maxima` they then use;
// the ones here only make this file complete. A row's `lanes`, a power of two, are neighbours by local_invocation_index.
//
// Subgroups may be of any size, also larger than the workgroup. Where a row fits into one there is neither workgroup memory
// nor a barrier; else each subgroup leaves one number, and the rest goes on with those. Always neighbours are added, then
// pairs, then fours: all lanes get the same bits, and no size of subgroups gives others than another.
//
// WGSL doesn't promise that invocations whose local_invocation_index runs from a multiple of the subgroup's size to the next
// are one subgroup, in this order. Drivers do it where a workgroup has one dimension; on one that doesn't, the sums are wrong,
// which the check of kernels before the first run finds.

alias Sum = f32;

/// What is the same in the whole workgroup. A parameter of its own, since any other member would make a barrier that depends
/// on subgroup_size count as one that not all invocations reach.
struct Workgroup {
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) count: vec3u,
  @builtin(subgroup_size) subgroup_size: u32,
}

var<workgroup> partial: array<Sum, 256>;
var<workgroup> partial_maxima: array<f32, 256>;

fn row_sum(group: Workgroup, local: u32, lanes: u32, value: Sum) -> Sum {
  let lane = local & (lanes - 1u);
  var sum = value;
  // Lane i has the sum of part i % parts of the row; these lie in `partial` from `first` on.
  var parts = lanes;
  var first = local - lane;
  loop {
    // Of the subgroup's size, a power of two: dividing by it takes some GPUs hundreds of cycles.
    var bits = 0u;
    for (var step = 1u; step < min(parts, group.subgroup_size); step *= 2u) {
      sum += subgroupShuffleXor(sum, step);
      bits++;
    }
    if (parts <= group.subgroup_size) {
      return sum;
    }
    if (lane < parts && (lane & (group.subgroup_size - 1u)) == 0u) {
      partial[first + (lane >> bits)] = sum;
    }
    parts >>= bits;
    workgroupBarrier();
    sum = partial[first + (lane & (parts - 1u))];
    // A place of its own for every round takes no barrier more.
    first += parts;
  }
}

/// The same with maxima.
fn row_max(group: Workgroup, local: u32, lanes: u32, value: f32) -> f32 {
  let lane = local & (lanes - 1u);
  var highest = value;
  var parts = lanes;
  var first = local - lane;
  loop {
    // Of the subgroup's size, a power of two: dividing by it takes some GPUs hundreds of cycles.
    var bits = 0u;
    for (var step = 1u; step < min(parts, group.subgroup_size); step *= 2u) {
      highest = max(highest, subgroupShuffleXor(highest, step));
      bits++;
    }
    if (parts <= group.subgroup_size) {
      return highest;
    }
    if (lane < parts && (lane & (group.subgroup_size - 1u)) == 0u) {
      partial_maxima[first + (lane >> bits)] = highest;
    }
    parts >>= bits;
    workgroupBarrier();
    highest = partial_maxima[first + (lane & (parts - 1u))];
    first += parts;
  }
}

/// Between two sums of one kernel: the first one's memory is read by everyone before the second one's is written.
fn before_next_sum(group: Workgroup, lanes: u32) {
  if (lanes > group.subgroup_size) {
    workgroupBarrier();
  }
}
