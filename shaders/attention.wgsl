// Causal attention with a window, a dilation and rotary positions, without ever storing scores or probabilities.
// forward: qkv (B, T, 3 H D as q|k|v), table (rows, 2, QUADS) -> y (B, T, H D), lse (B, T, H)
// Token t is row t / dilation of sequence t % dilation; a query sees its own row and `window` rows before it. A workgroup of 8 x 8 owns BLOCK query
// rows of one head and visits only the tiles of TILE keys that one of them sees. Invocation (x, y) scores rows y + 8 i against keys x + 8 j and then
// owns the vec4 columns x + 8 j of the results of its rows. In workgroup memory a head's channels i and i + D/2, which rotate together, are
// neighbours: vec4 q holds pairs 2q, 2q+1. What a workgroup shares comes in turns. With AHEAD one is loaded while that before it is computed.
// Dao et al., FlashAttention (2022) and FlashAttention-2 (2023); Su et al., RoFormer (2021); Sun et al., xPos (2022).

const HEAD_WIDTH: u32 = 32u;
const ROWS: u32 = 4u; // of an invocation: what its registers hold grows with ROWS * HEAD_WIDTH
const AHEAD: u32 = 0u; // or 1
override COUNT_TILES: u32 = 0u; // for tests: writes the number of tiles that were loaded in place of lse

const BLOCK: u32 = 8u * ROWS;
const TILE: u32 = 32u;
const HALF: u32 = HEAD_WIDTH / 2u;
const QUADS: u32 = (HEAD_WIDTH + 3u) / 4u;
const COLUMNS: u32 = (QUADS + 7u) / 8u;
// Dot products run over the head in chunks of so many vec4; odd pitches keep rows in different banks.
const CHUNK: u32 = min(QUADS, 8u);
const WHOLE: bool = CHUNK == QUADS;
const KEPT: bool = WHOLE && AHEAD != 0u; // then parts of the block stay loaded
const PITCH: u32 = CHUNK | 1u;
// Weighted sums need whole rows of a head: as many at a time as fit where a tile of chunks fits.
const PIECE: u32 = select(select(select(4u, 8u, QUADS <= 32u), 16u, QUADS <= 16u), 32u, QUADS <= 8u);
/// What is staged at a time: so many rows, of each so many vectors. Runs of rows begin eight apart.
struct Form { rows: u32, width: u32, run: u32 }
const CHUNK_OF_BLOCK = Form(BLOCK, CHUNK, 8u);
const CHUNK_OF_TILE = Form(TILE, CHUNK, 8u);
const PIECE_OF_TILE = Form(PIECE, QUADS, PIECE / 4u); // second chunks of its rows come behind all first ones
// What an invocation loads of a block, and of a tile at most.
const BLOCK_LOADS: u32 = (BLOCK * CHUNK + 63u) / 64u;
const TILE_LOADS: u32 = (max(TILE * CHUNK, PIECE * QUADS) + 63u) / 64u;
const MOST_LOADS: u32 = max(BLOCK_LOADS, TILE_LOADS); // for loops that `break` earlier: Chrome counts turns where a condition is not `i < constant`
/// What is loaded and not yet staged: of two parts of the block, then of the tile.
alias Loaded = array<vec4f, 2u * BLOCK_LOADS + TILE_LOADS>;
const OF_TILE: u32 = 2u * BLOCK_LOADS;
/// What is staged next: a chunk of a part of the block (loaded in this slot, or staged: it stays) and of one of the tile from `row` on.
struct Turn { block: u32, slot: u32, stays: bool, tile: u32, row: u32, chunk: u32 }
const Q: u32 = 0u;
const K: u32 = 1u;
const V: u32 = 2u;
const DY: u32 = 3u; // in the backward pass, loaded like a part of qkv
const NONE: u32 = 4u; // instead of a part of the block: then it is a piece of the tile
const SCALE: f32 = 1.0 / sqrt(f32(HEAD_WIDTH));
const HIDDEN: f32 = -1e30;
alias Scores = array<vec4f, ROWS>;
alias Sums = array<vec4f, ROWS * COLUMNS>;
alias Activation = f32;
struct Params { tokens: u32, heads: u32, dilation: u32, window: u32 }
/// A block of a sequence, and the rows from `first` to `end` whose tiles it meets.
struct Sequence { first_token: u32, rows: u32, head: u32, block: u32, first: u32, end: u32 }
@group(0) @binding(0) var<storage, read> qkv: array<vec2<Activation>>;
@group(0) @binding(1) var<storage, read> table: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<Activation>;
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;
// Row x + 8 i is [i][x]: where i is a loop's and x an invocation's own, a compiler has constants in spite of a browser's checks.
var<workgroup> of_block: array<array<array<vec4f, PITCH>, 8>, ROWS>;
var<workgroup> of_tile: array<array<array<vec4f, PITCH>, 8>, 4>;
var<workgroup> weights: array<array<array<vec4f, 9>, 8>, ROWS>;
var<workgroup> partial: array<array<array<f32, 8>, 8>, ROWS>;
var<private> tiles: u32; // whose loads have begun

