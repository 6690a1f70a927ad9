import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { gentlerRate, leanerRun, smallerRun } from '../../../src/ui/state/remedies.ts';

test('a diverged run is offered a third of its learning rate, rounded', () => {
  const fix = gentlerRate(presetConfig('quick'))!;

  expect(fix.label).toBe('Use learning rate 1e-3');
  expect(fix.apply(presetConfig('quick')).training.learningRate).toBe(0.001);
});

test('a learning rate of zero has no gentler one', () => {
  const config = presetConfig('quick');

  expect(gentlerRate({ ...config, training: { ...config.training, learningRate: 0 } })).toBeNull();
});

test('a run that was too large is offered half the batch, then half the context', () => {
  const config = presetConfig('quick');
  const [batch, context] = smallerRun(config);

  expect(batch.apply(config).training.batchSize).toBe(8);
  expect(context.apply(config).model.contextLength).toBe(64);
  expect(smallerRun(presetConfig('readme4')).map(({ label }) => label)).toEqual(['Use context 512']);
});

test('a run that was too large for memory is offered to keep less, once', () => {
  const [fix] = leanerRun(presetConfig('train'));
  const leaner = fix.apply(presetConfig('train'));

  expect(leaner.training.recompute).toBe(true);
  expect(leanerRun(leaner)).toEqual([]);
});
