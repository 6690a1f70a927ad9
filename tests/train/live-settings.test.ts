import { expect, test } from 'vitest';
import { LiveSettings } from '../../src/train/live-settings.ts';
import { tinyRun } from '../support/tiny-model.ts';

const before = { learningRate: 3e-3, reconWeight: 0.1, arWeight: 0.25 };

function liveSettings(): LiveSettings {
  return new LiveSettings(tinyRun({ training: { ...before, warmupSteps: 0, accumulation: 2 } }));
}

test('the next step has the newest settings, and the loss weights are shared among its micro-batches', () => {
  const settings = liveSettings();
  expect(settings.hyperAfter(10)).toEqual({
    learningRate: 3e-3,
    clip: 0.5,
    weightDecay: 0,
    ceWeight: 0.5,
    reconWeight: 0.05,
    arWeight: 0.125,
  });
  expect(settings.adjust({ learningRate: 1e-3, reconWeight: 0.1, arWeight: 0.5 }, 10)).toEqual({
    learningRate: 1e-3,
    arWeight: 0.5,
  });
  expect(settings.hyperAfter(11)).toMatchObject({ learningRate: 1e-3, reconWeight: 0.05, arWeight: 0.25 });
  expect(settings.config.training.learningRate).toBe(1e-3);
});

test('steps under way keep the rate that they were submitted with, through several changes', () => {
  const settings = liveSettings();
  settings.adjust({ ...before, learningRate: 1e-3 }, 10);
  settings.adjust({ ...before, learningRate: 1e-4 }, 12);
  settings.adjust({ ...before, learningRate: 1e-5 }, 12);
  expect([9, 10, 11, 12, 13].map((step) => settings.rateOf(step))).toEqual([3e-3, 3e-3, 1e-3, 1e-3, 1e-5]);
});

test('a run that goes back goes on with the newest settings, also in steps that had others once', () => {
  const settings = liveSettings();
  settings.adjust({ ...before, learningRate: 1e-3 }, 10);
  settings.forgetEarlier();
  expect(settings.rateOf(5)).toBe(1e-3);
});

test('a reconstruction that is not built in is not taken up', () => {
  const settings = new LiveSettings(tinyRun({ model: { reconWeight: 0 } }));
  expect(settings.adjust(before, 0)).toEqual({});
  expect(settings.hyperAfter(0).reconWeight).toBe(0);
});
