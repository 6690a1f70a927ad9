import { expect, test, vi } from 'vitest';
import { pollByTimer } from '../../src/launcher/polling.ts';

/** The two functions of a global scope, as spies, after `pollByTimer`. */
function patientScope() {
  const immediate = vi.fn<typeof setImmediate>();
  const timeout = vi.fn<typeof setTimeout>();
  const scope = { setImmediate: immediate, setTimeout: timeout } as unknown as typeof globalThis;
  pollByTimer(scope);
  return { scope, immediate, timeout };
}

test('compiled code that wants the next turn of the event loop gets a timer', () => {
  const { scope, immediate, timeout } = patientScope();

  scope.setImmediate(Math.random);

  expect(timeout).toHaveBeenCalledWith(Math.random, 1);
  expect(immediate).not.toHaveBeenCalled();
});

test('a script that wants the next turn of the event loop gets it', () => {
  const { scope, immediate, timeout } = patientScope();
  const callback = (..._numbers: number[]): void => {};

  scope.setImmediate(callback, 1, 2);

  expect(immediate).toHaveBeenCalledWith(callback, 1, 2);
  expect(timeout).not.toHaveBeenCalled();
});
