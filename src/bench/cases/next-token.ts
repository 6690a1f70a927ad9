import { attentionMemoryShape, attentionStep } from '../../ops/attention-step.ts';
import { linear } from '../../ops/linear.ts';
import { recordMatvec } from '../../ops/matvec.ts';
import { normStep } from '../../ops/norm-step.ts';
import { rotaryShape, rotaryTable } from '../../ops/rotary-table.ts';
import { sizeOf, type Tensor } from '../../tensor/tensor.ts';
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
export function attentionStepCase(span: Span): KernelCase {
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
        const remembered = spread(heads, 4).flatMap((head) => remembers(span, head, given));
        const others = sizeOf(memory.shape) - 2 * heads * dimHead;
        return [
          { output: y, samples },
          { output: memory, samples: remembered, unchanged: others },
        ];
      };
      return { flops: { forward: bench.graph.forwardFlops }, expected };
    },
  };
}

type Span = Omit<AttentionShape, 'batch'>;
type Given = Record<'qkv' | 'table' | 'memory', ArrayLike<number>>;

/** Where the memory of attention-step.wgsl has the rows of the last token's sequence, as that token leaves it. */
function layout({ tokens, heads, dimHead, window, dilation }: Span, head: number) {
  const kept = attentionMemoryShape(tokens, { heads, dimHead, window, dilation })[2];
  const [slots, row, phase] = [kept * dilation, Math.floor((tokens - 1) / dilation), (tokens - 1) % dilation];
  const slot = (back: number): number => phase * kept + ((row - back) % kept);
  const keyAt = (back: number, c: number): number => (head * dimHead + c) * slots + slot(back);
  const valueAt = (back: number, c: number): number => ((slots + slot(back)) * heads + head) * dimHead + c;
  return { kept, row, keyAt, valueAt };
}

/** A channel of the last token's query (part 0), key (1) or value (2). */
function channel({ heads, dimHead }: Span, head: number, { qkv }: Given, part: number, c: number): number {
  return qkv[(part * heads + head) * dimHead + c];
}

/** The last token's query (part 0) or key (1), turned. */
function turned(span: Span, head: number, given: Given, part: 0 | 1): number[] {
  const { tokens, dimHead, dilation } = span;
  const row = Math.floor((tokens - 1) / dilation);
  return Array.from({ length: dimHead }, (_, c) => {
    const [half, pair] = [dimHead / 2, c % (dimHead / 2)];
    const factors = (row * 2 + part) * Math.ceil(dimHead / 4) * 4 + 2 * pair;
    const own = (at: number): number => channel(span, head, given, part, at);
    const other = c < half ? -own(c + half) : own(c - half);
    return own(c) * given.table[factors] + other * given.table[factors + 1];
  });
}

/** What one head of the last token leaves in the memory: its key and its value. */
function remembers(span: Span, head: number, given: Given): (readonly [index: number, expected: number])[] {
  const { keyAt, valueAt } = layout(span, head);
  return turned(span, head, given, 1).flatMap((key, c) => [
    [keyAt(0, c), key] as const,
    [valueAt(0, c), channel(span, head, given, 2, c)] as const,
  ]);
}

/** What one head of the last token gives, by its definition. */
function attended(span: Span, head: number, given: Given): number[] {
  const { kept, row, keyAt, valueAt } = layout(span, head);
  const [q, k] = [turned(span, head, given, 0), turned(span, head, given, 1)];
  const seen = Array.from({ length: Math.min(kept, row + 1) }, (_, back) => {
    const key = (c: number): number => (back === 0 ? k[c] : given.memory[keyAt(back, c)]);
    const score = q.reduce((sum, value, c) => sum + value * key(c), 0) / Math.sqrt(span.dimHead);
    const value = (c: number): number =>
      back === 0 ? channel(span, head, given, 2, c) : given.memory[valueAt(back, c)];
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
        const places = spread(channels, 24);
        return [
          { output: y, samples: places.map((c) => [c, (shifted[c] / root) * gain[c]] as const) },
          { output: line, samples: places.map((c) => [c, token[c]] as const) },
        ];
      };
      return { flops: { forward: bench.graph.forwardFlops }, expected };
    },
  };
}

function lastOf(bench: Workbench, tokens: number): Tensor {
  return bench.words('position', [1], () => Uint32Array.of(tokens - 1));
}
