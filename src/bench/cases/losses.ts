import { cosineLoss } from '../../ops/cosine-loss.ts';
import { crossEntropy } from '../../ops/cross-entropy.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { LARGE, spread, type CaseLists, type ExpectedOutput, type KernelCase } from '../kernel-case.ts';
import type { Workbench } from '../workbench.ts';

export const lists: CaseLists = {
  full: () => [
    crossEntropyCase(16, 128),
    crossEntropyCase(1, LARGE / 256),
    cosineCase(16, 128, 96),
    cosineCase(1, LARGE / 512, 512),
  ],
  quick: () => [crossEntropyCase(2, 64), cosineCase(2, 64, 32)],
};

const WEIGHT = 0.5;

/** Numbers in the record, of which a loss is added to the first. */
const RECORDED = 4;

function common(bench: Workbench): { hyper: Tensor; record: Tensor } {
  const hyper = bench.input('hyper', [4], () => new Float32Array(4).fill(WEIGHT));
  return { hyper, record: bench.input('record', [RECORDED], () => new Float32Array(RECORDED)) };
}

/** A loss, and the record that it is added to. */
function lossOutputs(y: Tensor, record: Tensor, loss: number): ExpectedOutput[] {
  const samples = [[0, loss]] as const;
  return [
    { output: y, samples },
    { output: record, samples, unchanged: RECORDED - 1 },
  ];
}

/** Next-byte loss and its gradient, which takes the place of the logits, in one pass. */
export function crossEntropyCase(batch: number, length: number, classes = 256): KernelCase {
  return {
    family: 'cross entropy',
    shape: `${batch} x ${length}, ${classes} classes`,
    record(bench) {
      const logits = bench.variable('logits', [batch, length, classes]);
      const ids = bench.ids('ids', [batch, length + 1], 1, classes);
      const slots = { classes, slots: 1, stride: 1, offset: 1, inputLength: length + 1, ignoreIndex: 0 };
      const scale = { weightIndex: 0, recordIndex: 0, recordScale: 1 };
      const { hyper, record } = common(bench);
      const y = crossEntropy({ logits, ids, hyper, record, ...slots, ...scale });
      const expected = () => {
        const [x, found] = [bench.values(logits), bench.values(ids)];
        const rows = batch * length;
        const softmax = (row: number): { p: Float64Array; own: number } => {
          const p = Float64Array.from({ length: classes }, (_, c) => Math.exp(x[row * classes + c]));
          const total = p.reduce((a, b) => a + b);
          const own = found[Math.floor(row / length) * (length + 1) + (row % length) + 1];
          return { p: p.map((v) => v / total), own };
        };
        let loss = 0;
        for (let row = 0; row < rows; row++) {
          const { p, own } = softmax(row);
          loss -= Math.log(p[own]) / rows;
        }
        const gradients = spread(rows, 8).flatMap((row) => {
          const { p, own } = softmax(row);
          const at = (c: number) => [row * classes + c, ((p[c] - (c === own ? 1 : 0)) * WEIGHT) / rows] as const;
          return [0, own, classes - 1].map(at);
        });
        return [...lossOutputs(y, record, loss), { output: logits, samples: gradients }];
      };
      return { flops: { forward: bench.graph.forwardFlops }, expected };
    },
  };
}

/** Next-embedding loss, forward and backward. */
export function cosineCase(batch: number, length: number, channels: number): KernelCase {
  return {
    family: 'cosine loss',
    shape: `${batch} x ${length} x ${channels}`,
    record(bench) {
      const shape = [batch, length, channels];
      const [prediction, target] = [bench.variable('prediction', shape), bench.variable('target', shape)];
      const scale = { shift: 1, weightIndex: 0, recordIndex: 0, recordScale: 1 } as const;
      const { hyper, record } = common(bench);
      const y = cosineLoss({ prediction, target, hyper, record, ...scale });
      bench.graph.backward();
      const expected = () => {
        const [a, b] = [bench.values(prediction), bench.values(target)];
        const pairs = batch * (length - 1);
        const compare = (row: number): { ab: number; aa: number; bb: number } => {
          const sums = { ab: 0, aa: 0, bb: 0 };
          for (let c = 0; c < channels; c++) {
            const [u, v] = [a[row * channels + c], b[(row + 1) * channels + c]];
            sums.ab += u * v;
            sums.aa += u * u;
            sums.bb += v * v;
          }
          return sums;
        };
        let mean = 0;
        for (let row = 0; row < batch * length; row++) {
          if ((row + 1) % length === 0) continue;
          const { ab, aa, bb } = compare(row);
          mean += ab / Math.sqrt(aa * bb) / pairs;
        }
        const places = spread(pairs, 8).flatMap((pair) => {
          const row = Math.floor(pair / (length - 1)) * length + (pair % (length - 1));
          return spread(channels, 4).map((c) => ({ own: row * channels + c, next: (row + 1) * channels + c, row }));
        });
        const slope = (towards: number, along: number, { ab, aa, bb }: ReturnType<typeof compare>): number =>
          (-WEIGHT * (towards - along * ab)) / Math.sqrt(aa * bb) / pairs;
        const predictions = places.map(({ own, next, row }) => {
          const sums = compare(row);
          return [own, slope(b[next], a[own] / sums.aa, sums)] as const;
        });
        const targets = places.map(({ own, next, row }) => {
          const sums = compare(row);
          return [next, slope(a[own], b[next] / sums.bb, sums)] as const;
        });
        // The last of a sequence predicts nothing, and nothing predicts the first.
        const unchanged = batch * channels;
        return [
          ...lossOutputs(y, record, 1 - mean),
          { output: prediction.gradient!, samples: predictions, unchanged },
          { output: target.gradient!, samples: targets, unchanged },
        ];
      };
      const { forwardFlops, backwardFlops } = bench.graph;
      return { flops: { forward: forwardFlops, backward: backwardFlops }, expected };
    },
  };
}
