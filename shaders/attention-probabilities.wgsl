// Probabilities of one head of attention (attention.wgsl), made again from q, k and lse to be looked at.
// probabilities: qkv (B, T, 3 H D), table (rows, 2, QUADS), lse (B, T, H), selection (batch item, head) -> out (T, span)
// out[t][i] is what query t gives to the key i rows before it, 0 where there is none. One invocation per element; rows of
// workgroups go along y.

const HEAD_WIDTH: u32 = 32u;
const HALF: u32 = HEAD_WIDTH / 2u;
const QUADS: u32 = (HEAD_WIDTH + 3u) / 4u;

struct Params {
  tokens: u32,
  heads: u32,
  dilation: u32,
  span: u32,
}

@group(0) @binding(0) var<storage, read> qkv: array<f32>;
@group(0) @binding(1) var<storage, read> table: array<vec2f>;
@group(0) @binding(2) var<storage, read> lse: array<f32>;
@group(0) @binding(3) var<storage, read> selection: array<u32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;
@group(0) @binding(5) var<uniform> params: Params;

// Pair `i` of channels of q (part 0) or k (part 1), rotated.
fn turned(part: u32, token: u32, i: u32) -> vec2f {
  let all = selection[0] * params.tokens + token;
  let at = ((all * 3u + part) * params.heads + selection[1]) * HEAD_WIDTH + i;
  let turn = table[(token / params.dilation * 2u + part) * QUADS * 2u + i];
  let v = vec2f(qkv[at], qkv[at + HALF]);
  return v * turn.x + vec2f(-v.y, v.x) * turn.y;
}

@compute @workgroup_size(64)
fn probabilities(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = id.x + id.y * groups.x * 64u;
  let token = at / params.span;
  let back = at % params.span;
  if (token >= params.tokens) {
    return;
  }
  if (back > token / params.dilation) {
    out[at] = 0.0;
    return;
  }
  var score = 0.0;
  for (var i = 0u; i < HALF; i++) {
    score += dot(turned(0u, token, i), turned(1u, token - back * params.dilation, i));
  }
  let row = (selection[0] * params.tokens + token) * params.heads + selection[1];
  out[at] = exp(score * inverseSqrt(f32(HEAD_WIDTH)) - lse[row]);
}
