import { expect, test } from 'vitest';
import { hotSettings, withHotSettings } from '../../../src/config/hot-settings.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { gentlerRate, gentlerWay, leanerRun, smallerRun } from '../../../src/ui/state/remedies.ts';

test('a diverged run is offered a third of its learning rate, rounded', () => {
  const fix = gentlerRate(presetConfig('quick'))!;

  expect(fix.label).toBe('Use learning rate 1e-3');
  expect(fix.apply(presetConfig('quick')).training.learningRate).toBe(0.001);
});

test('a learning rate of zero has no gentler one', () => {
  const config = presetConfig('quick');

  expect(gentlerRate({ ...config, training: { ...config.training, learningRate: 0 } })).toBeNull();
});

test('a run that a loss weight ruined goes on gently without that weight', () => {
  const config = presetConfig('quick');
  const former = hotSettings(config);
  const ruined = withHotSettings(config, { ...former, reconWeight: 500 });
  const way = gentlerWay(ruined, former, 1087)!;

  expect(way.label).toBe('Use learning rate 1e-3, reconstruction weight 0.1 from step 1,087 on');
  expect(hotSettings(way.apply(ruined))).toEqual({ ...former, learningRate: 0.001 });
});

test('a run whose rate is that gentle by now names it all the same', () => {
  const config = presetConfig('quick');
  const former = hotSettings(config);
  const lowered = withHotSettings(config, { ...former, learningRate: 0.001 });

  expect(gentlerWay(lowered, former, 5)!.label).toBe('Use learning rate 1e-3 from step 5 on');
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
