import { describe, expect, it } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { phaseProduct } from '../../src/ops/phase-product.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { gpu } from '../support/gpu.ts';
import { linearForward } from '../support/reference/linear.ts';
import { relativeError } from '../support/relative-error.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { PRODUCT_TUNINGS } from '../support/tunings.ts';

const device = Gpu.open(await gpu());

const CASES = [
  { B: 1, T: 1, K: 3, N: 5, first: 0, every: 1 },
  { B: 2, T: 11, K: 5, N: 7, first: 1, every: 3 },
  // The last row of the phase is that of the batch item, and whole vectors of four.
  { B: 2, T: 12, K: 8, N: 12, first: 3, every: 4 },
  { B: 1, T: 70, K: 36, N: 132, first: 1, every: 2 },
];

describe.each(PRODUCT_TUNINGS)('with %s kernels', (_name, tuning) => {
  it.each(CASES)(
    'rows $first, $first + $every ... of $T give the float64 product, $K -> $N',
    async ({ B, T, K, N, first, every }) => {
      const [x, weight] = [someNumbers(B * T * K, 1), someNumbers(N * K, 2)];
      const session = new EagerSession(await device, { tuning });
      const y = phaseProduct({
        x: session.constant([B, T, K], x),
        weight: session.constant([N, K], weight),
        first,
        every,
      });
      const used = x.filter((_, at) => {
        const row = Math.floor(at / K) % T;
        return row >= first && (row - first) % every === 0;
      });

      expect(y.shape).toEqual([B, used.length / K / B, N]);
      const out = await session.run({ y });
      expect(relativeError(out.y, linearForward(used, weight, null, used.length / K, K, N))).toBeLessThan(3e-6);
    },
  );
});

it('a phase that begins behind the last row is refused', async () => {
  const session = new EagerSession(await device);
  const [x, weight] = [session.constant([1, 2, 1], [1, 2]), session.constant([1, 1], [1])];
  expect(() => phaseProduct({ x, weight, first: 2, every: 4 })).toThrow('phaseProduct: given first row 2 of 2');
});
