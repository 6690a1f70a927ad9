// Gradients of causal attention (attention.wgsl): scores are made again from q, k and lse, tile by tile.
// backward_queries: qkv (B, T, 3 H D), table, lse (B, T, H), result and dy (B, T, H D) -> dqkv's q block, new_delta (B, T, H)
// backward_keys: qkv, table, lse, delta (B, T, H), dy -> dqkv's k and v blocks
// Workgroups, invocations and layouts are those of attention.wgsl, but a block may be of keys: then it visits the tiles of
// queries that see one of them, and owns their gradients. FlashAttention-2 (2023).

const HEAD_WIDTH: u32 = 32u;
const ROWS: u32 = 4u; // of one invocation: registers grow with ROWS * HEAD_WIDTH, twice as fast for keys
const AHEAD: u32 = 0u; // or 1
override COUNT_TILES: u32 = 0u; // for tests: writes the number of tiles that were loaded in place of gradients
const BLOCK: u32 = 8u * ROWS;
const TILE: u32 = 32u;
const HALF: u32 = HEAD_WIDTH / 2u;
const QUADS: u32 = (HEAD_WIDTH + 3u) / 4u;
const COLUMNS: u32 = (QUADS + 7u) / 8u;
const WHOLE: bool = QUADS <= 8u;
const KEPT: bool = WHOLE && AHEAD != 0u;
const Q: u32 = 0u;
const K: u32 = 1u;
const V: u32 = 2u;
const DY: u32 = 3u; // not a part of qkv, but fetched like one
const SCALE: f32 = 1.0 / sqrt(f32(HEAD_WIDTH));
alias Scores = array<vec4f, ROWS>;
alias Sums = array<vec4f, ROWS * COLUMNS>;
alias Activation = f32;
struct Params { tokens: u32, heads: u32, dilation: u32, window: u32, accumulate: u32 }
struct Sequence { first_token: u32, rows: u32, head: u32, block: u32, first: u32, end: u32 }
@group(0) @binding(0) var<storage, read> qkv: array<vec2<Activation>>;
@group(0) @binding(1) var<storage, read> table: array<vec4f>;
@group(0) @binding(2) var<storage, read> lse: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<vec2<Activation>>;
@group(0) @binding(4) var<storage, read> delta: array<f32>;
@group(0) @binding(5) var<storage, read_write> dqkv: array<Activation>;
@group(0) @binding(6) var<storage, read> result: array<vec2<Activation>>;
@group(0) @binding(7) var<storage, read_write> new_delta: array<f32>;
@group(0) @binding(8) var<uniform> params: Params;
var<workgroup> weights: array<array<array<vec4f, 9>, 8>, ROWS>;
var<private> tiles: u32; // counted where attention.wgsl begins to load one

// Stand-ins: src/ops/attention-call.ts puts what attention.wgsl has of these names in their place, with all that uses.
alias Loaded = u32;
struct Turn { block: u32, slot: u32, stays: bool, tile: u32, row: u32, chunk: u32 }
fn begin_first(turn: Turn, s: Sequence, lane: u32, loaded: ptr<function, Loaded>) {}
fn begin_block(turn: Turn, s: Sequence, lane: u32, loaded: ptr<function, Loaded>) {}
fn piece(tile: u32, row: u32) -> Turn { return Turn(); }
fn score(turn: Turn, next: Turn, s: Sequence, lane: u32, loaded: ptr<function, Loaded>) -> Scores { var none: Scores; return none; }
fn add_rows(turn: Turn, is_staged: bool, next: Turn, s: Sequence, lane: u32, loaded: ptr<function, Loaded>, mine: Scores, sums: ptr<function, Sums>) {}
fn offset_of(part: u32, s: Sequence, row: u32) -> u32 { return 0u; }
fn down(lane: u32) -> u32 { return 0u; }
fn across(lane: u32) -> u32 { return 0u; }

fn two(part: u32, i: u32) -> vec2f { if (part == DY) { return vec2f(dy[i]); } return vec2f(qkv[i]); }

// Without a window the first keys and the last queries have most to do: they come first.
fn sequence_of(group: vec3u, of_keys: bool) -> Sequence {
  let longest = (params.tokens + params.dilation - 1u) / params.dilation;
  let blocks = (longest + BLOCK - 1u) / BLOCK;
  let phase = group.x / blocks;
  let rows = (params.tokens - phase + params.dilation - 1u) / params.dilation;
  let block = BLOCK * select(blocks - 1u - group.x % blocks, group.x % blocks, of_keys);
  let first = block - select(min(block, params.window), 0u, of_keys);
  let end = min(block + BLOCK + select(0u, params.window, of_keys), rows);
  return Sequence(group.z * params.tokens + phase, rows, group.y, block, first, end);
}

// Index of a row's head in arrays (B, T, H).
fn head_of(s: Sequence, row: u32) -> u32 { return s.first_token * params.heads + s.head + row * (params.dilation * params.heads); }

fn store(part: u32, s: Sequence, row: u32, quad: u32, gradient: vec4f) {
  var v = gradient;
  if (part != V) {
    let turn = table[(row * 2u + part) * QUADS + quad];
    v = (v * turn.xxzz + vec4f(v.y, -v.x, v.w, -v.z) * turn.yyww) * select(1.0, SCALE, part == Q);
  }
  v = select(v, vec4f(f32(tiles)), COUNT_TILES != 0u);
  for (var i = 0u; i < 4u && row < s.rows && 2u * quad + i / 2u < HALF; i++) {
    let at = offset_of(part, s, row) + 2u * quad + i / 2u + i % 2u * HALF;
    dqkv[at] = Activation(v[i] + select(0.0, f32(dqkv[at]), params.accumulate != 0u));
  }
}

