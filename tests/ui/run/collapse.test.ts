import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { collapsedHierarchies } from '../../../src/ui/run/collapse.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';

const config = presetConfig('quick');

function measured(prediction: number, spread: number | null): RunMetrics {
  const metrics = new RunMetrics();
  const batch = plausibleMetrics(1, config, 1, 20, 10);
  metrics.append({ ...batch, ar: [null, batch.step.map(() => prediction)] }, config.model);
  metrics.appendValidation(20, 3, [null, spread]);
  return metrics;
}

test('a hierarchy has collapsed when it predicts itself and there is nothing to predict', () => {
  expect(collapsedHierarchies(measured(0.01, 0.02))).toEqual([1]);
});

test('a good prediction of different tokens is no collapse, nor are equal tokens before training', () => {
  expect(collapsedHierarchies(measured(0.01, 0.6))).toEqual([]);
  expect(collapsedHierarchies(measured(0.9, 0.02))).toEqual([]);
});

test('without a spread nothing is said', () => {
  expect(collapsedHierarchies(measured(0.01, null))).toEqual([]);
  expect(collapsedHierarchies(new RunMetrics())).toEqual([]);
});
