import { expect, test } from 'vitest';
import { flopsPerStep, tokensPerStep } from '../../../src/config/costs.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { endOf } from '../../../src/ui/chart/placement.ts';
import { metricRows } from '../../../src/ui/compare/metric-rows.ts';
import {
  bestValidation,
  bestValidationWithin,
  commonFlops,
  meanBytesPerSecond,
  placements,
  stepFlops,
} from '../../../src/ui/compare/run-figures.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { recordOf } from '../support/run-record.ts';

const config = presetConfig('quick');
const cheap = recordOf('cheap', config, 60, 1e9);
const dear = recordOf('dear', config, 40, 2e9);

test('each x axis ends where the run does', () => {
  expect(endOf(placements(cheap, 'step').steps)).toBe(60);
  expect(endOf(placements(cheap, 'bytes').steps)).toBe(60 * tokensPerStep(config));
  expect(endOf(placements(cheap, 'time').steps)).toBe(6);
  expect(endOf(placements(cheap, 'flops').steps)).toBe(60e9);
  expect(endOf(placements(cheap, 'time').validation)).toBe(6);
  expect(endOf(placements(cheap, 'flops').validation)).toBe(60e9);
});

test('work is what the engine counted, and arithmetic before it did', () => {
  expect(stepFlops(cheap)).toBe(1e9);
  expect(stepFlops({ config, model: null })).toBe(flopsPerStep(config).total);
});

test('runs are compared at the work that all of them had', () => {
  const equal = commonFlops([cheap, dear]);
  expect(equal).toBe(60e9);

  expect(bestValidationWithin(cheap, equal)).toBe(40);
  expect(bestValidationWithin(dear, equal)).toBe(70);
  expect(bestValidation(dear.metrics)).toBe(60);
  expect(meanBytesPerSecond(cheap)).toBeCloseTo(10 * tokensPerStep(config), 6);
});

test('a run that has not begun has no figures', () => {
  const none = { ...cheap, metrics: new RunMetrics() };

  expect(commonFlops([cheap, none])).toBe(0);
  expect(commonFlops([])).toBe(0);
  expect(bestValidationWithin(none, 1e12)).toBeNull();
  expect(bestValidation(none.metrics)).toBeNull();
  expect(meanBytesPerSecond(none)).toBeNull();
  expect(metricRows([cheap, none])[0]).toMatchObject({ values: ['40.00', '–'], lowest: null });
});

test('work and steps are those that a run has had, its comparison ends where it was measured', () => {
  const further = { ...cheap, metrics: cheap.metrics.upTo(90) };
  expect(commonFlops([further, dear])).toBe(60e9);
  const valueOf = (label: string) => metricRows([further]).find((row) => row.label === label)?.values;
  expect(valueOf('Steps so far')).toEqual(['90']);
  expect(valueOf('FLOPs so far')).toEqual(['90 GFLOP']);
  expect(valueOf('Active time')).toEqual(['–']);
});

test('the table names the lowest loss where there is a contest', () => {
  const rows = metricRows([cheap, dear]);
  const row = (start: string) => rows.find(({ label }) => label.startsWith(start));

  expect(row('Best validation,')).toMatchObject({ values: ['40.00', '60.00'], lowest: 0 });
  expect(row('Best validation within')?.label).toContain('60 GFLOP');
  expect(row('Parameters')).toMatchObject({ values: ['1,234', '1,234'], lowest: null });
  expect(metricRows([cheap]).some(({ label }) => label.includes('equal FLOPs'))).toBe(false);
  expect(metricRows([cheap])[0].lowest).toBeNull();
  expect(metricRows([cheap, cheap])[0].lowest).toBeNull();
});
