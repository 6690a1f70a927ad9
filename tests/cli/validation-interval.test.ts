import { expect, test } from 'vitest';
import { validationInterval } from '../../src/cli/train/validation-interval.ts';
import { presetConfig } from '../../src/config/presets.ts';

const { training } = presetConfig('quick');

test('a run is validated as often as on the page where that is a report', () => {
  // Forty times in a run of large batches.
  expect(validationInterval({ ...training, steps: 4000, batchSize: 16 }, 10)).toBe(100);
  // A validation takes as long as 32 / 3 steps of one sequence, and may take an eighth of the time.
  expect(validationInterval({ ...training, steps: 4000, batchSize: 1 }, 1)).toBe(100);
  expect(validationInterval({ ...training, steps: 1000, batchSize: 1 }, 1)).toBe(86);
  expect(validationInterval({ ...training, steps: 1000, batchSize: 1, accumulation: 4 }, 1)).toBe(25);
});

test('else at the report that follows, so that it takes no more of the time', () => {
  expect(validationInterval({ ...training, steps: 1000, batchSize: 1 }, 10)).toBe(90);
  const short = { ...training, steps: 300, batchSize: 4 };
  expect([1, 10, 7, 500].map((every) => validationInterval(short, every))).toEqual([22, 30, 28, 500]);
});
