import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { saveRegularly } from '../../src/cli/train/save-regularly.ts';

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('saves every ten minutes', () => {
  const save = vi.fn<() => void>();
  saveRegularly({ goesWell: true }, save);
  vi.advanceTimersByTime(9 * MINUTE);
  expect(save).not.toHaveBeenCalled();
  vi.advanceTimersByTime(22 * MINUTE);
  expect(save).toHaveBeenCalledTimes(3);
});

it('saves later where losses are high, and not at all while they stay so', () => {
  const save = vi.fn<() => void>();
  const run = { goesWell: false };
  saveRegularly(run, save);
  vi.advanceTimersByTime(25 * MINUTE);
  expect(save).not.toHaveBeenCalled();
  run.goesWell = true;
  vi.advanceTimersByTime(MINUTE);
  expect(save).toHaveBeenCalledTimes(1);
});

it('ends with its run, so that the next one is not saved under its name', () => {
  const save = vi.fn<() => void>();
  const stop = saveRegularly({ goesWell: true }, save);
  stop();
  vi.advanceTimersByTime(25 * MINUTE);
  expect(save).not.toHaveBeenCalled();
});
