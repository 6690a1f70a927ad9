import { expect, test } from 'vitest';
import { hotSettings } from '../../../src/config/hot-settings.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { changeMark } from '../../../src/ui/state/marks.ts';
import { curveObstacle } from '../../../src/ui/state/run-curve.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';

const quick = presetConfig('quick');

function trained(): RunMetrics {
  const metrics = new RunMetrics();
  metrics.append(plausibleMetrics(1, quick, 1, 100, 40), quick.model);
  return metrics;
}

test('a curve goes only with a link that trains to it', () => {
  const metrics = trained();
  const run = { config: quick, metrics };
  expect(curveObstacle(undefined, quick)).toContain('no run');
  expect(curveObstacle({ config: quick, metrics: new RunMetrics() }, quick)).toContain('no run');
  expect(curveObstacle(run, quick)).toBeNull();
  expect(curveObstacle(run, presetConfig('two'))).toContain('the form');
  metrics.marks = [{ step: 20, name: 'GPU lost, on from 20' }];
  expect(curveObstacle(run, quick)).toBeNull();
  metrics.marks = [
    changeMark(88, { learningRate: quick.training.learningRate }, { ...hotSettings(quick), learningRate: 1 }),
  ];
  expect(curveObstacle(run, quick)).toContain('on the way');
});
