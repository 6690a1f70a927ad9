import { concat } from '../../ops/concat.ts';
import { embedding } from '../../ops/embedding.ts';
import { LARGE, spread, type CaseLists, type KernelCase } from '../kernel-case.ts';

export const lists: CaseLists = {
  full: () => [
    concatCase(16, 128, [
      [1, 64],
      [1, 96],
    ]),
    concatCase(1, 4096, [
      [1, 128],
      [1, 256],
      [1, 512],
      [8, 1024],
    ]),
    embeddingCase(16, 128, 64),
    embeddingCase(1, LARGE / 512, 512),
    addCase(2 ** 17),
    addCase(LARGE),
  ],
  quick: () => [
    concatCase(2, 64, [
      [1, 32],
      [4, 48],
    ]),
    embeddingCase(2, 64, 32),
    addCase(4096),
  ],
};

/** Rows of a table by id, and the table's gradient. */
export function embeddingCase(batch: number, length: number, channels: number, vocabulary = 256): KernelCase {
  return {
    family: 'embedding',
    shape: `${batch} x ${length} x ${channels}, V ${vocabulary}`,
    record(bench) {
      const weight = bench.variable('weight', [vocabulary, channels]);
      const ids = bench.ids('ids', [batch, length + 1], 0, vocabulary);
      const y = embedding({ weight, ids, length });
      const dy = bench.backward(y);
      const expected = () => {
        const [table, found, g] = [weight, ids, dy].map((tensor) => bench.values(tensor));
        const idOf = (row: number): number => found[Math.floor(row / length) * (length + 1) + (row % length)];
        const rows = batch * length;
        const outputs = spread(rows * channels, 48).map((i) => {
          const [row, c] = [Math.floor(i / channels), i % channels];
          return [i, table[idOf(row) * channels + c]] as const;
        });
        const unread = (vocabulary - new Set(Array.from({ length: rows }, (_, row) => idOf(row))).size) * channels;
        const places = spread(vocabulary * channels, 12);
        const sums = places.map(() => 0);
        for (let row = 0; row < rows; row++) {
          const id = idOf(row);
          places.forEach((place, i) => {
            if (Math.floor(place / channels) === id) sums[i] += g[row * channels + (place % channels)];
          });
        }
        return [
          { output: y, samples: outputs },
          { output: weight.gradient!, samples: places.map((place, i) => [place, sums[i]] as const), unchanged: unread },
        ];
      };
      return { flops: { forward: 0, backward: bench.graph.backwardFlops }, expected };
    },
  };
}

/** Streams of several strides joined and normed, as every merge begins: `parts` are [stride, channels]. */
export function concatCase(batch: number, length: number, parts: readonly (readonly [number, number])[]): KernelCase {
  const channels = parts.reduce((sum, [, count]) => sum + count, 0);
  return {
    family: 'concat and norm',
    shape: `${batch} x ${length} x ${channels}, strides ${parts.map(([stride]) => stride).join('+')}`,
    record(bench) {
      const tensors = parts.map(([stride, count], i) =>
        bench.variable(`part ${i}`, [batch, Math.ceil(length / stride), count]),
      );
      const weight = bench.variable('weight', [channels]);
      const y = concat({ parts: tensors, strides: parts.map(([stride]) => stride), length, weight });
      const dy = bench.backward(y);
      const expected = () => {
        const streams = tensors.map((tensor) => bench.values(tensor));
        const [gain, g] = [bench.values(weight), bench.values(dy)];
        const joined = (row: number): { hat: number[]; factor: number } => {
          const [item, t] = [Math.floor(row / length), row % length];
          const x = parts.flatMap(([stride, count], i) => {
            const at = (item * Math.ceil(length / stride) + Math.floor(t / stride)) * count;
            return Array.from(streams[i].subarray(at, at + count));
          });
          const factor = Math.sqrt(channels) / Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
          return { hat: x.map((v) => v * factor), factor };
        };
        const back = (row: number): number[] => {
          const { hat, factor } = joined(row);
          const dhat = hat.map((_, c) => g[row * channels + c] * gain[c]);
          const along = dhat.reduce((sum, v, c) => sum + v * hat[c], 0) / channels;
          return dhat.map((v, c) => (v - hat[c] * along) * factor);
        };
        const some = spread(channels, 8);
        const outputs = spread(batch * length, 6).flatMap((row) => {
          const { hat } = joined(row);
          return some.map((c) => [row * channels + c, hat[c] * gain[c]] as const);
        });
        let first = 0;
        const gradients = parts.map(([stride, count], i) => {
          const from = first;
          first += count;
          const tokens = Math.ceil(length / stride);
          const samples = spread(batch * tokens, 4).flatMap((token) => {
            const start = Math.floor(token / tokens) * length + (token % tokens) * stride;
            const end = Math.min(start + stride, (Math.floor(token / tokens) + 1) * length);
            const rows = Array.from({ length: end - start }, (_, j) => back(start + j));
            return spread(count, 6).map(
              (c) => [token * count + c, rows.reduce((sum, row) => sum + row[from + c], 0)] as const,
            );
          });
          return { output: tensors[i].gradient!, samples };
        });
        const gainSums = some.map((): number => 0);
        for (let row = 0; row < batch * length; row++) {
          const { hat } = joined(row);
          some.forEach((c, i) => (gainSums[i] += g[row * channels + c] * hat[c]));
        }
        const gains = some.map((c, i) => [c, gainSums[i]] as const);
        return [{ output: y, samples: outputs }, ...gradients, { output: weight.gradient!, samples: gains }];
      };
      const { forwardFlops, backwardFlops } = bench.graph;
      return { flops: { forward: forwardFlops, backward: backwardFlops }, expected };
    },
  };
}

/** A gradient added to one that is there. */
export function addCase(count: number): KernelCase {
  return {
    family: 'add',
    shape: String(count),
    record(bench) {
      const sum = bench.variable('sum', [count]);
      const source = bench.input('source', [count]);
      bench.graph.passGradient(sum, source);
      const expected = () => {
        const values = bench.values(source);
        return [{ output: sum.gradient!, samples: spread(count, 32).map((i) => [i, values[i]] as const) }];
      };
      return { flops: { forward: bench.graph.backwardFlops }, expected };
    },
  };
}
