import { expect, test } from 'vitest';
import { LossWatch } from '../../../src/train/saving/loss-watch.ts';

/** A watch of a run that has learned for 200 steps, down to about 2 bits, and when it turned since. */
function watchOfLearned(noise = 0.4) {
  const turns: string[] = [];
  const watch = new LossWatch(0, () => turns.push(watch.hasBlownUp ? `up at ${step}` : `down at ${step}`));
  let step = 0;
  const go = (steps: number, bits: number): void => {
    for (let i = 0; i < steps; i++) {
      step++;
      watch.note(step, bits * (1 + noise * Math.sin(7 * step)));
    }
  };
  for (let i = 0; i < 20; i++) go(10, 2 + 6 * Math.exp(-i / 4));
  return { watch, turns, go };
}

test('noise and single batches that are hard are no blow-up', () => {
  const { watch, turns, go } = watchOfLearned();
  for (let i = 0; i < 10; i++) {
    go(30, 2);
    go(8, 9);
  }
  go(30, 2);
  expect(turns).toEqual([]);
  expect(watch.wellUntil).toBe(200 + 10 * 38 + 30);
});

test('losses that stay far above the lowest are one, from the step where all was still well', () => {
  const { watch, turns, go } = watchOfLearned();
  expect(watch.goesWell).toBe(true);
  go(1, 425);
  expect(watch.goesWell).toBe(false);
  go(99, 425);
  expect(turns).toEqual(['up at 220']);
  expect(watch.wellUntil).toBe(200);
  expect(watch.best).toBeLessThan(2.5);
  go(100, 103);
  expect(watch.wellUntil).toBe(200);
  go(100, 2);
  expect(turns).toEqual(['up at 220', 'down at 420']);
  expect(watch.wellUntil).toBe(500);
});

test('a run that never learned anything has blown up when it is far worse than guessing', () => {
  const turns: boolean[] = [];
  const watch = new LossWatch(0, () => turns.push(watch.hasBlownUp));
  for (let step = 1; step <= 10; step++) watch.note(step, 8.1);
  for (let step = 11; step <= 40; step++) watch.note(step, 11);
  expect(turns).toEqual([]);
  for (let step = 41; step <= 70; step++) watch.note(step, 900);
  expect(turns).toEqual([true]);
});

test('changed settings have to prove themselves before steps with them count as sound', () => {
  const { watch, go } = watchOfLearned();
  watch.changed(200);
  watch.changed(203);
  go(90, 2);
  expect(watch.isTried).toBe(true);
  expect(watch.wellUntil).toBe(200);
  go(10, 2);
  expect(watch.isTried).toBe(false);
  expect(watch.wellUntil).toBe(300);
});

test('what is sound is some steps older than the first high loss, or from before settings that were changed', () => {
  const { watch, go } = watchOfLearned();
  go(1, 425);
  expect(watch.wellUntil).toBe(200);
  // The first high loss is of step 201, which may come of any of the updates before.
  expect(watch.soundUntil).toBe(191);
  const { watch: tried, go: goOn } = watchOfLearned();
  tried.changed(200);
  goOn(30, 425);
  expect(tried.soundUntil).toBe(200);
});

test('what a run begins with is sound, and so is what it went back to', () => {
  const watch = new LossWatch(50, () => {});
  expect(watch.soundUntil).toBe(50);
  for (let step = 51; step <= 70; step++) watch.note(step, 8);
  expect(watch.soundUntil).toBe(61);
  watch.goBack(60);
  expect(watch.soundUntil).toBe(60);
});

test('losses are no sign of going wrong where the same parameters do well on the validation text', () => {
  const { watch, go } = watchOfLearned();
  go(2, 9);
  expect(watch.goesWell).toBe(false);
  watch.validated(201, 2.1);
  watch.validated(202, 9);
  watch.validated(202, NaN);
  expect(watch.goesWell).toBe(false);
  watch.validated(202, 2.1);
  expect(watch.goesWell).toBe(true);
  expect(watch.wellUntil).toBe(202);
});

test('what ruins a run later than at once is undone from before it began, settings and all', () => {
  const { watch, turns, go } = watchOfLearned();
  watch.changed(200);
  go(60, 2);
  go(40, 6);
  // Old settings again change nothing about that.
  watch.changed(300);
  go(200, 6);
  expect(turns).toHaveLength(1);
  expect(watch.wellUntil).toBe(200);
});

test('a run that went back is watched from there as if nothing had been', () => {
  const { watch, turns, go } = watchOfLearned();
  watch.changed(200);
  go(50, 1e8);
  watch.goBack(200);
  expect(watch.hasBlownUp).toBe(false);
  expect(watch.isTried).toBe(false);
  go(19, 1e8);
  expect(turns).toHaveLength(1);
  go(1, 1e8);
  expect(turns).toHaveLength(2);
});
