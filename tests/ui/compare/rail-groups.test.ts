import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { withModel, withTraining } from '../../../src/config/problem.ts';
import { railGroups } from '../../../src/ui/compare/rail/rail-groups.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { recordOf } from '../support/run-record.ts';

const micro = withTraining(presetConfig('micro'), { steps: 20 });
const deeper = withModel(micro, { depth: 2 });

function seeded(id: number, name: string, seed: number, config = micro): RunRecord {
  return { ...recordOf(name, withTraining(config, { seed }), 20, 1000), id, preset: 'micro' };
}

const told = (runs: RunRecord[]) =>
  railGroups(runs).map(({ runs: group, about }) => [about, ...group.map(({ name }) => name)]);

test('seeds stand beside each other, whatever came between, under what their configuration changes', () => {
  const runs = [seeded(1, 'a', 0), seeded(2, 'b', 0, deeper), seeded(3, 'a again', 1), seeded(4, 'b again', 1, deeper)];
  expect(told(runs)).toEqual([
    ['a again: depth 1→2', 'b again', 'b'],
    ['Micro: steps 300→20', 'a again', 'a'],
  ]);
});

test('a run alone is told by all that it changes, its seed as well', () => {
  expect(told([seeded(1, 'a', 0), seeded(2, 'b', 3, deeper)])).toEqual([
    ['a: depth 1→2, seed 0→3', 'b'],
    ['Micro: steps 300→20', 'a'],
  ]);
});

test('a run of a link, or whose settings were changed on the way, stands alone', () => {
  const changed = seeded(3, 'changed', 2);
  changed.metrics.marks = [{ step: 7, name: 'learning rate 1e-3', settings: ['learningRate'] }];
  const sent: RunRecord = { ...seeded(1, 'sent', 0), origin: 'link' };
  expect(railGroups([sent, seeded(2, 'a', 1), changed]).map(({ runs }) => runs.length)).toEqual([1, 1, 1]);
});
