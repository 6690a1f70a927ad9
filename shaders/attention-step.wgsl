// Attention of one new token: its key and value join those of earlier ones, then its query looks at them.
// attend: qkv (3 H D as q|k|v), table (rows, 2, QUADS), position (1), memory -> y (H D), memory
// remember: qkv (T, 3 H D), table, position (1) -> memory, what it would hold after all tokens up to the one at `position`
// The token is t = position / stride, row t / dilation of sequence t % dilation; it sees its own row and `window` rows
// before it. memory has `kept` slots for each sequence, row r in slot r % kept, where it takes the place of one that nobody
// can see any more: rotated keys (H, D, slots), then values (slots, H, D), so that neighbours always read neighbours.
// attend: a workgroup of LANES owns a head and visits TILE keys at a time: first its invocations own keys, then channels.
// remember: one invocation per slot, pair of channels and head, slots fastest.
// Su et al., RoFormer (2021); Dao et al., FlashAttention (2022), for the sum that is kept while the largest score grows.

const HEAD_WIDTH: u32 = 32u;
const LANES: u32 = 64u;

const TILE: u32 = 64u;
const HALF: u32 = HEAD_WIDTH / 2u;
const QUADS: u32 = (HEAD_WIDTH + 3u) / 4u;
const CHANNELS: u32 = (HEAD_WIDTH + LANES - 1u) / LANES;
const Q: u32 = 0u;
const K: u32 = 1u;
const V: u32 = 2u;
const SCALE: f32 = 1.0 / sqrt(f32(HEAD_WIDTH));
const HIDDEN: f32 = -1e30;

struct Params {
  heads: u32,
  stride: u32,
  dilation: u32,
  window: u32,
  kept: u32,
}

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read> table: array<vec4f>;
@group(0) @binding(2) var<storage, read> position: array<u32>;
@group(0) @binding(3) var<storage, read_write> memory: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

var<workgroup> query: array<f32, HEAD_WIDTH>;
var<workgroup> scores: array<f32, TILE>;
var<workgroup> weights: array<f32, TILE>;

// Channels `pair` and `pair` + HALF of a token of qkv, rotated if they are a query's or a key's.
fn fetch(part: u32, token: u32, head: u32, row: u32, pair: u32) -> vec2f {
  let low = ((token * 3u + part) * params.heads + head) * HEAD_WIDTH + pair;
  let v = vec2f(qkv[low], qkv[low + HALF]);
  if (part == V) {
    return v;
  }
  let turns = table[(row * 2u + part) * QUADS + pair / 2u];
  let turn = select(turns.xy, turns.zw, pair % 2u == 1u);
  return v * turn.x + vec2f(-v.y, v.x) * turn.y;
}

// Where channel 0 of a row's key is; the next one is `slots` further.
fn key_at(phase: u32, row: u32, head: u32) -> u32 {
  return head * HEAD_WIDTH * params.kept * params.dilation + phase * params.kept + row % params.kept;
}

// Where channel 0 of a row's value is; the next one follows.
fn value_at(phase: u32, row: u32, head: u32) -> u32 {
  let slots = params.kept * params.dilation;
  return ((slots + phase * params.kept + row % params.kept) * params.heads + head) * HEAD_WIDTH;
}

@compute @workgroup_size(LANES)
fn attend(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = group.x;
  let token = position[0] / params.stride;
  let row = token / params.dilation;
  let phase = token % params.dilation;
  let slots = params.kept * params.dilation;
  let own_key = key_at(phase, row, head);
  let own_value = value_at(phase, row, head);
  for (var pair = lane; pair < HALF; pair += LANES) {
    let q = fetch(Q, 0u, head, row, pair) * SCALE;
    let k = fetch(K, 0u, head, row, pair);
    let v = fetch(V, 0u, head, row, pair);
    query[pair] = q.x;
    query[pair + HALF] = q.y;
    memory[own_key + pair * slots] = k.x;
    memory[own_key + (pair + HALF) * slots] = k.y;
    memory[own_value + pair] = v.x;
    memory[own_value + pair + HALF] = v.y;
  }
  storageBarrier();
  workgroupBarrier();

  let keys = min(row, params.window) + 1u;
  let oldest = row + 1u - keys;
  var largest = HIDDEN;
  var total = 0.0;
  var sums = array<f32, CHANNELS>();
  for (var tile = 0u; tile < keys; tile += TILE) {
    let count = min(TILE, keys - tile);
    for (var i = lane; i < count; i += LANES) {
      let key = key_at(phase, oldest + tile + i, head);
      var score = 0.0;
      for (var c = 0u; c < HEAD_WIDTH; c++) {
        score += query[c] * memory[key + c * slots];
      }
      scores[i] = score;
    }
    workgroupBarrier();
    var most = largest;
    for (var i = 0u; i < count; i++) {
      most = max(most, scores[i]);
    }
    for (var i = lane; i < count; i += LANES) {
      weights[i] = exp(scores[i] - most);
    }
    workgroupBarrier();
    let shrink = exp(largest - most);
    largest = most;
    total *= shrink;
    for (var c = 0u; c < CHANNELS; c++) {
      sums[c] *= shrink;
    }
    for (var i = 0u; i < count; i++) {
      let value = value_at(phase, oldest + tile + i, head);
      total += weights[i];
      for (var c = 0u; c < CHANNELS; c++) {
        // Lanes past the end repeat the last channel and do not store it.
        sums[c] += weights[i] * memory[value + min(lane + c * LANES, HEAD_WIDTH - 1u)];
      }
    }
  }
  for (var c = 0u; c < CHANNELS; c++) {
    let channel = lane + c * LANES;
    if (channel < HEAD_WIDTH) {
      y[head * HEAD_WIDTH + channel] = sums[c] / total;
    }
  }
}

@compute @workgroup_size(64)
fn remember(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let slots = params.kept * params.dilation;
  let phase = i % slots / params.kept;
  let slot = i % params.kept;
  let pair = i / slots % HALF;
  let head = i / slots / HALF;
  let newest = position[0] / params.stride;
  if (head >= params.heads || phase > newest) {
    return;
  }
  let newest_row = (newest - phase) / params.dilation;
  if (slot > newest_row) {
    return;
  }
  let row = newest_row - (newest_row - slot) % params.kept;
  let token = row * params.dilation + phase;
  let k = fetch(K, token, head, row, pair);
  let v = fetch(V, token, head, row, pair);
  let key = key_at(phase, row, head) + pair * slots;
  let value = value_at(phase, row, head) + pair;
  memory[key] = k.x;
  memory[key + HALF * slots] = k.y;
  memory[value] = v.x;
  memory[value + HALF] = v.y;
}