// The last blocks see the most keys when there is no window, so they come first.
fn sequence_of(group: vec3u) -> Sequence {
  let blocks = ((params.tokens + params.dilation - 1u) / params.dilation + BLOCK - 1u) / BLOCK;
  let phase = group.x / blocks;
  let rows = (params.tokens - phase + params.dilation - 1u) / params.dilation;
  let block = (blocks - 1u - group.x % blocks) * BLOCK;
  return Sequence(group.z * params.tokens + phase, rows, group.y, block, block - min(block, params.window), min(block + BLOCK, rows));
}

fn two(part: u32, i: u32) -> vec2f { return vec2f(qkv[i]); }
fn pairs(part: u32, offset: u32, quad: u32) -> vec4f {
  let low = offset + 2u * quad;
  let high = low + HALF;
  if (HALF % 2u == 0u) { return vec4f(two(part, low / 2u), two(part, high / 2u)).xzyw; }
  let a = vec2f(two(part, low / 2u)[low % 2u], two(part, high / 2u)[high % 2u]);
  if (2u * quad + 1u == HALF) { return vec4f(a, 0.0, 0.0); }
  return vec4f(a, two(part, (low + 1u) / 2u)[(low + 1u) % 2u], two(part, (high + 1u) / 2u)[(high + 1u) % 2u]);
}

// Index of the first channel of a row's head in a part of qkv, or in dy.
fn offset_of(part: u32, s: Sequence, row: u32) -> u32 {
  // One product with the row, of which each invocation has another; all else a GPU computes once.
  let pitch = select(3u, 1u, part == DY) * params.heads * HEAD_WIDTH;
  return s.first_token * pitch + (select(part, 0u, part == DY) * params.heads + s.head) * HEAD_WIDTH + row * (params.dilation * pitch);
}

fn fetch(part: u32, s: Sequence, row: u32, end: u32, quad: u32) -> vec4f {
  let r = min(row, end - 1u); // from `end` on there are zeros
  let v = select(vec4f(), pairs(part, offset_of(part, s, r), quad), row < end);
  if (part == V || part == DY) { return v; }
  let turn = table[(r * 2u + part) * QUADS + quad];
  return (v * turn.xxzz + vec4f(-v.y, v.x, -v.w, v.z) * turn.yyww) * select(1.0, SCALE, part == Q);
}

// Begins to load vectors of rows from `row` on. All loads of an invocation are under way at once: no branch is among them (but in heads
// of odd pairs), and a compiler knows how long the loop is. What has no place is loaded from another's, not stored.
fn load(part: u32, s: Sequence, row: u32, end: u32, chunk: u32, form: Form, lane: u32, slot: u32, loaded: ptr<function, Loaded>) {
  for (var e = 0u; e < MOST_LOADS; e++) {
    if (e >= (form.rows * form.width + 63u) / 64u) { break; }
    let place = (lane + 64u * e) / form.width;
    let quad = min(chunk + (lane + 64u * e) % form.width, QUADS - 1u);
    (*loaded)[slot + e] = fetch(part, s, row + place % form.run + place / form.run * 8u, end, quad);
  }
}

fn stage_block(lane: u32, slot: u32, loaded: ptr<function, Loaded>) {
  for (var e = 0u; e < BLOCK_LOADS; e++) {
    let i = lane + 64u * e;
    if (i < BLOCK * CHUNK) { of_block[i / CHUNK / 8u][i / CHUNK % 8u][i % CHUNK] = (*loaded)[slot * BLOCK_LOADS + e]; }
  }
}
fn stage_tile(form: Form, lane: u32, loaded: ptr<function, Loaded>) {
  for (var e = 0u; e < TILE_LOADS; e++) {
    let i = lane + 64u * e;
    let row = i / form.width + i % form.width / 8u * form.rows;
    if (i < form.rows * form.width) { of_tile[row / 8u][row % 8u][i % form.width % 8u] = (*loaded)[OF_TILE + e]; }
  }
}

