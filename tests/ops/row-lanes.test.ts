import { expect, test } from 'vitest';
import { laneParams, rowLanes } from '../../src/ops/row-lanes.ts';
import { rowSums } from '../../src/tensor/row-sum.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';

test('rows of any width have a power of two lanes, and kernels are told its logarithm', () => {
  for (let channels = 1; channels <= 1024; channels++) {
    for (const tuning of Object.values(TUNINGS)) {
      const { lanes, lane_bits } = laneParams(rowLanes(tuning, channels));
      expect(2 ** lane_bits).toBe(lanes);
    }
  }
});

test.each([0, 3, 48, 0.5, -2])('%f lanes are refused, because kernels mask by them', (lanes) => {
  expect(() => laneParams(lanes)).toThrow(`rows: given ${lanes} lanes, needs a power of two`);
  expect(() => rowSums(TUNINGS.gpu, lanes, ['row_sum'])).toThrow(`rowSums: given ${lanes} lanes, needs a power of two`);
});
