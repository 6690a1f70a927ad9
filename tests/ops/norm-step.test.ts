import { describe, expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { normStep } from '../../src/ops/norm-step.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import type { Tensor } from '../../src/tensor/tensor.ts';
import { gpu } from '../support/gpu.ts';
import { referenceNorm } from '../support/reference/norm.ts';
import { relativeError } from '../support/relative-error.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { REDUCTION_TUNINGS } from '../support/tunings.ts';

const device = await Gpu.open(await gpu());

const CASES: [kind: 'rms' | 'layer', length: number, channels: number, shift: number, stride: number][] = [
  ['rms', 1, 1, 0, 1],
  ['layer', 3, 1, 1, 1],
  ['rms', 9, 2, 1, 1],
  ['layer', 9, 7, 2, 4],
  ['rms', 11, 33, 4, 2],
  ['layer', 4, 130, 8, 1],
  ['layer', 3, 300, 0, 1],
];

describe.each(REDUCTION_TUNINGS)('norm token by token, kernels for %s', (_name, tuning) => {
  it.each(CASES)('%s of %i tokens of %i channels shifted by %i at stride %i is the float64 one', async (...sizes) => {
    const [kind, length, channels, shift, stride] = sizes;
    const x = someNumbers(length * channels, 1);
    const [weight, bias] = [someNumbers(channels, 2), someNumbers(channels, 3)];
    const session = new EagerSession(device, { tuning });
    // What no token has left there must not be seen.
    const line =
      shift > 0 ? session.constant([shift, channels], new Float32Array(shift * channels).fill(NaN)) : undefined;
    const gain = session.constant([channels], weight);
    const offset = kind === 'layer' ? session.constant([channels], bias) : undefined;
    const outputs: Record<string, Tensor> = {};
    for (let t = 0; t < length; t++) {
      const token = session.constant([1, 1, channels], x.slice(t * channels, (t + 1) * channels));
      const position = session.constant([1], Uint32Array.of(t * stride));
      outputs[t] = normStep({ x: token, kind, weight: gain, bias: offset, shift, line, position, stride });
    }
    const results = await session.run(outputs);
    const expected = referenceNorm({ kind, batch: 1, length, channels, shift }, x, weight, bias);
    const actual = Array.from({ length }, (_, t) => [...results[t]]).flat();
    expect(relativeError(actual, expected)).toBeLessThan(3e-6);
  });
});

describe('normStep', () => {
  it('refuses a line that is not as long as its shift', () => {
    const session = new EagerSession(device);
    const x = session.constant([1, 1, 4], new Float32Array(4));
    const weight = session.constant([4], new Float32Array(4));
    const position = session.constant([1], Uint32Array.of(0));
    const args = { x, kind: 'rms', weight, position, stride: 1 } as const;
    expect(() => normStep({ ...args, shift: 2 })).toThrow('normStep: given line [], needs [2, 4]');
    const line = session.constant([2, 4], new Float32Array(8));
    expect(() => normStep({ ...args, shift: 0, line })).toThrow('normStep: given line [2, 4], needs []');
    expect(() => normStep({ ...args, shift: 2, line, stride: 0 })).toThrow('normStep: given stride 0');
  });
});