fn begin_block(turn: Turn, s: Sequence, lane: u32, loaded: ptr<function, Loaded>) {
  load(turn.block, s, s.block, s.rows, turn.chunk, CHUNK_OF_BLOCK, lane, turn.slot * BLOCK_LOADS, loaded);
}
fn begin(turn: Turn, s: Sequence, lane: u32, loaded: ptr<function, Loaded>) {
  if (turn.block == NONE) { load(turn.tile, s, turn.row, s.end, 0u, PIECE_OF_TILE, lane, OF_TILE, loaded); return; }
  if (AHEAD == 0u || turn.row < s.end) { // behind the last tile there is none
    tiles += u32(turn.slot == 0u && turn.chunk == 0u);
    if (!KEPT && !turn.stays) { begin_block(turn, s, lane, loaded); }
    load(turn.tile, s, turn.row, s.end, turn.chunk, CHUNK_OF_TILE, lane, OF_TILE, loaded);
  }
}

fn begin_first(turn: Turn, s: Sequence, lane: u32, loaded: ptr<function, Loaded>) {
  if (AHEAD != 0u) { begin(turn, s, lane, loaded); }
  if (KEPT) { begin_block(turn, s, lane, loaded); }
}

fn piece(tile: u32, row: u32) -> Turn { return Turn(NONE, 0u, false, tile, row, 0u); }
// Stand-in: src/ops/attention-call.ts puts that of lanes.wgsl in its place.
fn own_block(lane: u32) -> vec2u { return vec2u(lane / 8u, lane % 8u); }
fn down(lane: u32) -> u32 { return own_block(lane).x; }
fn across(lane: u32) -> u32 { return own_block(lane).y; }
fn staged(row: u32, quad: u32) -> vec4f { return of_tile[row / 8u][row % 8u][quad]; }
// sums + m x. As fma, since a product of matrices would be added by an instruction more.
fn add_product(sums: vec4f, m: mat4x4f, x: vec4f) -> vec4f {
  return fma(x.wwww, m[3], fma(x.zzzz, m[2], fma(x.yyyy, m[1], fma(x.xxxx, m[0], sums))));
}

// Products of ROWS rows of the block with 4 rows of the tile, over the head.
fn score(turn: Turn, next: Turn, s: Sequence, lane: u32, loaded: ptr<function, Loaded>) -> Scores {
  var scores: Scores; // zeros; not `Scores()`: Safari up to 26 miscompiles arrays that are made by the name of an alias
  for (var chunk = 0u; chunk < QUADS; chunk += CHUNK) {
    workgroupBarrier();
    if (AHEAD == 0u) { begin(Turn(turn.block, turn.slot, turn.stays, turn.tile, turn.row, chunk), s, lane, loaded); }
    if (!turn.stays) { stage_block(lane, turn.slot, loaded); }
    stage_tile(CHUNK_OF_TILE, lane, loaded);
    workgroupBarrier();
    var following = next;
    if (chunk + CHUNK < QUADS) { following = Turn(turn.block, turn.slot, turn.stays, turn.tile, turn.row, chunk + CHUNK); }
    if (AHEAD != 0u) { begin(following, s, lane, loaded); }
    for (var c = 0u; c < CHUNK; c++) {
      if (c >= QUADS - chunk) { break; }
      let columns = transpose(mat4x4f(of_tile[0][across(lane)][c], of_tile[1][across(lane)][c], of_tile[2][across(lane)][c], of_tile[3][across(lane)][c]));
      for (var row = 0u; row < ROWS; row++) { scores[row] = add_product(scores[row], columns, of_block[row][down(lane)][c]); }
    }
  }
  return scores;
}

