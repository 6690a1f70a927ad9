import { norm } from '../../ops/norm.ts';
import { spread, type CaseLists, type KernelCase } from '../kernel-case.ts';

export const lists: CaseLists = {
  full: () =>
    [
      { batch: 16, length: 128, channels: 64 },
      { batch: 1, length: 8192, channels: 512 },
    ].flatMap((shape) => [
      normCase({ ...shape, kind: 'rms', shift: 0 }),
      normCase({ ...shape, kind: 'rms', shift: 1 }),
      normCase({ ...shape, kind: 'layer', shift: 1 }),
    ]),
  quick: () => [
    normCase({ batch: 2, length: 64, channels: 64, kind: 'rms', shift: 1 }),
    normCase({ batch: 2, length: 64, channels: 64, kind: 'layer', shift: 0 }),
  ],
};

export interface NormShape {
  batch: number;
  length: number;
  channels: number;
  kind: 'rms' | 'layer';
  shift: 0 | 1;
}

/** Token shift and norm, forward and backward with the gradients of gain and bias. */
export function normCase({ batch, length, channels, kind, shift }: NormShape): KernelCase {
  return {
    family: 'norm',
    shape: `${batch} x ${length} x ${channels}, ${kind}${shift ? ' with shift' : ''}`,
    record(bench) {
      const x = bench.activationVariable('x', [batch, length, channels]);
      const weight = bench.variable('weight', [channels]);
      const bias = kind === 'layer' ? bench.variable('bias', [channels]) : undefined;
      const y = norm({ x, kind, weight, bias, shift });
      const dy = bench.backward(y);
      const expected = () => {
        const [values, gain, g] = [x, weight, dy].map((tensor) => bench.values(tensor));
        const offset = bias && bench.values(bias);
        // The row behind the shift, normed, and the factor of its derivative.
        const normed = (row: number): { hat: Float64Array; rstd: number } => {
          const hat = Float64Array.from({ length: channels }, (_, c) => {
            const from = c < Math.ceil(channels / 2) ? row : row - shift;
            return Math.floor(from / length) === Math.floor(row / length) ? values[from * channels + c] : 0;
          });
          const mean = kind === 'layer' ? hat.reduce((a, b) => a + b) / channels : 0;
          const variance = hat.reduce((a, b) => a + (b - mean) ** 2, 0) / channels;
          const rstd = 1 / Math.sqrt(variance + (kind === 'layer' ? 1e-5 : 0));
          return { hat: hat.map((v) => (v - mean) * rstd), rstd };
        };
        // Gradient of the row behind the shift.
        const back = (row: number): Float64Array => {
          const { hat, rstd } = normed(row);
          const dhat = Float64Array.from({ length: channels }, (_, c) => g[row * channels + c] * gain[c]);
          const along = dhat.reduce((a, v, c) => a + v * hat[c], 0) / channels;
          const mean = kind === 'layer' ? dhat.reduce((a, b) => a + b) / channels : 0;
          return dhat.map((v, c) => (v - mean - hat[c] * along) * rstd);
        };
        const rows = batch * length;
        const some = spread(rows, 6);
        const columns = spread(channels, 8);
        const outputs = some.flatMap((row) => {
          const { hat } = normed(row);
          return columns.map((c) => [row * channels + c, hat[c] * gain[c] + (offset ? offset[c] : 0)] as const);
        });
        const gradients = some.flatMap((row) => {
          const next = row + shift;
          const [own, later] = [back(row), next % length === 0 && shift ? null : back(Math.min(next, rows - 1))];
          return columns.map((c) => {
            const source = c < Math.ceil(channels / 2) ? own : later;
            return [row * channels + c, source ? source[c] : 0] as const;
          });
        });
        const gainSums = columns.map((): number => 0);
        const offsetSums = columns.map((): number => 0);
        for (let row = 0; row < rows; row++) {
          const { hat } = normed(row);
          columns.forEach((c, i) => {
            gainSums[i] += g[row * channels + c] * hat[c];
            offsetSums[i] += g[row * channels + c];
          });
        }
        return [
          { output: y, samples: outputs },
          // What a shift moves beyond the end of a sequence is not read.
          { output: x.gradient!, samples: gradients, unchanged: shift * batch * Math.floor(channels / 2) },
          { output: weight.gradient!, samples: columns.map((c, i) => [c, gainSums[i]] as const) },
          ...(bias ? [{ output: bias.gradient!, samples: columns.map((c, i) => [c, offsetSums[i]] as const) }] : []),
        ];
      };
      const { forwardFlops, backwardFlops } = bench.graph;
      return { flops: { forward: forwardFlops, backward: backwardFlops }, expected };
    },
  };
}
