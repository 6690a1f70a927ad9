// Looks up rows of a table by id; ids past its end count as the last row.
// embedding: weight (V, E), ids (B, pitch) -> y (B, n, E)
// embedding_dweight: ids (B, pitch), dy (B, n, E) -> dweight (V, E)
// embedding: one invocation per element of y, channels fastest.
// embedding_dweight: one workgroup per row of the table and CHANNELS of its channels, which finds the positions of its
// id, TILE at a time, and adds up their rows of dy in SLICES interleaved sums: no scatter, and always the same order.

override WORKGROUP: u32 = 64;

const LANES: u32 = 256u;
const CHANNELS: u32 = 32u;
const SLICES: u32 = LANES / CHANNELS;
/// Positions that a tile looks at: a word of bits for each lane.
const TILE: u32 = LANES * 32u;

struct Params {
  batch: u32,
  length: u32,
  /// Ids from the beginning of one sequence to the next.
  pitch: u32,
  vocabulary: u32,
  channels: u32,
  accumulate: u32,
}

@group(0) @binding(0) var<storage, read> weight: array<f32>;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;
@group(0) @binding(4) var<storage, read_write> dweight: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

/// Bit k of word l: the id at position l + k * LANES of the tile is that of the workgroup.
var<workgroup> matches: array<u32, LANES>;
var<workgroup> partial: array<f32, LANES>;

/// The id of row b * n + t of the activations.
fn id_of(row: u32) -> u32 {
  return min(ids[row / params.length * params.pitch + row % params.length], params.vocabulary - 1u);
}

@compute @workgroup_size(WORKGROUP)
fn embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * WORKGROUP;
  let row = i / params.channels;
  if (row < params.batch * params.length) {
    y[i] = weight[id_of(row) * params.channels + i % params.channels];
  }
}

@compute @workgroup_size(LANES)
fn embedding_dweight(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let rows = params.batch * params.length;
  let blocks = (params.channels + CHANNELS - 1u) / CHANNELS;
  let place = group.x + group.y * groups.x;
  let owned = place / blocks;
  let channel = place % blocks * CHANNELS + lane % CHANNELS;
  let slice = lane / CHANNELS;

  var sum = 0.0;
  for (var tile = 0u; tile < rows; tile += TILE) {
    var found = 0u;
    for (var k = 0u; k < 32u; k++) {
      let row = tile + lane + k * LANES;
      if (row < rows && id_of(row) == owned) {
        found |= 1u << k;
      }
    }
    matches[lane] = found;
    workgroupBarrier();
    for (var word = slice; word < LANES; word += SLICES) {
      for (var bits = matches[word]; bits != 0u && channel < params.channels; bits &= bits - 1u) {
        let row = tile + word + countTrailingZeros(bits) * LANES;
        sum += dy[row * params.channels + channel];
      }
    }
    workgroupBarrier();
  }

  partial[lane] = sum;
  workgroupBarrier();
  if (slice != 0u || channel >= params.channels || owned >= params.vocabulary) {
    return;
  }
  for (var other = 1u; other < SLICES; other++) {
    sum += partial[lane + other * CHANNELS];
  }
  let i = owned * params.channels + channel;
  if (params.accumulate != 0u) {
    sum += dweight[i];
  }
  dweight[i] = sum;
}
