import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/train/passes/pace.ts';

/** After some steps of so many seconds. */
function paceOf(secondsPerStep: number, microBatches = 1): Pace {
  const pace = new Pace({ bytes: 1024, microBatches, flops: 1e9 });
  pace.restart(0);
  for (let step = 1; step <= 20; step++) pace.note(step * secondsPerStep);
  return pace;
}

describe('submits', () => {
  it.each([
    [0.001, 16, 1],
    [0.01, 4, 1],
    [0.9, 1, 1],
    [1.1, 1, 8],
    [30, 1, 128],
  ])('when a step takes %f s: %i steps in one, or one over %i', (seconds, together, apart) => {
    const pace = paceOf(seconds);
    expect(pace.stepsPerSubmit).toBe(together);
    expect(pace.submitsPerMicroBatch).toBe(apart);
  });

  it('spread a micro-batch by its own time, not by the time of the step', () => {
    expect(paceOf(4, 8).submitsPerMicroBatch).toBe(1);
    expect(paceOf(16, 8).submitsPerMicroBatch).toBe(8);
  });

  it('are small where there is much work, until something was measured', () => {
    const pace = new Pace({ bytes: 1, microBatches: 8, flops: 8 * 1.4e12 });
    expect(pace.submitsPerMicroBatch).toBe(128);
    expect(new Pace({ bytes: 1, microBatches: 1, flops: 7e9 }).submitsPerMicroBatch).toBe(1);
  });
});

describe('what is under way before another submit', () => {
  it.each([
    [0.01, 3],
    [0.3, 2],
    [1.5, 0],
    [200, 0],
  ])('where a step takes %f s: %i submits, since a pause waits for them', (seconds, most) => {
    expect(paceOf(seconds).mostUnderWay).toBe(most);
  });

  it('says how long work that is under way may take', () => {
    const pace = new Pace({ bytes: 100, microBatches: 1, flops: 3e12 });
    expect(pace.patience).toBe(3000);
    pace.restart(0);
    pace.note(2);
    expect(pace.patience).toBe(100);
  });

  it('is nothing until something was measured', () => {
    expect(new Pace({ bytes: 1, microBatches: 1, flops: 1 }).mostUnderWay).toBe(0);
  });
});

describe('the rate', () => {
  it('is that of the last seconds, however fast the run was before', () => {
    const pace = paceOf(0.01);
    expect(pace.bytesPerSecond).toBeCloseTo(102_400, 6);
    for (let step = 1; step <= 10; step++) pace.note(0.2 + 1.5 * step);
    expect(pace.bytesPerSecond).toBeCloseTo(1024 / 1.5, 6);
    expect(pace.submitsPerMicroBatch).toBe(8);
  });

  it('follows short steps that become longer', () => {
    const pace = paceOf(0.01);
    for (let step = 1; step <= 300; step++) pace.note(0.2 + 0.02 * step);
    expect(pace.bytesPerSecond).toBeCloseTo(51_200, -2);
  });

  it('stays after a pause until there is a better one: the first figures come together', () => {
    const pace = paceOf(0.1);
    pace.restart(100);
    for (let step = 1; step <= 3; step++) pace.note(100 + step / 1000);
    expect(pace.bytesPerSecond).toBeCloseTo(10_240, 6);
  });
});
