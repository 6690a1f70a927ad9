import { expect, it } from 'vitest';
import { Rhythm } from '../../../src/train/time/rhythm.ts';

it('validates about forty times in a run, and after its last step', () => {
  const rhythm = new Rhythm(605, 1);
  const validated = Array.from({ length: 605 }, (_, i) => i + 1).filter((step) => rhythm.validatesAt(step));
  expect(validated.length).toBeGreaterThan(38);
  expect(validated.length).toBeLessThan(43);
  expect(validated.at(-1)).toBe(605);
  expect(new Rhythm(100, 0, 0).validatesAt(100)).toBe(false);
});

it('spends an eighth of its time on validations, or validates ten times where that takes longer', () => {
  const times = (steps: number, cost: number): number => {
    const rhythm = new Rhythm(steps, cost);
    return Array.from({ length: steps }, (_, i) => i + 1).filter((step) => rhythm.validatesAt(step)).length;
  };
  expect(times(800, 2)).toBe(40);
  expect(times(800, 4)).toBe(25);
  expect(times(800, 100)).toBe(10);
});

it('validates a short run every five steps, and after its last one', () => {
  const rhythm = new Rhythm(12, 0);
  expect(Array.from({ length: 12 }, (_, i) => i + 1).filter((step) => rhythm.validatesAt(step))).toEqual([5, 10, 12]);
});

it('ends a submit where a validation or a remembered step is due', () => {
  const rhythm = new Rhythm(1000, 0, 25);
  expect(rhythm.stepsTogether(24, 16, false)).toBe(1);
  expect(rhythm.stepsTogether(0, 16, false)).toBe(16);
  expect(rhythm.stepsTogether(0, 16, true)).toBe(1);
  expect(rhythm.stepsTogether(12, 16, true)).toBe(8);
  expect(new Rhythm(1000, 0, 0).stepsTogether(20, 16, false)).toBe(16);
  expect([0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 500].filter((step) => rhythm.remembers(step))).toEqual([
    0, 1, 2, 5, 10, 20, 50, 100, 500,
  ]);
});
