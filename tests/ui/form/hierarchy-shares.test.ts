import { expect, test } from 'vitest';
import { flopsPerStep, parameterCount, tokensPerStep } from '../../../src/config/costs.ts';
import { presetConfig, presets } from '../../../src/config/presets.ts';
import { flopShares, parameterShares } from '../../../src/ui/form/hierarchy-shares.ts';

test('shares add up to the whole, and none is negative', () => {
  for (const { id } of presets) {
    for (const { hierarchies, rest } of [parameterShares(presetConfig(id)), flopShares(presetConfig(id))]) {
      expect(hierarchies.reduce((sum, share) => sum + share, rest)).toBeCloseTo(1, 12);
      expect(Math.min(...hierarchies, rest)).toBeGreaterThan(0);
    }
  }
});

test('two hierarchies that have the same factor while one is edited are counted once each', () => {
  const twice = structuredClone(presetConfig('quick'));
  twice.model.hierarchies[0].factor = 4;
  for (const { hierarchies, rest } of [parameterShares(twice), flopShares(twice)]) {
    expect(hierarchies.reduce((sum, share) => sum + share, rest)).toBeCloseTo(1, 12);
    expect(Math.min(...hierarchies, rest)).toBeGreaterThan(0);
    expect(hierarchies[0]).toBeLessThan(hierarchies[1]);
  }
});

test('parameters of no hierarchy are embedding, merges and output', () => {
  const config = presetConfig('quick');
  const { embed, merge, logits, total } = parameterCount(config.model);

  expect(parameterShares(config).rest).toBeCloseTo((embed + merge + logits) / total, 12);
});

test('arithmetic of no hierarchy is that of merges and output', () => {
  const config = presetConfig('quick');
  const { hierarchies, depth } = config.model;
  const [fine, coarse] = hierarchies.map(({ dim }) => dim);
  const merge = (fine + coarse) * 2 * fine + 2 * fine * fine;
  const { forward, backward } = flopsPerStep(config);

  // Forward and backward take six operations for each weight and byte.
  const expected = 6 * tokensPerStep(config) * (depth * merge + fine * 256);
  expect(flopShares(config).rest * (forward + backward)).toBeCloseTo(expected, 0);
});

test('the wider a stream, the larger its share', () => {
  const config = presetConfig('two');
  const wider = structuredClone(config);
  wider.model.hierarchies[0].dim = 128;

  expect(parameterShares(wider).hierarchies[0]).toBeGreaterThan(parameterShares(config).hierarchies[0]);
  expect(flopShares(wider).hierarchies[0]).toBeGreaterThan(flopShares(config).hierarchies[0]);
});
