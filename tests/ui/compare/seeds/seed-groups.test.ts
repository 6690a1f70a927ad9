import { describe, expect, test } from 'vitest';
import { presetConfig } from '../../../../src/config/presets.ts';
import { withModel, withTraining } from '../../../../src/config/problem.ts';
import { seedGroups, seedKey } from '../../../../src/ui/compare/seeds/seed-groups.ts';
import type { RunRecord } from '../../../../src/ui/state/runs.ts';
import { recordOf } from '../../support/run-record.ts';

const micro = withTraining(presetConfig('micro'), { steps: 20 });
const STEP_FLOPS = 1000;

/** A run of that seed that is through, unless it made fewer steps. */
function seeded(name: string, seed: number, { config = micro, steps = 20, ...rest }: Partial<Story> = {}): RunRecord {
  return { ...recordOf(name, withTraining(config, { seed }), steps, STEP_FLOPS), ...rest };
}

interface Story extends RunRecord {
  steps: number;
}

function names(runs: readonly RunRecord[]): string[][] {
  return seedGroups(runs).map((group) => group.map(({ name }) => name));
}

describe('Runs that differ in nothing but their seed', () => {
  test('are one group, in the order in which they came; others are groups of their own', () => {
    const deeper = withModel(micro, { depth: 2 });
    const runs = [
      seeded('a0', 0),
      seeded('b0', 0, { config: deeper }),
      seeded('a7', 7),
      seeded('b1', 1, { config: deeper }),
    ];
    expect(names(runs)).toEqual([
      ['a0', 'a7'],
      ['b0', 'b1'],
    ]);
  });

  test('count once for each seed, as it was trained last', () => {
    expect(names([seeded('first', 3), seeded('other', 4), seeded('again', 3)])).toEqual([['again', 'other']]);
  });

  test('are not joined by one that is not through', () => {
    expect(names([seeded('a', 0), seeded('on its way', 1, { steps: 19 })])).toEqual([['a']]);
  });

  test('are not joined by one that came with a link, or whose settings were changed on the way', () => {
    const changed = seeded('changed', 2);
    changed.metrics.marks = [
      { step: 5, name: 'learning rate 1', settings: ['learningRate'], values: { learningRate: { from: 0.1, to: 1 } } },
    ];
    expect(names([seeded('a', 0), seeded('link', 1, { origin: 'link' }), changed])).toEqual([['a']]);
  });

  test('are told apart by the weights that they began with, whatever those are called', () => {
    const begun = (name: string, seed: number, called: string, sha256: string): RunRecord =>
      seeded(name, seed, { firstWeights: { name: called, step: 1200, sha256 } });
    const runs = [
      seeded('drawn', 0),
      begun('a', 0, 'whale', 'aa'),
      begun('b', 1, 'ship', 'aa'),
      begun('c', 1, 'whale', 'cc'),
      seeded('drawn too', 1),
    ];
    expect(names(runs)).toEqual([['drawn', 'drawn too'], ['a', 'b'], ['c']]);
  });

  test('are told apart by their text', () => {
    const own = { ...micro, dataset: 'own' as const };
    const on = (name: string, seed: number, sha256: string | null): RunRecord =>
      seeded(name, seed, { config: own, text: { name: 'notes.txt', sha256 } });
    expect(names([on('a', 0, 'aa'), on('b', 1, 'bb'), on('c', 2, 'aa')])).toEqual([['a', 'c'], ['b']]);
    expect(seedKey(on('unknown', 0, null))).toBeNull();
  });
});
