import { describe, expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { looksInComparison, looksOnWatch, TONES, withOtherSeeds } from '../../../src/ui/compare/run-look.ts';
import { seedGroups } from '../../../src/ui/compare/seeds/seed-groups.ts';
import { comparedRuns } from '../../../src/ui/state/runs.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { recordOf } from '../support/run-record.ts';

const record = (id: number, pin: number | null = null, origin: RunRecord['origin'] = 'visit'): RunRecord => ({
  ...recordOf(`run ${id}`, presetConfig('micro'), 1, 1),
  id,
  pin,
  origin,
});

test('the newest run is ink and solid, every other one has a colour and a dash of its own', () => {
  for (const ids of [
    [1, 2, 3, 4, 5],
    [1, 6, 11, 16, 21],
    [-4, -3, -2, -1, 9],
  ]) {
    const looks = [...looksInComparison({ runs: ids.map((id, at) => record(id, at < 4 ? at : null)) }).values()];
    expect(looks.at(-1)).toEqual({ color: 'var(--ink)', dash: undefined });
    expect(new Set(looks.map(({ color }) => color)).size).toBe(5);
    expect(new Set(looks.map(({ dash }) => dash)).size).toBe(5);
  }
});

test('curves that links brought, with no run beside them, have colours enough', () => {
  const runs = [-5, -4, -3, -2, -1].map((id, at) => record(id, at < 4 ? at : null, 'link'));
  const colors = [...looksInComparison({ runs }).values()].map(({ color }) => color);

  expect(new Set(colors).size).toBe(TONES);
  expect(colors).not.toContain('var(--ink)');
});

test('a run keeps its colour when it is pinned, and on both tabs', () => {
  const before = looksInComparison({ runs: [record(1), record(2)] }).get(1)!;
  const runs = [record(1, 0), record(2), record(3)];

  expect(looksInComparison({ runs }).get(1)!.color).toBe(before.color);
  expect(looksOnWatch({ runs, presentId: 3 }).get(1)!.color).toBe(before.color);
});

test('without a pin the run before is drawn in a comparison, and not beside the present run', () => {
  const runs = [record(1), record(2), record(3)];

  expect([...looksInComparison({ runs }).keys()]).toEqual([2, 3]);
  expect([...looksOnWatch({ runs, presentId: 3 }).keys()]).toEqual([3]);
});

describe('Other seeds of compared runs', () => {
  const settings = (depth: number, seed: number): RunRecord['config'] => {
    const { model, training } = presetConfig('micro');
    return { ...presetConfig('micro'), model: { ...model, depth }, training: { ...training, steps: 1, seed } };
  };
  const seeded = (id: number, depth: number, seed: number, pin: number | null = null): RunRecord => ({
    ...record(id, pin),
    config: settings(depth, seed),
  });
  const runs = [seeded(1, 1, 0, 0), seeded(2, 2, 0, 1), seeded(3, 2, 1), seeded(4, 1, 1)];
  const looks = (apart: boolean): (number | string | undefined)[][] => {
    const found = withOtherSeeds(looksInComparison({ runs }), comparedRuns({ runs }), seedGroups(runs), apart);
    return runs.map(({ id }) => [id, found.get(id)?.color, found.get(id)?.dash]);
  };

  test('look like the line that stands for them all, also pinned ones', () => {
    const [first, second, third, fourth] = looks(false);
    expect(fourth).toEqual([4, 'var(--ink)', undefined]);
    expect(first.slice(1)).toEqual(fourth.slice(1));
    expect(third.slice(1)).toEqual(second.slice(1));
    expect(second[2]).toBeDefined();
  });

  test('keep the look of a pin of their own where each is a line', () => {
    const [first, , , fourth] = looks(true);
    expect(fourth).toEqual([4, 'var(--ink)', undefined]);
    expect(first[1]).not.toBe('var(--ink)');
  });
});