// What the backward pass of softmax subtracts in the rows of an invocation: products of result and dy, shared by eight.
fn deltas_of(s: Sequence, lane: u32) -> vec4f {
  for (var row = 0u; row < ROWS; row++) {
    let head = head_of(s, min(s.block + down(lane) + 8u * row, s.rows - 1u));
    var sum = 0.0;
    for (var i = across(lane); i < HALF; i += 8u) { sum += dot(vec2f(result[head * HALF + i]), vec2f(dy[head * HALF + i])); }
    weights[0][down(lane)][across(lane)][row] = sum;
  }
  workgroupBarrier();
  var deltas = vec4f();
  for (var x = 0u; x < 8u; x++) { deltas += weights[0][down(lane)][x]; }
  for (var row = 0u; row < ROWS && across(lane) == 0u; row++) {
    let place = s.block + down(lane) + 8u * row;
    if (place < s.rows) { new_delta[head_of(s, place)] = deltas[row]; }
  }
  return deltas;
}

// A query that sees itself alone has the probability 1 whatever its score is, so nothing goes back through that. Rounding
// would leave a little instead of nothing, and Adam takes steps of full size on however little.
fn chooses(query: vec4u) -> vec4<bool> { return min(query, vec4u(params.window)) > vec4u(0u); }

fn of_slopes_of_queries(tile: u32) -> Turn { return Turn(DY, 0u, false, V, tile, 0u); }
fn of_scores_of_queries(tile: u32) -> Turn { return Turn(Q, 1u, false, K, tile, 0u); }
fn of_scores_of_keys(tile: u32) -> Turn { return Turn(K, 0u, false, Q, tile, 0u); }
fn of_slopes_of_keys(tile: u32) -> Turn { return Turn(V, 1u, false, DY, tile, 0u); }

@compute @workgroup_size(64)
fn backward_queries(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let s = sequence_of(group, false);
  if (s.block >= s.rows) { return; }
  var loaded: Loaded;
  begin_first(of_slopes_of_queries(s.first), s, lane, &loaded);
  if (KEPT) { begin_block(of_scores_of_queries(s.first), s, lane, &loaded); }
  let deltas = deltas_of(s, lane);
  var sums: Sums;
  for (var tile = s.first; tile < s.end; tile += TILE) {
    let onward = of_slopes_of_queries(tile + TILE);
    var slopes = score(of_slopes_of_queries(tile), of_scores_of_queries(tile), s, lane, &loaded);
    // Whole keys stay staged for the sums.
    var next = piece(K, tile);
    if (WHOLE) { next = onward; }
    let scores = score(of_scores_of_queries(tile), next, s, lane, &loaded);
    let keys = vec4u(tile + across(lane)) + vec4u(0u, 8u, 16u, 24u);
    for (var row = 0u; row < ROWS; row++) {
      let query = vec4u(s.block + down(lane) + 8u * row);
      let at = head_of(s, min(query.x, s.rows - 1u));
      let seen = (keys <= query) & (keys + params.window >= query);
      slopes[row] = select(vec4f(0.0), exp(scores[row] - lse[at]) * (slopes[row] - deltas[row]), seen & chooses(query));
    }
    add_rows(piece(K, tile), WHOLE, onward, s, lane, &loaded, slopes, &sums);
  }
  for (var i = 0u; i < ROWS * COLUMNS; i++) {
    store(Q, s, s.block + down(lane) + i / COLUMNS * 8u, across(lane) + i % COLUMNS * 8u, sums[i]);
  }
}

@compute @workgroup_size(64)
fn backward_keys(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let s = sequence_of(group, true);
  if (s.block >= s.rows) { return; }
  var loaded: Loaded;
  begin_first(of_scores_of_keys(s.first), s, lane, &loaded);
  if (KEPT) { begin_block(of_slopes_of_keys(s.first), s, lane, &loaded); }
  var key_sums: Sums;
  var value_sums: Sums;
  for (var tile = s.first; tile < s.end; tile += TILE) {
    var scores = score(of_scores_of_keys(tile), of_slopes_of_keys(tile), s, lane, &loaded);
    var slopes = score(of_slopes_of_keys(tile), piece(select(DY, Q, WHOLE), tile), s, lane, &loaded);
    let queries = vec4u(tile + across(lane)) + vec4u(0u, 8u, 16u, 24u);
    var query_lse = vec4f();
    var query_delta = vec4f();
    for (var i = 0u; i < 4u; i++) {
      let at = head_of(s, min(queries[i], s.rows - 1u));
      query_lse[i] = lse[at];
      query_delta[i] = delta[at];
    }
    for (var row = 0u; row < ROWS; row++) {
      let key = vec4u(s.block + down(lane) + 8u * row);
      let seen = (key <= queries) & (key + params.window >= queries) & (queries < vec4u(s.end));
      scores[row] = select(vec4f(0.0), exp(scores[row] - query_lse), seen);
      slopes[row] = select(vec4f(0.0), scores[row] * (slopes[row] - query_delta), seen & chooses(queries));
    }
    // Whole rows of dy are staged since the slopes.
    add_rows(piece(DY, tile), WHOLE, piece(Q, tile), s, lane, &loaded, scores, &value_sums);
    add_rows(piece(Q, tile), false, of_scores_of_keys(tile + TILE), s, lane, &loaded, slopes, &key_sums);
  }
  for (var i = 0u; i < ROWS * COLUMNS; i++) {
    let row = s.block + down(lane) + i / COLUMNS * 8u;
    store(K, s, row, across(lane) + i % COLUMNS * 8u, key_sums[i]);
    store(V, s, row, across(lane) + i % COLUMNS * 8u, value_sums[i]);
  }
}
