// Causal attention with a window, a dilation and rotary positions, without ever storing scores or probabilities.
// forward: qkv (B, T, 3 H D as q|k|v), table (rows, 2, QUADS) -> y (B, T, H D), lse (B, T, H)
// Token t is row t / dilation of sequence t % dilation; a query sees its own row and `window` rows before it. A workgroup
// of 8 x 8 owns BLOCK query rows of one head and visits only the tiles of TILE keys that one of them sees. Invocation
// (x, y) scores rows y + 8 i against keys x + 8 j and then owns the vec4 columns x + 8 j of the results of its rows.
// In workgroup memory a head's channels i and i + D/2, which rotate together, are neighbours: vec4 q holds pairs 2q, 2q+1.
// Dao et al., FlashAttention (2022) and FlashAttention-2 (2023); Su et al., RoFormer (2021); Sun et al., xPos (2022).

const HEAD_WIDTH: u32 = 32u;
// Query rows of one invocation: what its registers hold grows with ROWS * HEAD_WIDTH.
const ROWS: u32 = 4u;
// Writes the number of tiles visited in place of lse; for tests.
override COUNT_TILES: u32 = 0u;

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
const SCALE: f32 = 1.0 / sqrt(f32(HEAD_WIDTH));
const HIDDEN: f32 = -1e30;
alias Scores = array<vec4f, ROWS>;
alias Sums = array<vec4f, ROWS * COLUMNS>;
alias Activation = f32;

struct Params {
  tokens: u32,
  heads: u32,
  dilation: u32,
  window: u32,
}

struct Sequence {
  first_token: u32,
  rows: u32,
  head: u32,
  block: u32,
}

@group(0) @binding(0) var<storage, read> qkv: array<vec2<Activation>>;
@group(0) @binding(1) var<storage, read> table: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> y: array<Activation>;
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;
@group(0) @binding(4) var<uniform> params: Params;

var<workgroup> staged: array<vec4f, (BLOCK + TILE) * PITCH>;
var<workgroup> weights: array<vec4f, BLOCK * WEIGHT_PITCH>;
var<workgroup> partial: array<f32, BLOCK * 8u>;

// The last blocks see the most keys when there is no window, so they come first.
fn sequence_of(group: vec3u) -> Sequence {
  let longest = (params.tokens + params.dilation - 1u) / params.dilation;
  let blocks = (longest + BLOCK - 1u) / BLOCK;
  let phase = group.x / blocks;
  let rows = (params.tokens - phase + params.dilation - 1u) / params.dilation;
  return Sequence(group.z * params.tokens + phase, rows, group.y, (blocks - 1u - group.x % blocks) * BLOCK);
}

fn number(i: u32) -> f32 {
  return f32(qkv[i / 2u][i % 2u]);
}

fn pairs(offset: u32, quad: u32) -> vec4f {
  let low = offset + 2u * quad;
  let high = low + HALF;
  if (HALF % 2u == 0u) {
    let a = vec2f(qkv[low / 2u]);
    let b = vec2f(qkv[high / 2u]);
    return vec4f(a.x, b.x, a.y, b.y);
  }
  if (2u * quad + 1u == HALF) {
    return vec4f(number(low), number(high), 0.0, 0.0);
  }
  return vec4f(number(low), number(high), number(low + 1u), number(high + 1u));
}

