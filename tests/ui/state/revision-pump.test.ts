import { expect, test } from 'vitest';
import { createPump } from '../../../src/ui/state/revision-pump.ts';

function fakeClock() {
  let time = 0;
  let due: { at: number; callback: () => void }[] = [];
  const clock = {
    isHidden: false,
    now: () => time,
    schedule: (callback: () => void, delay: number) => due.push({ at: time + delay, callback }),
    hidden: () => clock.isHidden,
    pass(ms: number) {
      time += ms;
      const now = due.filter(({ at }) => at <= time);
      due = due.filter(({ at }) => at > time);
      for (const { callback } of now) callback();
    },
  };
  return clock;
}

test('charts are drawn at most four times a second, however often something is measured', () => {
  const clock = fakeClock();
  let bumps = 0;
  const pump = createPump(() => bumps++, clock);
  for (let ms = 0; ms < 10_000; ms += 10) {
    pump.request();
    clock.pass(10);
  }

  expect(bumps).toBeGreaterThanOrEqual(38);
  expect(bumps).toBeLessThanOrEqual(41);
});

test('a single measurement is drawn at once', () => {
  const clock = fakeClock();
  let bumps = 0;
  createPump(() => bumps++, clock).request();
  clock.pass(0);

  expect(bumps).toBe(1);
});

test('a hidden page draws nothing, and once when it is shown', () => {
  const clock = fakeClock();
  let bumps = 0;
  const pump = createPump(() => bumps++, clock);
  pump.request();
  clock.isHidden = true;
  clock.pass(1000);
  pump.request();
  clock.pass(1000);
  expect(bumps).toBe(0);

  clock.isHidden = false;
  pump.request();
  clock.pass(0);
  expect(bumps).toBe(1);
});
