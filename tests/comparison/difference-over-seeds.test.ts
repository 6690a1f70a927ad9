import { expect, test } from 'vitest';
import { arePairs, differenceOverSeeds } from '../../src/comparison/difference-over-seeds.ts';
import { presetConfig } from '../../src/config/presets.ts';
import { withHierarchy, withModel, withTraining } from '../../src/config/problem.ts';
import type { RunConfig } from '../../src/config/types.ts';

const micro = presetConfig('micro');
const deeper = withModel(micro, { depth: 2 });

function measured(config: RunConfig, figures: number[], from = 0) {
  return { runs: figures.map((_, at) => ({ config: withTraining(config, { seed: from + at }) })), figures };
}

const a = measured(micro, [2.5, 2.9, 2.7]);
const close = [2.3, 2.69, 2.51];

test('of the same widths and batches it is known seed by seed', () => {
  const b = measured(deeper, close);
  expect(arePairs(a, b)).toBe(true);
  expect(differenceOverSeeds(a, b)).toMatchObject({ mean: expect.closeTo(0.2, 9), margin: expect.closeTo(0.0248, 4) });
});

test.each([
  [
    'widths',
    measured(
      withHierarchy(deeper, 1, (each) => ({ ...each, dim: 32 })),
      close,
    ),
  ],
  ['batches', measured(withTraining(deeper, { batchSize: 2 * micro.training.batchSize }), close)],
  ['seeds', measured(deeper, close, 1)],
  ['a number of seeds', measured(deeper, close.slice(1))],
])('of %s of their own it is known between the means', (_, b) => {
  expect(arePairs(a, b)).toBe(false);
  expect(differenceOverSeeds(a, b).margin).toBeGreaterThan(0.4);
});
