import type { Gpu } from '../../gpu/device.ts';
import { attention } from '../../ops/attention.ts';
import { identityTable, rotaryShape, rotaryTable } from '../../ops/rotary-table.ts';
import { EagerSession } from '../../tensor/eager.ts';
import { largest, type OpCase } from './op-case.ts';

/**
 * Attention of q, k, v (b, h, n, d) before rotary. With a `window` it is local attention, whose positions have no xpos;
 * without one it is full, and `rotary` says whether q and k turn.
 */
export async function checkAttention(gpu: Gpu, of: OpCase): Promise<void> {
  const shape = of.shape('q');
  const [batch, heads, tokens, dimHead] = shape;
  for (const key of ['k', 'v', 'dout']) {
    if (of.shape(key).join() !== shape.join()) {
      throw new Error(`${key}: given [${of.shape(key).join(', ')}], needs [${shape.join(', ')}] as q`);
    }
  }
  const session = new EagerSession(gpu, { training: true });
  const qkv = session.variable(
    [batch, tokens, 3 * heads * dimHead],
    pack(
      ['q', 'k', 'v'].map((key) => of.floats(key)),
      shape,
    ),
  );
  const table = session.constant(rotaryShape(tokens, dimHead), tableOf(of, tokens, dimHead));
  const window = windowOf(of);
  const y = attention({ qkv, table, heads, dimHead, window, dilation: 1 });
  session.graph.seedGradient(y, session.constant(y.shape, pack([of.floats('dout')], shape)));
  session.graph.backward();
  const result = await session.run({ y, dqkv: qkv.gradient! });

  of.forward('out', { shape, values: unpack(result.y, shape)[0] });
  // A query that sees one key has no gradient but for rounding.
  const rounding = 1e-2 * largest(of.floats('dout'));
  unpack(result.dqkv, shape).forEach((values, part) =>
    of.gradient(['dq', 'dk', 'dv'][part], { shape, values }, rounding),
  );
}

/** Keys that a query sees before its own; null for all. */
function windowOf(of: OpCase): number | null {
  return (of.attributes.window ?? null) === null ? null : of.number('window');
}

function tableOf(of: OpCase, tokens: number, dimHead: number): Float32Array<ArrayBuffer> {
  const { rotary } = of.attributes;
  if (rotary === 'xpos') return rotaryTable(tokens, dimHead, { xpos: true });
  if (rotary === null) return identityTable(tokens, dimHead);
  if (rotary === undefined && windowOf(of) !== null) return rotaryTable(tokens, dimHead, { xpos: false });
  throw of.unknown('a window, or rotary "xpos" or null');
}

/** Arrays (B, H, T, D) side by side as one of (B, T, all heads of the first, of the second, ...). */
export function pack(parts: readonly ArrayLike<number>[], shape: readonly number[]): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(parts.length * parts[0].length);
  parts.forEach((values, part) => {
    for (let i = 0; i < values.length; i++) packed[packedIndex(i, part, parts.length, shape)] = values[i];
  });
  return packed;
}

/** The other way round: the arrays (B, H, T, D) of which this is the packed one. */
export function unpack(packed: ArrayLike<number>, shape: readonly number[]): Float32Array<ArrayBuffer>[] {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const count = packed.length / size;
  return Array.from({ length: count }, (_, part) =>
    Float32Array.from({ length: size }, (_unused, i) => packed[packedIndex(i, part, count, shape)]),
  );
}

function packedIndex(i: number, part: number, parts: number, [, heads, tokens, dimHead]: readonly number[]): number {
  const channel = i % dimHead;
  const t = Math.floor(i / dimHead) % tokens;
  const h = Math.floor(i / (dimHead * tokens)) % heads;
  const b = Math.floor(i / (dimHead * tokens * heads));
  return (((b * tokens + t) * parts + part) * heads + h) * dimHead + channel;
}
