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

function begunWith(sha256: string, { runs, figures }: ReturnType<typeof measured>) {
  return { runs: runs.map((run) => ({ ...run, firstWeights: { name: 'trained', step: 9, sha256 } })), figures };
}

function withLastSeed(seed: number, { runs, figures }: ReturnType<typeof measured>) {
  return { runs: [...runs.slice(1), { config: withTraining(runs[0].config, { seed }) }], figures };
}

const a = measured(micro, [2.5, 2.9, 2.7]);
const close = [2.3, 2.69, 2.51];

test('of the same widths and batches it is known seed by seed', () => {
  const b = measured(deeper, close);
  expect(arePairs(a, b)).toBe(true);
  expect(differenceOverSeeds(a, b)).toMatchObject({ mean: expect.closeTo(0.2, 9), margin: expect.closeTo(0.0248, 4) });
});

test('of the same first weights it is known seed by seed, too', () => {
  const [first, second] = [measured(micro, [2.5, 2.9, 2.7]), measured(withTraining(micro, { steps: 7 }), close)];
  expect(arePairs(begunWith('aa', first), begunWith('aa', second))).toBe(true);
  expect(arePairs(begunWith('aa', first), begunWith('bb', second))).toBe(false);
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
  ['first weights', begunWith('aa', measured(deeper, close))],
  ['seeds', measured(deeper, close, 1)],
  ['a last seed', withLastSeed(9, measured(deeper, close, -1))],
  ['a number of seeds', measured(deeper, close.slice(1))],
])('of %s of their own it is known between the means', (_, b) => {
  expect(arePairs(a, b)).toBe(false);
  expect(differenceOverSeeds(a, b).margin).toBeGreaterThan(0.4);
});
