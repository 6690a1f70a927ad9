import { attentionMemoryShape, attentionStep } from '../../ops/attention-step.ts';
import { linear } from '../../ops/linear.ts';
import { recordMatvec } from '../../ops/matvec.ts';
import { normStep } from '../../ops/norm-step.ts';
import { rotaryShape, rotaryTable } from '../../ops/rotary-table.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { attentionShapeName, type AttentionShape } from '../attention-shapes.ts';
import { spread, type CaseLists, type KernelCase } from '../kernel-case.ts';
import type { Workbench } from '../workbench.ts';

/** Shapes of `quick` and of the largest presets: what writing texts does for every byte. */
export const lists: CaseLists = {
  full: () => [
    rowProductCase(96, 192),
    rowProductCase(128, 256),
    rowProductCase(1024, 4096),
    attentionStepCase({ tokens: 256, heads: 3, dimHead: 32, window: 32, dilation: 1 }),
    attentionStepCase({ tokens: 2048, heads: 8, dimHead: 64, window: 64, dilation: 1 }),
    attentionStepCase({ tokens: 2048, heads: 8, dimHead: 64, window: null, dilation: 1 }),
    normStepCase(96),
    normStepCase(1024),
  ],
  quick: () => [
    rowProductCase(32, 48),
    rowProductCase(33, 48),
    attentionStepCase({ tokens: 24, heads: 2, dimHead: 16, window: 4, dilation: 2 }),
    normStepCase(64),
  ],
};

/** y = W x for the newest token alone. */
export function rowProductCase(inputs: number, outputs: number): KernelCase {
  return {
    family: 'token product',
    shape: `1 x ${inputs} x ${outputs}`,
    record(bench) {
      const [x, weight] = [bench.input('x', [1, 1, inputs]), bench.input('weight', [outputs, inputs])];
      // A trace for training would multiply by tiles.
      const y = bench.graph.temporary('y', [1, 1, outputs]);
      recordMatvec(bench.graph, { x, weight, y });
      const expected = () => {
        const [a, w] = [bench.values(x), bench.values(weight)];
        const samples = spread(outputs, 24).map((row) => {
          const products = Array.from(a, (value, i) => value * w[row * inputs + i]);
          return [row, products.reduce((sum, product) => sum + product)] as const;
        });
        return [{ output: y, samples }];
      };
      return { flops: { forward: linear.spec.flops({ x, weight }) }, expected };
    },
  };
}

/** Attention of the last token of a sequence to the keys and values that are remembered. */
export function attentionStepCase(span: Omit<AttentionShape, 'batch'>): KernelCase {
  const { tokens, heads, dimHead, dilation } = span;
  return {
    family: 'token attention',
    shape: attentionShapeName({ batch: 1, ...span }),
    record(bench) {
      const rows = Math.ceil(tokens / dilation);
      const qkv = bench.input('qkv', [1, 1, 3 * heads * dimHead]);
      const table = bench.input('table', rotaryShape(rows, dimHead), () => rotaryTable(rows, dimHead, { xpos: false }));
      const memory = bench.input('memory', attentionMemoryShape(tokens, span));
      const place = { position: lastOf(bench, tokens), stride: 1 };
      const y = attentionStep({ qkv, table, memory, ...span, ...place });
      const expected = () => {
        const given = { qkv: bench.values(qkv), table: bench.values(table), memory: bench.values(memory) };
        const samples = spread(heads, 4).flatMap((head) =>
          attended(span, head, given).map((value, c) => [head * dimHead + c, value] as const),
        );
        return [{ output: y, samples }];
      };
      return { flops: { forward: bench.graph.forwardFlops }, expected };
    },
  };
}

/** What one head of the last token gives, by its definition, from memory as attention-step.wgsl lays it out. */
function attended(
  { tokens, heads, dimHead, window, dilation }: Omit<AttentionShape, 'batch'>,
  head: number,
  { qkv, table, memory }: Record<'qkv' | 'table' | 'memory', ArrayLike<number>>,
): number[] {
  const kept = attentionMemoryShape(tokens, { heads, dimHead, window, dilation })[2];
  const [slots, row, phase] = [kept * dilation, Math.floor((tokens - 1) / dilation), (tokens - 1) % dilation];
  const own = (part: number, c: number): number => qkv[(part * heads + head) * dimHead + c];
  const turned = (part: 0 | 1): number[] =>
    Array.from({ length: dimHead }, (_, c) => {
      const [half, pair] = [dimHead / 2, c % (dimHead / 2)];
      const factors = (row * 2 + part) * Math.ceil(dimHead / 4) * 4 + 2 * pair;
      const other = c < half ? -own(part, c + half) : own(part, c - half);
      return own(part, c) * table[factors] + other * table[factors + 1];
    });
  const [q, k] = [turned(0), turned(1)];
  const seen = Array.from({ length: Math.min(kept, row + 1) }, (_, back) => {
    const slot = phase * kept + ((row - back) % kept);
    const key = (c: number): number => (back === 0 ? k[c] : memory[(head * dimHead + c) * slots + slot]);
    const score = q.reduce((sum, value, c) => sum + value * key(c), 0) / Math.sqrt(dimHead);
    const value = (c: number): number =>
      back === 0 ? own(2, c) : memory[((slots + slot) * heads + head) * dimHead + c];
    return { power: Math.exp(score), value };
  });
  const total = seen.reduce((sum, { power }) => sum + power, 0);
  return q.map((_, c) => seen.reduce((sum, { power, value }) => sum + power * value(c), 0) / total);
}

/** Token shift and RMSNorm of the newest token; the one before it is remembered. */
export function normStepCase(channels: number): KernelCase {
  return {
    family: 'token norm',
    shape: `1 x ${channels}, rms with shift`,
    record(bench) {
      const [x, weight] = [bench.input('x', [1, 1, channels]), bench.input('weight', [channels])];
      const line = bench.input('line', [1, channels]);
      const y = normStep({ x, kind: 'rms', weight, shift: 1, line, position: lastOf(bench, 100), stride: 1 });
      const expected = () => {
        const [token, before, gain] = [x, line, weight].map((tensor) => bench.values(tensor));
        const shifted = Float64Array.from(token, (value, c) => (c < Math.ceil(channels / 2) ? value : before[c]));
        const root = Math.sqrt(shifted.reduce((sum, value) => sum + value * value, 0) / channels);
        return [{ output: y, samples: spread(channels, 24).map((c) => [c, (shifted[c] / root) * gain[c]] as const) }];
      };
      return { flops: { forward: bench.graph.forwardFlops }, expected };
    },
  };
}

function lastOf(bench: Workbench, tokens: number): Tensor {
  return bench.words('position', [1], () => Uint32Array.of(tokens - 1));
}