// sums += weights of ROWS rows over the tile, times the tile's rows of a part. Staged already, they need no barrier: `score` had some.
fn add_rows(turn: Turn, is_staged: bool, next: Turn, s: Sequence, lane: u32, loaded: ptr<function, Loaded>, mine: Scores, sums: ptr<function, Sums>) {
  for (var first = 0u; first < 8u; first += PIECE / 4u) {
    if (!is_staged) { workgroupBarrier(); }
    if (first == 0u) { for (var row = 0u; row < ROWS; row++) { weights[row][down(lane)][across(lane)] = mine[row]; } }
    // weights[row][x] holds rows x, x + 8, x + 16, x + 24; a piece stages these four for PIECE / 4 values of x.
    if (AHEAD == 0u && !is_staged) { begin(piece(turn.tile, turn.row + first), s, lane, loaded); }
    if (!is_staged) { stage_tile(PIECE_OF_TILE, lane, loaded); }
    workgroupBarrier();
    var following = next;
    if (first + PIECE / 4u < 8u) { following = piece(turn.tile, turn.row + first + PIECE / 4u); }
    if (AHEAD != 0u && !is_staged) { begin(following, s, lane, loaded); }
    for (var x = 0u; x < PIECE / 4u; x++) {
      for (var column = 0u; column < COLUMNS; column++) {
        // Where a head has fewer columns than invocations, some compute on what nobody stores.
        let quad = min(across(lane), CHUNK - 1u);
        let at = PIECE * column + x;
        let rows = mat4x4f(staged(at, quad), staged(at + PIECE / 4u, quad), staged(at + PIECE / 2u, quad), staged(at + PIECE / 4u * 3u, quad));
        for (var row = 0u; row < ROWS; row++) {
          let i = row * COLUMNS + column;
          (*sums)[i] = add_product((*sums)[i], rows, weights[row][down(lane)][first + x]);
        }
      }
    }
  }
}

@compute @workgroup_size(64)
fn forward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let s = sequence_of(group);
  if (s.block >= s.rows) { return; }
  var loaded: Loaded;
  begin_first(Turn(Q, 0u, false, K, s.first, 0u), s, lane, &loaded);
  var sums: Sums;
  var largest: array<f32, ROWS>;
  var total: array<f32, ROWS>;
  for (var row = 0u; row < ROWS; row++) { largest[row] = HIDDEN; }
  for (var tile = s.first; tile < s.end; tile += TILE) {
    var scores = score(Turn(Q, 0u, WHOLE && tile != s.first, K, tile, 0u), piece(V, tile), s, lane, &loaded);
    let keys = vec4u(tile + across(lane)) + vec4u(0u, 8u, 16u, 24u);
    for (var row = 0u; row < ROWS; row++) {
      let query = vec4u(s.block + down(lane) + 8u * row);
      let seen = (keys <= query) & (keys + params.window >= query);
      scores[row] = select(vec4f(HIDDEN), scores[row], seen);
      partial[row][down(lane)][across(lane)] = max(max(scores[row].x, scores[row].y), max(scores[row].z, scores[row].w));
    }
    workgroupBarrier();
    for (var row = 0u; row < ROWS; row++) {
      var most = largest[row];
      for (var x = 0u; x < 8u; x++) { most = max(most, partial[row][down(lane)][x]); }
      let shrink = exp(largest[row] - most);
      largest[row] = most;
      // Hidden keys weigh nothing, also in a row that has seen no key yet.
      scores[row] = select(exp(scores[row] - most), vec4f(0.0), scores[row] == vec4f(HIDDEN));
      total[row] = total[row] * shrink + dot(scores[row], vec4f(1.0));
      for (var column = 0u; column < COLUMNS; column++) { sums[row * COLUMNS + column] *= shrink; }
    }
    add_rows(piece(V, tile), false, Turn(Q, 0u, WHOLE, K, tile + TILE, 0u), s, lane, &loaded, scores, &sums);
  }
  for (var row = 0u; row < ROWS; row++) { partial[row][down(lane)][across(lane)] = total[row]; }
  workgroupBarrier();
  for (var row = 0u; row < ROWS; row++) {
    let r = s.block + down(lane) + 8u * row;
    if (r >= s.rows) { break; }
    var sum = 0.0;
    for (var x = 0u; x < 8u; x++) { sum += partial[row][down(lane)][x]; }
    let at = (s.first_token + r * params.dilation) * params.heads + s.head;
    if (across(lane) == 0u) { lse[at] = select(largest[row] + log(sum), f32(tiles), COUNT_TILES != 0u); }
    for (var column = 0u; column < COLUMNS; column++) { store(at * HEAD_WIDTH, across(lane) + 8u * column, sums[row * COLUMNS + column] / sum); }
  }
}

fn store(offset: u32, quad: u32, v: vec4f) {
  for (var i = 0u; i < 4u; i++) {
    let pair = 2u * quad + i / 2u;
    if (pair < HALF) { y[offset + pair + i % 2u * HALF] = Activation(v[i]); }
  }
}
