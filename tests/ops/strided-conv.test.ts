import { beforeAll, describe, expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { plainRows, recordRowProduct } from '../../src/ops/gemm.ts';
import { stridedConv } from '../../src/ops/strided-conv.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { relativeError } from '../support/relative-error.ts';
import { gpu } from '../support/gpu.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { PRODUCT_TUNINGS } from '../support/tunings.ts';
import { convBackward, convForward, type ConvShape } from '../support/reference/linear.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

const SHAPES: ConvShape[] = [
  { batch: 2, length: 13, channels: 3, outputs: 5, taps: 2, stride: 1 },
  { batch: 1, length: 1, channels: 4, outputs: 2, taps: 4, stride: 2 },
  { batch: 2, length: 17, channels: 9, outputs: 10, taps: 4, stride: 2 },
  { batch: 3, length: 30, channels: 5, outputs: 7, taps: 8, stride: 8 },
  { batch: 2, length: 5, channels: 6, outputs: 8, taps: 8, stride: 1 },
  { batch: 1, length: 3, channels: 2, outputs: 3, taps: 8, stride: 4 },
  // Whole vectors of four.
  { batch: 2, length: 35, channels: 8, outputs: 12, taps: 8, stride: 4 },
  { batch: 3, length: 27, channels: 4, outputs: 68, taps: 4, stride: 1 },
  // Rows that are whole vectors of four one from the other, but begin in the middle of one.
  { batch: 2, length: 10, channels: 2, outputs: 4, taps: 4, stride: 2 },
];

describe.each(PRODUCT_TUNINGS)('stridedConv with %s kernels', (_name, tuning) => {
  it.each(SHAPES)(
    'equals the float64 convolution for $batch x $length x $channels, $taps taps, stride $stride',
    async (shape) => {
      const { batch, length, channels, outputs, taps, stride } = shape;
      const outLength = Math.ceil(length / stride);
      const x = someNumbers(batch * length * channels, 1);
      const w = someNumbers(outputs * taps * channels, 2);
      const b = someNumbers(outputs, 3);
      const dy = someNumbers(batch * outLength * outputs, 4);
      const s = new EagerSession(device, { training: true, tuning });
      const args = {
        x: s.variable([batch, length, channels], x),
        weight: s.variable([outputs, taps, channels], w),
        bias: s.variable([outputs], b),
      };
      const y = stridedConv({ ...args, stride });
      s.graph.seedGradient(y, s.constant([batch, outLength, outputs], dy));
      s.graph.backward();
      const out = await s.run({ y, dx: args.x.gradient!, dw: args.weight.gradient!, db: args.bias.gradient! });
      const expected = convBackward(x, w, dy, shape);
      expect(relativeError(out.y, convForward(x, w, b, shape))).toBeLessThan(3e-6);
      expect(relativeError(out.dx, expected.dx)).toBeLessThan(3e-6);
      expect(relativeError(out.dw, expected.dw)).toBeLessThan(3e-6);
      expect(relativeError(out.db, expected.db)).toBeLessThan(3e-6);
    },
  );
});

describe.each(PRODUCT_TUNINGS)('the input gradient of stridedConv with %s kernels', (_name, tuning) => {
  it.each<Omit<ConvShape, 'taps'>>([
    { batch: 2, length: 21, channels: 5, outputs: 7, stride: 2 },
    { batch: 2, length: 24, channels: 8, outputs: 12, stride: 4 },
    { batch: 2, length: 35, channels: 36, outputs: 20, stride: 8 },
    { batch: 1, length: 3, channels: 4, outputs: 8, stride: 8 },
  ])('is a product for each residue of $length by $stride, to the bit', async (shape) => {
    const { batch, length, channels, outputs, stride } = shape;
    const taps = 2 * stride;
    const rows = Math.ceil(length / stride);
    const s = new EagerSession(device, { training: true, tuning });
    const x = s.variable([batch, length, channels], someNumbers(batch * length * channels, 1));
    const weight = s.variable([outputs, taps, channels], someNumbers(outputs * taps * channels, 2));
    const dy = s.constant([batch, rows, outputs], someNumbers(batch * rows * outputs, 3));
    const y = stridedConv({ x, weight, bias: s.variable([outputs], someNumbers(outputs, 4)), stride });
    const forward = s.graph.dispatches.length;
    s.graph.seedGradient(y, dy);
    s.graph.backward();
    const writes = s.graph.dispatches.slice(forward).filter(({ bindings }) => bindings.out === x.gradient);
    expect(writes.length).toBe(1);
    const alone = s.graph.temporary('alone', x.shape);
    for (let residue = 0; residue < Math.min(stride, length); residue++) {
      const late = residue > 0 ? 1 : 0;
      const rowsPerBatch = Math.ceil((length - residue) / stride);
      recordRowProduct(s.graph, {
        a: dy,
        b: weight,
        out: alone,
        m: batch * rowsPerBatch,
        n: channels,
        k: outputs,
        segments: taps / stride,
        rowsPerBatch,
        transposeB: false,
        aView: { ...plainRows(rows, outputs), shift: late * outputs, segment: outputs },
        bView: {
          row: taps * channels,
          shift: (taps - 1 + residue - stride * late) * channels,
          segment: -stride * channels,
        },
        outView: { ...plainRows(length, channels), row: stride * channels, shift: residue * channels },
      });
    }
    const out = await s.run({ dx: x.gradient!, alone });
    expect(out.dx).toEqual(out.alone);
  });
});

it('stridedConv refuses a stride that does not divide its taps', () => {
  const s = new EagerSession(device);
  const x = s.constant([1, 4, 2], someNumbers(8, 1));
  const weight = s.constant([3, 4, 2], someNumbers(24, 1));
  expect(() => stridedConv({ x, weight, bias: s.constant([3], [0, 0, 0]), stride: 3 })).toThrow(
    'stridedConv: given stride 3, needs a divisor of the 4 taps',
  );
});