// Zero from `end` on.
fn fetch(part: u32, s: Sequence, row: u32, end: u32, quad: u32) -> vec4f {
  let r = min(row, end - 1u);
  let token = s.first_token + r * params.dilation;
  let v = select(vec4f(), pairs(((token * 3u + part) * params.heads + s.head) * HEAD_WIDTH, quad), row < end);
  if (part == V) {
    return v;
  }
  let turn = table[(r * 2u + part) * QUADS + quad];
  let turned = v * turn.xxzz + vec4f(-v.y, v.x, -v.w, v.z) * turn.yyww;
  return turned * select(1.0, SCALE, part == Q);
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

// Scores of ROWS queries and 4 keys. Queries stay staged from the first tile on where one chunk is the whole head.
fn score(s: Sequence, tile: u32, end: u32, first: bool, lane: u32) -> Scores {
  var scores = Scores();
  for (var chunk = 0u; chunk < QUADS; chunk += CHUNK) {
    workgroupBarrier();
    if (first || CHUNK < QUADS) {
      stage(Q, s, s.block, s.rows, chunk, CHUNK_OF_BLOCK, lane);
    }
    stage(K, s, tile, end, chunk, CHUNK_OF_TILE, lane);
    workgroupBarrier();
    for (var c = 0u; c < min(CHUNK, QUADS - chunk); c++) {
      let keys = transpose(four(lane % 8u * PITCH + c, 8u * PITCH));
      for (var row = 0u; row < ROWS; row++) {
        scores[row] = add_product(scores[row], keys, staged[(lane / 8u + 8u * row) * PITCH + c]);
      }
    }
  }
  return scores;
}

// sums += weights of ROWS rows over the tile's keys, times the values of those keys.
fn add_values(s: Sequence, tile: u32, end: u32, lane: u32, mine: Scores, sums: ptr<function, Sums>) {
  for (var row = 0u; row < ROWS; row++) {
    weights[(lane / 8u + 8u * row) * WEIGHT_PITCH + lane % 8u] = mine[row];
  }
  // weights[row][x] holds keys x, x + 8, x + 16, x + 24; a piece stages these four for PIECE / 4 values of x.
  for (var first = 0u; first < 8u; first += PIECE / 4u) {
    workgroupBarrier();
    stage(V, s, tile + first, end, 0u, PIECE_OF_TILE, lane);
    workgroupBarrier();
    for (var x = 0u; x < PIECE / 4u; x++) {
      for (var column = 0u; column < COLUMNS; column++) {
        // Where a head has fewer columns than invocations, some compute on what nobody stores.
        let quad = min(lane % 8u + 8u * column, QUADS - 1u);
        let values = four(x * PIECE_PITCH + quad, PIECE / 4u * PIECE_PITCH);
        for (var row = 0u; row < ROWS; row++) {
          let i = row * COLUMNS + column;
          (*sums)[i] = add_product((*sums)[i], values, weights[(lane / 8u + 8u * row) * WEIGHT_PITCH + first + x]);
        }
      }
    }
  }
}

@compute @workgroup_size(64)
fn forward(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let s = sequence_of(group);
  if (s.block >= s.rows) {
    return;
  }
  let end = min(s.block + BLOCK, s.rows);
  var sums: Sums;
  var largest: array<f32, ROWS>;
  var total: array<f32, ROWS>;
  for (var row = 0u; row < ROWS; row++) {
    largest[row] = HIDDEN;
  }
  var tiles = 0u;
  for (var tile = s.block - min(s.block, params.window); tile < end; tile += TILE) {
    tiles++;
    var scores = score(s, tile, end, tiles == 1u, lane);
    let keys = vec4u(tile + lane % 8u) + vec4u(0u, 8u, 16u, 24u);
    for (var row = 0u; row < ROWS; row++) {
      let query = vec4u(s.block + lane / 8u + 8u * row);
      let seen = (keys <= query) & (keys + params.window >= query);
      scores[row] = select(vec4f(HIDDEN), scores[row], seen);
      let most = max(scores[row].xy, scores[row].zw);
      partial[(lane / 8u + 8u * row) * 8u + lane % 8u] = max(most.x, most.y);
    }
    workgroupBarrier();
    for (var row = 0u; row < ROWS; row++) {
      var most = largest[row];
      for (var x = 0u; x < 8u; x++) {
        most = max(most, partial[(lane / 8u + 8u * row) * 8u + x]);
      }
      let shrink = exp(largest[row] - most);
      largest[row] = most;
      // Hidden keys weigh nothing, also in a row that has seen no key yet.
      scores[row] = select(exp(scores[row] - most), vec4f(0.0), scores[row] == vec4f(HIDDEN));
      total[row] = total[row] * shrink + dot(scores[row], vec4f(1.0));
      for (var column = 0u; column < COLUMNS; column++) {
        sums[row * COLUMNS + column] *= shrink;
      }
    }
    add_values(s, tile, end, lane, scores, &sums);
  }
  for (var row = 0u; row < ROWS; row++) {
    partial[(lane / 8u + 8u * row) * 8u + lane % 8u] = total[row];
  }
  workgroupBarrier();
  for (var row = 0u; row < ROWS; row++) {
    let r = lane / 8u + 8u * row;
    if (s.block + r >= s.rows) {
      continue;
    }
    var sum = 0.0;
    for (var x = 0u; x < 8u; x++) {
      sum += partial[r * 8u + x];
    }
    let at = (s.first_token + (s.block + r) * params.dilation) * params.heads + s.head;
    if (lane % 8u == 0u) {
      lse[at] = select(largest[row] + log(sum), f32(tiles), COUNT_TILES != 0u);
    }
    for (var column = 0u; column < COLUMNS; column++) {
      store(at * HEAD_WIDTH, lane % 8u + 8u * column, sums[row * COLUMNS + column] / sum);
    }
  }
}

fn store(offset: u32, quad: u32, v: vec4f) {
  for (var i = 0u; i < 2u; i++) {
    let pair = 2u * quad + i;
    if (pair < HALF) {
      y[offset + pair] = Activation(v[2u * i]);
      y[offset + pair + HALF] = Activation(v[2u * i + 1u]);
    }
  }
}
