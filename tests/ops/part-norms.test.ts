import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { partNorms } from '../../src/ops/part-norms.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { relativeError } from '../support/relative-error.ts';

const device = Gpu.open(await gpu());

function numbers(count: number, phase: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898 + phase) + 0.3 * Math.cos(i * 0.37));
}

/** Norms of the parts in float64, row by row. */
function reference(x: Float32Array, weight: Float32Array, widths: readonly number[]): number[] {
  const channels = widths.reduce((sum, width) => sum + width, 0);
  const norms: number[] = [];
  for (let row = 0; row < x.length / channels; row++) {
    let start = 0;
    for (const width of widths) {
      let squares = 0;
      for (let output = 0; output < weight.length / channels; output++) {
        let sum = 0;
        for (let c = start; c < start + width; c++) sum += x[row * channels + c] * weight[output * channels + c];
        squares += sum * sum;
      }
      norms.push(Math.sqrt(squares));
      start += width;
    }
  }
  return norms;
}

const CASES: [batch: number, time: number, outputs: number, widths: number[]][] = [
  [1, 1, 1, [1]],
  [1, 5, 3, [2, 1]],
  [2, 33, 66, [17, 5, 48]],
  [1, 70, 130, [64, 96]],
  // A part of whole vectors of four that begins in the middle of one.
  [1, 9, 8, [2, 4, 2]],
];

describe.each(Object.keys(TUNINGS) as (keyof typeof TUNINGS)[])('with kernels for a %s', (name) => {
  test.each(CASES)('[%i, %i] rows, %i outputs, parts of %j channels', async (batch, time, outputs, widths) => {
    const channels = widths.reduce((sum, width) => sum + width, 0);
    const x = numbers(batch * time * channels, 1);
    const weight = numbers(outputs * channels, 2);
    const session = new EagerSession(await device, { tuning: TUNINGS[name] });
    const y = partNorms({
      x: session.constant([batch, time, channels], x),
      weight: session.constant([outputs, channels], weight),
      widths,
    });

    expect(y.shape).toEqual([batch, time, widths.length]);
    const { norms } = await session.run({ norms: y });
    expect(relativeError(norms, reference(x, weight, widths))).toBeLessThan(2e-6);
  });
});

test('parts that do not make up the channels are refused', async () => {
  const session = new EagerSession(await device);
  const x = session.constant([1, 1, 4], [1, 2, 3, 4]);
  const weight = session.constant([1, 4], [1, 2, 3, 4]);

  expect(() => partNorms({ x, weight, widths: [1, 2] })).toThrow('partNorms: given parts of 1, 2 channels');
});
