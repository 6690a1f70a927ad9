// Gradients of causal attention (attention.wgsl): scores are made again from q, k and lse, tile by tile.
// backward_queries: qkv (B, T, 3 H D), table, lse (B, T, H), result and dy (B, T, H D) -> dqkv's q block, new_delta (B, T, H)
// backward_keys: qkv, table, lse, delta (B, T, H), dy -> dqkv's k and v blocks
// Workgroups, invocations and layouts are those of attention.wgsl, but a block may be of keys: then it visits the tiles of
// queries that see one of them, and owns their gradients. FlashAttention-2 (2023).

const HEAD_WIDTH: u32 = 32u;
const ROWS: u32 = 4u; // of one invocation: registers grow with ROWS * HEAD_WIDTH, twice as fast for keys
override COUNT_TILES: u32 = 0u; // for tests: writes the number of tiles visited in place of gradients
const BLOCK: u32 = 8u * ROWS;
const TILE: u32 = 32u;
const HALF: u32 = HEAD_WIDTH / 2u;
const QUADS: u32 = (HEAD_WIDTH + 3u) / 4u;
const COLUMNS: u32 = (QUADS + 7u) / 8u;
// Dot products run over the head in chunks of so many vec4; odd pitches keep rows in different banks.
const CHUNK: u32 = min(QUADS, 8u);
const PITCH: u32 = CHUNK | 1u;
// Weighted sums need whole rows of a head: as many at a time as fit where a tile of chunks fits.
const PIECE: u32 = select(select(select(4u, 8u, QUADS <= 35u), 16u, QUADS <= 17u), 32u, QUADS <= 8u);
const PIECE_PITCH: u32 = QUADS | 1u;
const WEIGHT_PITCH: u32 = 9u;
/// What is staged at a time: so many rows, of each so many vectors, and where. Runs of rows begin eight apart.
struct Form { place: u32, rows: u32, width: u32, run: u32 }
const CHUNK_OF_BLOCK = Form(0u, BLOCK, CHUNK, 8u);
const CHUNK_OF_TILE = Form(BLOCK * PITCH, TILE, CHUNK, 8u);
const PIECE_OF_TILE = Form(BLOCK * PITCH, PIECE, QUADS, PIECE / 4u);
const LOADS: u32 = (max(TILE * CHUNK, PIECE * QUADS) + 63u) / 64u; // of an invocation, at most
const Q: u32 = 0u;
const K: u32 = 1u;
const V: u32 = 2u;
const DY: u32 = 3u; // not a part of qkv, but fetched like one
const SCALE: f32 = 1.0 / sqrt(f32(HEAD_WIDTH));
alias Scores = array<vec4f, ROWS>;
alias Sums = array<vec4f, ROWS * COLUMNS>;
alias Activation = f32;
struct Params { tokens: u32, heads: u32, dilation: u32, window: u32, accumulate: u32 }
struct Sequence { first_token: u32, rows: u32, head: u32, block: u32 }
@group(0) @binding(0) var<storage, read> qkv: array<vec2<Activation>>;
@group(0) @binding(1) var<storage, read> table: array<vec4f>;
@group(0) @binding(2) var<storage, read> lse: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<vec2<Activation>>;
@group(0) @binding(4) var<storage, read> delta: array<f32>;
@group(0) @binding(5) var<storage, read_write> dqkv: array<Activation>;
@group(0) @binding(6) var<storage, read> result: array<vec2<Activation>>;
@group(0) @binding(7) var<storage, read_write> new_delta: array<f32>;
@group(0) @binding(8) var<uniform> params: Params;
var<workgroup> staged: array<vec4f, (BLOCK + TILE) * PITCH>;
var<workgroup> weights: array<vec4f, BLOCK * WEIGHT_PITCH>;

// Without a window the first keys and the last queries have most to do: they come first.
fn sequence_of(group: vec3u, reverse: bool) -> Sequence {
  let longest = (params.tokens + params.dilation - 1u) / params.dilation;
  let blocks = (longest + BLOCK - 1u) / BLOCK;
  let phase = group.x / blocks;
  let rows = (params.tokens - phase + params.dilation - 1u) / params.dilation;
  return Sequence(group.z * params.tokens + phase, rows, group.y, BLOCK * select(group.x % blocks, blocks - 1u - group.x % blocks, reverse));
}

// Index of a row's head in arrays (B, T, H).
fn head_of(s: Sequence, row: u32) -> u32 { return (s.first_token + row * params.dilation) * params.heads + s.head; }
fn two(part: u32, i: u32) -> vec2f { if (part == DY) { return vec2f(dy[i]); } return vec2f(qkv[i]); }

