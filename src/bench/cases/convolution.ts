import { depthwiseConv } from '../../ops/depthwise-conv.ts';
import { stridedConv } from '../../ops/strided-conv.ts';
import { LARGE, spread, type CaseLists, type KernelCase } from '../kernel-case.ts';

export const lists: CaseLists = {
  full: () => [depthwiseConvCase(1, LARGE / 512, 512, 4)],
  quick: () => [
    stridedConvCase({ batch: 2, length: 64, channels: 16, outputs: 64, taps: 4, stride: 2 }),
    depthwiseConvCase(2, 64, 32, 4),
  ],
};

export interface ConvShape {
  batch: number;
  length: number;
  /** Channels in. */
  channels: number;
  outputs: number;
  taps: number;
  stride: number;
}

/** The compressor's causal convolution, forward and backward. */
export function stridedConvCase(given: ConvShape): KernelCase {
  const { batch, length, channels, outputs, taps, stride } = given;
  const outLength = Math.ceil(length / stride);
  return {
    family: 'strided convolution',
    shape: `${batch} x ${length} x ${channels}, ${outputs} out, ${taps} taps, stride ${stride}`,
    record(bench) {
      const x = bench.variable('x', [batch, length, channels]);
      const weight = bench.variable('weight', [outputs, taps, channels]);
      const bias = bench.variable('bias', [outputs]);
      const y = stridedConv({ x, weight, bias, stride });
      const dy = bench.backward(y);
      const expected = () => {
        const [a, w, b, g] = [x, weight, bias, dy].map((tensor) => bench.values(tensor));
        /** Position that a tap of an output reads, or -1 before the start. */
        const source = (j: number, tap: number): number => Math.max(-1, j * stride + tap - (taps - 1));
        const outputAt = (i: number) => {
          const [o, j, item] = [i % outputs, Math.floor(i / outputs) % outLength, Math.floor(i / outputs / outLength)];
          let sum = b[o];
          for (let tap = 0; tap < taps; tap++) {
            const t = source(j, tap);
            if (t < 0) continue;
            for (let e = 0; e < channels; e++) {
              sum += a[(item * length + t) * channels + e] * w[(o * taps + tap) * channels + e];
            }
          }
          return [i, sum] as const;
        };
        const inputGradientAt = (i: number) => {
          const [e, t, item] = [i % channels, Math.floor(i / channels) % length, Math.floor(i / channels / length)];
          let sum = 0;
          for (let j = Math.floor(t / stride); j < Math.min(outLength, Math.ceil(t / stride) + taps); j++) {
            const tap = t + taps - 1 - j * stride;
            if (tap < 0 || tap >= taps) continue;
            for (let o = 0; o < outputs; o++) {
              sum += g[(item * outLength + j) * outputs + o] * w[(o * taps + tap) * channels + e];
            }
          }
          return [i, sum] as const;
        };
        // Behind what the last output reads.
        const unread = batch * (length - 1 - (outLength - 1) * stride) * channels;
        const weightGradientAt = (i: number) => {
          const [e, tap, o] = [i % channels, Math.floor(i / channels) % taps, Math.floor(i / channels / taps)];
          let sum = 0;
          for (let row = 0; row < batch * outLength; row++) {
            const t = source(row % outLength, tap);
            const item = Math.floor(row / outLength);
            if (t >= 0) sum += g[row * outputs + o] * a[(item * length + t) * channels + e];
          }
          return [i, sum] as const;
        };
        const biasGradientAt = (o: number) => {
          let sum = 0;
          for (let row = 0; row < batch * outLength; row++) sum += g[row * outputs + o];
          return [o, sum] as const;
        };
        return [
          { output: y, samples: spread(batch * outLength * outputs, 24).map(outputAt) },
          {
            output: x.gradient!,
            samples: spread(batch * length * channels, 24).map(inputGradientAt),
            unchanged: unread,
          },
          { output: weight.gradient!, samples: spread(outputs * taps * channels, 24).map(weightGradientAt) },
          { output: bias.gradient!, samples: spread(outputs, 24).map(biasGradientAt) },
        ];
      };
      const { forwardFlops, backwardFlops } = bench.graph;
      return { flops: { forward: forwardFlops, backward: backwardFlops }, expected };
    },
  };
}

/** Each channel convolved by itself, forward and backward. */
export function depthwiseConvCase(batch: number, length: number, channels: number, taps: number): KernelCase {
  return {
    family: 'depthwise convolution',
    shape: `${batch} x ${length} x ${channels}, ${taps} taps`,
    record(bench) {
      const [x, weight] = [bench.variable('x', [batch, length, channels]), bench.variable('weight', [channels, taps])];
      const y = depthwiseConv({ x, weight, stride: 1 });
      const dy = bench.backward(y);
      const expected = () => {
        const [a, w, g] = [x, weight, dy].map((tensor) => bench.values(tensor));
        const places = spread(batch * length * channels, 32);
        const outputAt = (i: number) => {
          const [c, t] = [i % channels, Math.floor(i / channels) % length];
          let sum = 0;
          for (let tap = 0; tap < taps; tap++) {
            const back = taps - 1 - tap;
            if (back <= t) sum += a[i - back * channels] * w[c * taps + tap];
          }
          return [i, sum] as const;
        };
        const inputGradientAt = (i: number) => {
          const [c, t] = [i % channels, Math.floor(i / channels) % length];
          let sum = 0;
          for (let tap = 0; tap < taps; tap++) {
            const ahead = taps - 1 - tap;
            if (t + ahead < length) sum += g[i + ahead * channels] * w[c * taps + tap];
          }
          return [i, sum] as const;
        };
        const weightGradientAt = (i: number) => {
          const [c, back] = [Math.floor(i / taps), taps - 1 - (i % taps)];
          let sum = 0;
          for (let row = 0; row < batch * length; row++) {
            if (row % length >= back) sum += g[row * channels + c] * a[(row - back) * channels + c];
          }
          return [i, sum] as const;
        };
        return [
          { output: y, samples: places.map(outputAt) },
          { output: x.gradient!, samples: places.map(inputGradientAt) },
          { output: weight.gradient!, samples: spread(channels * taps, 32).map(weightGradientAt) },
        ];
      };
      const { forwardFlops, backwardFlops } = bench.graph;
      return { flops: { forward: forwardFlops, backward: backwardFlops }, expected };
    },
  };
}
