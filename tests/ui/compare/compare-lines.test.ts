import { describe, expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { withModel, withTraining } from '../../../src/config/problem.ts';
import { comparedLines, repeatedAmong } from '../../../src/ui/compare/compare-lines.ts';
import { looksInComparison, withOtherSeeds } from '../../../src/ui/compare/run-look.ts';
import { seedGroups } from '../../../src/ui/compare/seeds/seed-groups.ts';
import { seedRows } from '../../../src/ui/compare/seeds/seed-rows.ts';
import { comparedRuns } from '../../../src/ui/state/runs.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { recordOf } from '../support/run-record.ts';

const micro = withTraining(presetConfig('micro'), { steps: 20 });
const deeper = withModel(micro, { depth: 2 });

function seeded(id: number, name: string, seed: number, config = micro, steps = 20): RunRecord {
  return { ...recordOf(name, withTraining(config, { seed }), steps, 1000), id };
}

function compare(runs: RunRecord[], apart = false) {
  const compared = comparedRuns({ runs });
  const repeated = repeatedAmong(compared, seedGroups(runs));
  const looks = withOtherSeeds(looksInComparison({ runs }), compared, seedGroups(runs), apart);
  const rows = seedRows(seedGroups(runs), ({ id }) => looks.has(id));
  return comparedLines(compared, repeated, rows, looks, { x: 'flops', validation: false, apart });
}

describe('A comparison of runs that were repeated with other seeds', () => {
  const runs = [
    seeded(1, 'a', 0),
    seeded(2, 'a again', 1),
    seeded(3, 'b', 0, deeper),
    seeded(4, 'b again', 1, deeper),
    seeded(5, 'b once more', 2, deeper),
  ];

  test('draws the mean of each in a band, as the table of seeds calls it, in the looks of two runs', () => {
    const { lines } = compare(runs);

    expect(lines.map(({ name }) => name)).toEqual(['B: depth 1→2, mean of 3 seeds', 'A: a again, mean of 2 seeds']);
    expect(lines.every(({ band }) => band !== undefined)).toBe(true);
    expect(lines[0].color).toBe('var(--ink)');
    expect(lines[1].color).not.toBe('var(--ink)');
  });

  test('has every seed in its files, as it was measured', () => {
    const { sources } = compare(runs);

    expect(sources.map(({ run }) => run.name)).toEqual(['b once more', 'b again', 'b', 'a again', 'a']);
    expect(sources.every(({ run, lines: [line] }) => line.series === run.metrics.train)).toBe(true);
  });

  test('draws each by itself where that is asked for, alike what is alike', () => {
    const { lines } = compare(runs, true);

    expect(lines.map(({ name }) => name)).toEqual(['b once more', 'b again', 'b', 'a again', 'a']);
    expect(lines.some(({ band }) => band !== undefined)).toBe(false);
    expect(new Set(lines.slice(0, 3).map(({ color }) => color))).toEqual(new Set(['var(--ink)']));
    expect(lines[3].color).toBe(lines[4].color);
  });

  test('draws a seed that is on its way beside the mean of the others', () => {
    const { lines } = compare([seeded(1, 'a', 0), seeded(2, 'a again', 1), seeded(3, 'on its way', 2, micro, 10)]);

    expect(lines.map(({ name }) => name)).toEqual(['on its way', 'A: a again, mean of 2 seeds']);
  });
});

test('without the time of one of the seeds there is no mean over time', () => {
  const runs = [seeded(1, 'a', 0), seeded(2, 'a again', 1)];
  const [group] = seedGroups(runs);
  const looks = looksInComparison({ runs });
  const names = (): string[] =>
    comparedLines(runs, [group], [], looks, { x: 'time', validation: false, apart: false }).lines.map(
      ({ name }) => name,
    );
  expect(names()).toEqual(['a again, mean of 2 seeds']);

  runs[0].metrics.activeSeconds.view().fill(0);
  expect(names()).toEqual(['a again']);
});

test('two runs of different settings are drawn as they are', () => {
  const { lines } = compare([seeded(1, 'a', 0), seeded(2, 'b', 0, deeper)]);

  expect(lines.map(({ name, band }) => [name, band])).toEqual([
    ['b', undefined],
    ['a', undefined],
  ]);
});