fn pairs(part: u32, offset: u32, quad: u32) -> vec4f {
  let low = offset + 2u * quad;
  let high = low + HALF;
  if (HALF % 2u == 0u) {
    let a = two(part, low / 2u);
    let b = two(part, high / 2u);
    return vec4f(a.x, b.x, a.y, b.y);
  }
  let a = vec2f(two(part, low / 2u)[low % 2u], two(part, high / 2u)[high % 2u]);
  if (2u * quad + 1u == HALF) { return vec4f(a, 0.0, 0.0); }
  return vec4f(a, two(part, (low + 1u) / 2u)[(low + 1u) % 2u], two(part, (high + 1u) / 2u)[(high + 1u) % 2u]);
}

// Index of the first channel of a row's head in a part of qkv, or in dy.
fn offset_of(part: u32, s: Sequence, row: u32) -> u32 {
  let token = s.first_token + row * params.dilation;
  return (select(token * 3u + part, token, part == DY) * params.heads + s.head) * HEAD_WIDTH;
}

// Zero from `end` on.
fn fetch(part: u32, s: Sequence, row: u32, end: u32, quad: u32) -> vec4f {
  let r = min(row, end - 1u);
  let v = select(vec4f(), pairs(part, offset_of(part, s, r), quad), row < end);
  if (part == V || part == DY) { return v; }
  let turn = table[(r * 2u + part) * QUADS + quad];
  return (v * turn.xxzz + vec4f(-v.y, v.x, -v.w, v.z) * turn.yyww) * select(1.0, SCALE, part == Q);
}

