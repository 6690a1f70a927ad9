import { expect, test } from 'vitest';
import { hotSettings } from '../../../src/config/hot-settings.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import type { HotSettings } from '../../../src/config/types.ts';
import { createCurvesStore, rewindCurves } from '../../../src/ui/state/curves.ts';
import { changedSince, changeMark as markOf, marksByStep, marksUpTo, withMark } from '../../../src/ui/state/marks.ts';

const before = hotSettings(presetConfig('quick'));
const changeMark = (step: number, changed: Partial<HotSettings>, from = before) => markOf(step, changed, from);

test('a change of settings is marked by their names and values', () => {
  expect(changeMark(88, { learningRate: 3e-5 })).toEqual({
    step: 88,
    name: 'learning rate 3e-5',
    settings: ['learningRate'],
    values: { learningRate: { from: 3e-3, to: 3e-5 } },
  });
  expect(changeMark(5, { reconWeight: 0.2, arWeight: 1 }).name).toBe(
    'reconstruction weight 0.2, hierarchical prediction weight 1',
  );
});

test('of several changes at one step the last counts', () => {
  const first = withMark([], changeMark(5, { learningRate: 1e-3 }));
  const second = withMark(first, changeMark(5, { learningRate: 1e-4 }));
  const third = withMark(second, changeMark(9, { learningRate: 1e-5 }));
  expect(third.map(({ step, name }) => [step, name])).toEqual([
    [5, 'learning rate 1e-4'],
    [9, 'learning rate 1e-5'],
  ]);
  expect(changedSince(third).get('learningRate')).toEqual([
    { step: 5, from: 3e-3, to: 1e-4 },
    { step: 9, from: 3e-3, to: 1e-5 },
  ]);
});

test('a run that is taken back keeps its settings, which then count from there', () => {
  const marks = [
    { step: 4, name: 'back to 4' },
    changeMark(22, { learningRate: 1e-3 }),
    { step: 23, name: 'GPU lost, on from 23' },
    changeMark(25, { learningRate: 1e-4 }),
  ];
  expect(marksUpTo(marks, 20)).toEqual([{ step: 4, name: 'back to 4' }, changeMark(20, { learningRate: 1e-4 })]);
  expect(marksUpTo(marks, 30)).toEqual(marks);
});

test('what happened at one step is said in one place, nothing twice', () => {
  const marks = [
    changeMark(20, { learningRate: 1e-3 }),
    changeMark(20, { arWeight: 1 }),
    { step: 20, name: 'back to 20, learning rate 1e-3' },
    { step: 31, name: 'diverged' },
  ];
  expect(marksByStep(marks)).toEqual([
    { step: 20, name: 'hierarchical prediction weight 1, back to 20, learning rate 1e-3' },
    { step: 31, name: 'diverged' },
  ]);
});

test('a change that was undone where it was made is none', () => {
  const wrong = withMark([], changeMark(18, { learningRate: 900 }));
  const undone = withMark(wrong, changeMark(18, { learningRate: 3e-3 }, { ...before, learningRate: 900 }));
  expect(changedSince(wrong).size).toBe(1);
  expect(changedSince(undone).size).toBe(0);
});

test('a run that goes back to one step for one reason, however often, has one mark of it', () => {
  const curves = createCurvesStore();
  for (const mark of ['GPU lost, on from 0', 'GPU lost, on from 0', 'failed, on from 0']) rewindCurves(curves, 0, mark);
  expect(curves.getState().metrics.marks.map(({ name }) => name)).toEqual(['GPU lost, on from 0', 'failed, on from 0']);
});
