import { beforeEach, expect, test, vi } from 'vitest';
import { ActiveTime } from '../../../src/train/time/active-time.ts';

const HOURS = 8 * 3600;

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

/** Seconds go by while the host waits. */
const wait = (seconds: number): void => void vi.advanceTimersByTime(1000 * seconds);
const clock = (): number => performance.now() / 1000;

/** A run whose steps take so long lately, which has just begun or gone on. */
function running(secondsPerStep: number, before = 0): ActiveTime {
  const active = new ActiveTime(before, () => secondsPerStep);
  active.start(clock());
  return active;
}

test('what a run stands still for does not count', () => {
  const active = running(0.1, 50);
  wait(7);
  active.stop(clock());
  wait(100);
  expect(active.at(clock())).toBe(57);
  active.start(clock());
  wait(3);
  expect(active.at(clock())).toBe(60);
});

test('of a sleep of the computer no more counts than the step that was under way', () => {
  const active = running(0.1);
  wait(20);
  expect(active.at(clock() + HOURS)).toBeCloseTo(20.1, 9);
  expect(active.at(clock() + HOURS + 2)).toBeCloseTo(22.1, 9);
});

test('whatever hears of it first: a run that is paused on waking, too', () => {
  const active = running(0.1);
  wait(20);
  active.stop(clock() + HOURS);
  expect(active.at(clock() + HOURS + 9)).toBeCloseTo(20.1, 9);
});

test('a step or a validation that takes minutes is no sleep, as the host is awake', () => {
  const active = running(1);
  wait(600);
  expect(active.at(clock())).toBe(600);
});

test('nor is a host that is blocked for a few long steps, or before anybody knows how long one takes', () => {
  expect(running(60).at(clock() + 1000)).toBe(1000);
  expect(running(Infinity).at(clock() + 1000)).toBe(1000);
  expect(running(0.1).at(clock() + 25)).toBe(25);
});

test('a run that stands still keeps no timer', () => {
  const active = running(1);
  active.start(clock());
  active.stop(clock());
  expect(vi.getTimerCount()).toBe(0);
});