fn store(part: u32, s: Sequence, row: u32, quad: u32, gradient: vec4f, tiles: u32) {
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

fn four(first: u32, step: u32) -> mat4x4f {
  let at = CHUNK_OF_TILE.place + first;
  return mat4x4f(staged[at], staged[at + step], staged[at + 2u * step], staged[at + 3u * step]);
}

// Stages vectors of rows from `row` on. All loads of an invocation are under way before it stores the first: none is behind a branch
// (but in heads of odd pairs), and a compiler knows how long the loops are. What has no place is loaded from another's, not stored.
fn stage(part: u32, s: Sequence, row: u32, end: u32, chunk: u32, form: Form, lane: u32) {
  let size = form.rows * form.width;
  var loaded: array<vec4f, LOADS>;
  for (var e = 0u; e < (size + 63u) / 64u; e++) {
    let slot = (lane + 64u * e) / form.width;
    let quad = min(chunk + (lane + 64u * e) % form.width, QUADS - 1u);
    loaded[e] = fetch(part, s, row + slot % form.run + slot / form.run * 8u, end, quad);
  }
  for (var e = 0u; e < (size + 63u) / 64u; e++) {
    let i = lane + 64u * e;
    if (i < size) { staged[form.place + i / form.width * (form.width | 1u) + i % form.width] = loaded[e]; }
  }
}

// sums + m x. As fma, since a product of matrices would be added by an instruction more.
fn add_product(sums: vec4f, m: mat4x4f, x: vec4f) -> vec4f {
  return fma(x.wwww, m[3], fma(x.zzzz, m[2], fma(x.yyyy, m[1], fma(x.xxxx, m[0], sums))));
}

// Products of ROWS rows of the block, of part `a`, with 4 rows of the tile, of part `b`.
fn score(a: u32, b: u32, s: Sequence, tile: u32, end: u32, lane: u32) -> Scores {
  var scores = Scores();
  for (var chunk = 0u; chunk < QUADS; chunk += CHUNK) {
    workgroupBarrier();
    stage(a, s, s.block, s.rows, chunk, CHUNK_OF_BLOCK, lane);
    stage(b, s, tile, end, chunk, CHUNK_OF_TILE, lane);
    workgroupBarrier();
    for (var c = 0u; c < min(CHUNK, QUADS - chunk); c++) {
      let columns = transpose(four(lane % 8u * PITCH + c, 8u * PITCH));
      for (var row = 0u; row < ROWS; row++) { scores[row] = add_product(scores[row], columns, staged[(lane / 8u + 8u * row) * PITCH + c]); }
    }
  }
  return scores;
}

// sums += weights of ROWS rows over the tile, times the tile's rows of a part; `is_staged` if they are there already.
fn add_rows(part: u32, is_staged: bool, s: Sequence, tile: u32, end: u32, lane: u32, mine: Scores, sums: ptr<function, Sums>) {
  for (var first = 0u; first < 8u; first += PIECE / 4u) {
    workgroupBarrier();
    for (var row = 0u; row < ROWS && first == 0u; row++) { weights[(lane / 8u + 8u * row) * WEIGHT_PITCH + lane % 8u] = mine[row]; }
    // weights[row][x] holds rows x, x + 8, x + 16, x + 24; a piece stages these four for PIECE / 4 values of x.
    if (!is_staged) { stage(part, s, tile + first, end, 0u, PIECE_OF_TILE, lane); }
    workgroupBarrier();
    for (var x = 0u; x < PIECE / 4u; x++) {
      for (var column = 0u; column < COLUMNS; column++) {
        // Where a head has fewer columns than invocations, some compute on what nobody stores.
        let quad = min(lane % 8u + 8u * column, QUADS - 1u);
        let rows = four(x * PIECE_PITCH + quad, PIECE / 4u * PIECE_PITCH);
        for (var row = 0u; row < ROWS; row++) {
          let i = row * COLUMNS + column;
          (*sums)[i] = add_product((*sums)[i], rows, weights[(lane / 8u + 8u * row) * WEIGHT_PITCH + first + x]);
        }
      }
    }
  }
}

// What the backward pass of softmax subtracts in the rows of an invocation: products of result and dy, shared by eight.
fn deltas_of(s: Sequence, lane: u32) -> vec4f {
  for (var row = 0u; row < ROWS; row++) {
    let head = head_of(s, min(s.block + lane / 8u + 8u * row, s.rows - 1u));
    var sum = 0.0;
    for (var i = lane % 8u; i < HALF; i += 8u) { sum += dot(vec2f(result[head * HALF + i]), vec2f(dy[head * HALF + i])); }
    weights[lane][row] = sum;
  }
  workgroupBarrier();
  var deltas = vec4f();
  for (var x = lane / 8u * 8u; x < lane / 8u * 8u + 8u; x++) { deltas += weights[x]; }
  for (var row = 0u; row < ROWS && lane % 8u == 0u; row++) {
    let place = s.block + lane / 8u + 8u * row;
    if (place < s.rows) { new_delta[head_of(s, place)] = deltas[row]; }
  }
  return deltas;
}

// A query that sees itself alone has the probability 1 whatever its score is, so nothing goes back through that. Rounding
// would leave a little instead of nothing, and Adam takes steps of full size on however little.
fn chooses(query: vec4u) -> vec4<bool> { return min(query, vec4u(params.window)) > vec4u(0u); }

@compute @workgroup_size(64)
fn backward_queries(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let s = sequence_of(group, true);
  if (s.block >= s.rows) { return; }
  let end = min(s.block + BLOCK, s.rows);
  let deltas = deltas_of(s, lane);
  var sums: Sums;
  var tiles = 0u;
  for (var tile = s.block - min(s.block, params.window); tile < end; tile += TILE) {
    tiles++;
    var slopes = score(DY, V, s, tile, end, lane);
    var scores = score(Q, K, s, tile, end, lane);
    let keys = vec4u(tile + lane % 8u) + vec4u(0u, 8u, 16u, 24u);
    for (var row = 0u; row < ROWS; row++) {
      let query = vec4u(s.block + lane / 8u + 8u * row);
      let at = head_of(s, min(query.x, s.rows - 1u));
      let seen = (keys <= query) & (keys + params.window >= query);
      slopes[row] = select(vec4f(0.0), exp(scores[row] - lse[at]) * (slopes[row] - deltas[row]), seen & chooses(query));
    }
    add_rows(K, CHUNK == QUADS, s, tile, end, lane, slopes, &sums);
  }
  for (var i = 0u; i < ROWS * COLUMNS; i++) {
    store(Q, s, s.block + lane / 8u + i / COLUMNS * 8u, lane % 8u + i % COLUMNS * 8u, sums[i], tiles);
  }
}

@compute @workgroup_size(64)
fn backward_keys(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let s = sequence_of(group, false);
  if (s.block >= s.rows) { return; }
  let end = min(s.block + BLOCK + params.window, s.rows);
  var key_sums: Sums;
  var value_sums: Sums;
  var tiles = 0u;
  for (var tile = s.block; tile < end; tile += TILE) {
    tiles++;
    var scores = score(K, Q, s, tile, end, lane);
    var slopes = score(V, DY, s, tile, end, lane);
    let queries = vec4u(tile + lane % 8u) + vec4u(0u, 8u, 16u, 24u);
    var query_lse = vec4f();
    var query_delta = vec4f();
    for (var i = 0u; i < 4u; i++) {
      let at = head_of(s, min(queries[i], s.rows - 1u));
      query_lse[i] = lse[at];
      query_delta[i] = delta[at];
    }
    for (var row = 0u; row < ROWS; row++) {
      let key = vec4u(s.block + lane / 8u + 8u * row);
      let seen = (key <= queries) & (key + params.window >= queries) & (queries < vec4u(end));
      scores[row] = select(vec4f(0.0), exp(scores[row] - query_lse), seen);
      slopes[row] = select(vec4f(0.0), scores[row] * (slopes[row] - query_delta), seen & chooses(queries));
    }
    add_rows(DY, CHUNK == QUADS, s, tile, end, lane, scores, &value_sums);
    add_rows(Q, false, s, tile, end, lane, slopes, &key_sums);
  }
  for (var i = 0u; i < ROWS * COLUMNS; i++) {
    let row = s.block + lane / 8u + i / COLUMNS * 8u;
    store(K, s, row, lane % 8u + i % COLUMNS * 8u, key_sums[i], tiles);
    store(V, s, row, lane % 8u + i % COLUMNS * 8u, value_sums[i], tiles);
  }
}
