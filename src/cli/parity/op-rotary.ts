import type { Gpu } from '../../gpu/device.ts';
import { attention } from '../../ops/attention.ts';
import { rotaryShape, rotaryTable } from '../../ops/rotary-table.ts';
import { EagerSession } from '../../tensor/eager.ts';
import { pack, unpack } from './op-attention.ts';
import type { OpCase } from './op-case.ts';
import { frequencies, oneSided, turnAt, xposBases, type Side } from './rotary-entries.ts';

type Numbers = Float32Array<ArrayBuffer>;

/** The tables of rotary positions, and what the attention kernels make of q and k with them. */
export async function checkRotary(gpu: Gpu, of: OpCase): Promise<void> {
  if (of.has('freqs')) checkTable(of);
  else if (of.has('q_rot') && of.has('k_rot')) await checkApplication(gpu, of);
  else throw of.unknown('tables (freqs), applications (q_rot, k_rot)');
}

/** Angles and scales of rows 0, row_step, ... (rows, dim_head), both halves of the channels alike. */
function checkTable(of: OpCase): void {
  of.expectBuiltIn('scale_base', 512);
  const shape = of.shape('freqs');
  const [rows, dimHead] = shape;
  const step = of.number('row_step', 1);
  const xpos = of.attributes.use_xpos ?? false;
  if (typeof xpos !== 'boolean') throw new Error(`use_xpos: given ${JSON.stringify(xpos)}, needs true or false`);
  // Local attention turns the rows of two neighbouring windows.
  const length = of.number('n', 2 * of.number('window', rows / 2));
  const table = rotaryTable(length, dimHead, { xpos });
  const freqs = of.floats('freqs');
  const scale = of.has('scale') ? of.floats('scale') : null;
  for (const side of ['query', 'key'] as const) {
    const turns = Array.from(freqs, (_, i) =>
      turnAt(table, dimHead, Math.floor(i / dimHead) * step, side, (i % dimHead) % (dimHead / 2)),
    );
    // A table has an angle's cosine and sine: the angle but for whole turns.
    const angles = turns.map(({ angle }, i) => freqs[i] + remainder(angle - freqs[i]));
    of.forward('freqs', { shape, values: angles });
    const scales = turns.map(({ stretch }) => (side === 'query' ? stretch : 1 / stretch));
    if (scale?.length === 1) {
      const farthest = scales.reduce((a, b) => (Math.abs(b - scale[0]) > Math.abs(a - scale[0]) ? b : a));
      of.forward('scale', { shape: [1], values: [farthest] });
    } else if (scale) {
      of.forward('scale', { shape, values: scales });
    }
  }
  if (of.has('inv_freq')) of.forward('inv_freq', { shape: [dimHead / 2], values: frequencies(dimHead) });
  if (of.has('xpos_base')) of.forward('xpos_base', { shape: [dimHead / 2], values: xposBases(dimHead) });
}

function remainder(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

/** q, k (b, h, n, d) to q_rot, k_rot, and the cotangent of both side by side back to dq, dk. */
async function checkApplication(gpu: Gpu, of: OpCase): Promise<void> {
  const shape = of.shape('q');
  const dimHead = shape[3];
  const table = rotaryTable(shape[2], dimHead, { xpos: of.attributes.use_xpos !== false });
  const dout = of.floats('dout');
  for (const [key, side, part] of [
    ['q', 'query', 0],
    ['k', 'key', 1],
  ] as const) {
    of.forward(`${key}_rot`, { shape, values: await turned(gpu, of.floats(key), shape, table, side) });
    const cotangent = dout.filter((_, i) => Math.floor(i / dimHead) % 2 === part);
    of.gradient(`d${key}`, { shape, values: await turnedBack(gpu, cotangent, shape, table, side) });
  }
}

/**
 * The kernels turn q and k as they load them. A query that sees only its own key leaves its score as log-sum-exp: with a
 * unit vector opposite, which nothing turns, that is one channel of what was turned. Each channel has its batch items.
 */
async function turned(gpu: Gpu, x: Numbers, shape: readonly number[], table: Numbers, side: Side): Promise<Numbers> {
  const [batch, heads, tokens, dimHead] = shape;
  const session = new EagerSession(gpu);
  const items = batch * dimHead;
  const size = heads * tokens * dimHead;
  const [given, units] = [new Float32Array(items * size), new Float32Array(items * size)];
  for (let item = 0; item < items; item++) {
    const b = Math.floor(item / dimHead);
    given.set(x.subarray(b * size, (b + 1) * size), item * size);
    for (let i = item % dimHead; i < size; i += dimHead) units[item * size + i] = 1;
  }
  const wide = [items, heads, tokens, dimHead];
  const [q, k] = side === 'query' ? [given, units] : [units, given];
  const lse = session.graph.temporary('lse', [items, tokens, heads]);
  attention({
    qkv: session.constant([items, tokens, 3 * heads * dimHead], pack([q, k, units], wide)),
    table: session.constant(rotaryShape(tokens, dimHead), oneSided(table, dimHead, side)),
    heads,
    dimHead,
    window: 0,
    dilation: 1,
    lse,
  });
  const scores = (await session.run({ lse })).lse;
  return x.map((_, i) => {
    const [c, t, h] = [i % dimHead, Math.floor(i / dimHead) % tokens, Math.floor(i / (dimHead * tokens)) % heads];
    const item = Math.floor(i / size) * dimHead + c;
    return scores[(item * tokens + t) * heads + h] * Math.sqrt(dimHead);
  });
}

/**
 * The transpose, as gradient: odd rows hold what is to be turned back, and see themselves and the row before. All scores
 * are 0, so that both weigh 1/2; the values make a score's gradient dy / 4, which dy undoes along with the scale.
 */
async function turnedBack(
  gpu: Gpu,
  cotangent: Numbers,
  shape: readonly number[],
  table: Numbers,
  side: Side,
): Promise<Numbers> {
  const [batch, heads, tokens, dimHead] = shape;
  const paired = [batch, heads, 2 * tokens, dimHead];
  const spread = new Float32Array(2 * cotangent.length);
  const [values, dy] = [spread.slice(), spread.slice()];
  const odd = (row: number): number => (2 * row + 1) * dimHead;
  for (let row = 0; row < batch * heads * tokens; row++) {
    spread.set(cotangent.subarray(row * dimHead, (row + 1) * dimHead), odd(row));
    values[odd(row)] = 1;
    dy[odd(row)] = 4 * Math.sqrt(dimHead);
  }
  const zeros = new Float32Array(spread.length);
  // What a score's gradient by q is made of is k, and the other way round.
  const [q, k] = side === 'query' ? [zeros, spread] : [spread, zeros];
  const session = new EagerSession(gpu, { training: true });
  const qkv = session.variable([batch, 2 * tokens, 3 * heads * dimHead], pack([q, k, values], paired));
  const y = attention({
    qkv,
    table: session.constant(rotaryShape(2 * tokens, dimHead), oneSided(table, dimHead, side, 2)),
    heads,
    dimHead,
    window: 1,
    dilation: 1,
  });
  session.graph.seedGradient(y, session.constant(y.shape, pack([dy], paired)));
  session.graph.backward();
  const { dqkv } = await session.run({ dqkv: qkv.gradient! });
  return unpack(dqkv, paired)[side === 'query' ? 0 : 1].filter((_, i) => Math.floor(i / dimHead) % 2 === 1);
}
