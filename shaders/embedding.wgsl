// Looks up rows of a table by id; ids past its end count as the last row.
// embedding: weight (V, E), ids (B, pitch) -> y (B, n, E)
// embedding_positions: ids (B, pitch) -> positions (B * n) in the order of their ids, starts (V + 1) of each id in there
// embedding_dweight: dy (B, n, E), positions (B * n), starts (V + 1) -> dweight (V, E)
// embedding: `lanes` invocations to a row, stepping over its channels. embedding_positions: LANES invocations to an id and
// IDS ids to a workgroup, stepping over all ids twice, to count and to write. embedding_dweight: a workgroup to a row of the
// table and CHANNELS of its channels, which adds up the rows of dy at its positions in SLICES sums. Nothing scatters, and
// the order is always the same. With one lane or slice there is nothing to share, and no barrier: those are dear on a CPU.

override WORKGROUP: u32 = 64;
override LANES: u32 = 256;
override IDS: u32 = 1;
override CHANNELS: u32 = 16;
override SLICES: u32 = 16;

struct Params {
  batch: u32,
  length: u32,
  /// Ids from the beginning of one sequence to the next.
  pitch: u32,
  vocabulary: u32,
  channels: u32,
  /// A power of two, and its logarithm: a GPU that has no division of whole numbers takes hundreds of cycles for one.
  lanes: u32,
  lane_bits: u32,
  accumulate: u32,
}

alias Activation = f32;

@group(0) @binding(0) var<storage, read> weight: array<f32>;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> dy: array<Activation>;
@group(0) @binding(3) var<storage, read> positions: array<u32>;
@group(0) @binding(4) var<storage, read> starts: array<u32>;
@group(0) @binding(5) var<storage, read_write> y: array<Activation>;
@group(0) @binding(6) var<storage, read_write> new_positions: array<u32>;
@group(0) @binding(7) var<storage, read_write> new_starts: array<u32>;
@group(0) @binding(8) var<storage, read_write> dweight: array<f32>;
@group(0) @binding(9) var<uniform> params: Params;

/// For each lane: how many smaller ids it has seen, and how many that are its own.
var<workgroup> counts: array<vec2u, LANES * IDS>;
var<workgroup> partial: array<f32, CHANNELS * SLICES>;

fn id_at(b: u32, t: u32) -> u32 {
  return min(ids[b * params.pitch + t], params.vocabulary - 1u);
}

@compute @workgroup_size(WORKGROUP)
fn embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let place = id.x + id.y * groups.x * WORKGROUP;
  let row = place >> params.lane_bits;
  if (row >= params.batch * params.length) {
    return;
  }
  let source = id_at(row / params.length, row % params.length);
  for (var channel = place & (params.lanes - 1u); channel < params.channels; channel += params.lanes) {
    y[row * params.channels + channel] = Activation(weight[source * params.channels + channel]);
  }
}

@compute @workgroup_size(LANES, IDS)
fn embedding_positions(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let lane = local.x;
  let wanted = (group.x + group.y * groups.x) * IDS + local.y;
  var count = vec2u();
  for (var b = 0u; b < params.batch; b++) {
    for (var t = lane; t < params.length; t += LANES) {
      let id = id_at(b, t);
      count += vec2u(u32(id < wanted), u32(id == wanted));
    }
  }
  var start = count.x;
  var earlier = 0u;
  if (LANES > 1u) {
    counts[local.y * LANES + lane] = count;
    workgroupBarrier();
    start = 0u;
    for (var other = 0u; other < LANES; other++) {
      start += counts[local.y * LANES + other].x;
      earlier += select(0u, counts[local.y * LANES + other].y, other < lane);
    }
  }
  if (wanted >= params.vocabulary) {
    return;
  }
  if (lane == 0u) {
    new_starts[wanted] = start;
    if (wanted + 1u == params.vocabulary) {
      new_starts[params.vocabulary] = params.batch * params.length;
    }
  }
  var next = start + earlier;
  for (var b = 0u; b < params.batch; b++) {
    for (var t = lane; t < params.length; t += LANES) {
      if (id_at(b, t) == wanted) {
        new_positions[next] = b * params.length + t;
        next++;
      }
    }
  }
}

@compute @workgroup_size(CHANNELS, SLICES)
fn embedding_dweight(
  @builtin(local_invocation_id) local: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let blocks = (params.channels + CHANNELS - 1u) / CHANNELS;
  let place = group.x + group.y * groups.x;
  let owned = place / blocks;
  let channel = place % blocks * CHANNELS + local.x;
  let exists = owned < params.vocabulary && channel < params.channels;
  var sum = 0.0;
  if (exists) {
    let end = starts[owned + 1u];
    var i = starts[owned] + local.y;
    // Two at a time, so that as many loads are under way; added in the same order.
    for (; i + SLICES < end; i += 2u * SLICES) {
      let a = f32(dy[positions[i] * params.channels + channel]);
      let b = f32(dy[positions[i + SLICES] * params.channels + channel]);
      sum = sum + a + b;
    }
    if (i < end) { sum += f32(dy[positions[i] * params.channels + channel]); }
  }
  if (SLICES > 1u) {
    partial[local.y * CHANNELS + local.x] = sum;
    workgroupBarrier();
    for (var slice = 1u; slice < SLICES; slice++) {
      sum += partial[slice * CHANNELS + local.x];
    }
  }
  if (!exists || local.y != 0u) {
    return;
  }
  let i = owned * params.channels + channel;
  if (params.accumulate != 0u) {
    sum += dweight[i];
  }
  dweight[i] = sum;
}
