import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { tokensPerStep } from '../../../src/config/costs.ts';
import { secondsToScore, testVerdict } from '../../../src/ui/compare/test-verdict.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { mobyDick } from '../support/fake-worker.ts';
import { recordOf } from '../support/run-record.ts';

const config = presetConfig('quick');

/** A run that was measured, with that many bits for each of some sequences of four bytes; null where it was not. */
function scored(bits: number[] | null, changes: Partial<RunRecord> = {}): RunRecord {
  const run = { ...recordOf('run', config, 60, 1e9), ...changes };
  if (bits !== null) {
    run.metrics.testScore = { step: 60, bits: Float64Array.from(bits), bytes: Float64Array.from(bits, () => 4) };
  }
  return run;
}

const a = scored([10, 30, 20, 16]);

test('a run that is better on nearly every sequence is the best, although sequences differ by more', () => {
  const worse = scored([12, 33, 21, 18]);
  const { best, close, more } = testVerdict([worse, a]);
  expect([best, close.size]).toEqual([1, 0]);
  expect([...more]).toEqual([[0, { mean: 0.5, error: expect.closeTo(0.102, 3) }]]);
});

test('runs that are better in turn are too close to call, with how far they are apart', () => {
  const other = scored([12, 28, 22, 16]);
  const { best, close, more } = testVerdict([a, other]);
  expect(best).toBeNull();
  expect(close).toEqual(new Set([0, 1]));
  expect([...more.keys()]).toEqual([1]);
  expect(more.get(1)!.mean).toBeCloseTo(2 / 16, 12);
  expect(more.get(1)!.error).toBeGreaterThan(more.get(1)!.mean / 2);
});

test('a run that is clearly worse is not among those that are too close', () => {
  const other = scored([12, 28, 22, 16]);
  const far = scored([110, 130, 121, 116]);
  expect(testVerdict([far, a, other]).close).toEqual(new Set([1, 2]));
});

test('the same figure twice is no victory', () => {
  expect(testVerdict([a, scored([10, 30, 20, 16])]).best).toBeNull();
});

test('one run alone, and runs on other bytes, are no contest', () => {
  const none = { best: null, close: new Set(), more: new Map() };
  expect(testVerdict([a, scored(null)])).toEqual(none);
  const shorter = { ...config, model: { ...config.model, contextLength: 64 } };
  expect(testVerdict([a, scored([1, 2, 3, 4], { config: shorter })])).toEqual(none);
  expect(testVerdict([a, scored([1, 2, 3])])).toEqual(none);
});

test('the time of a measurement is that of a third of the steps that would train on as many bytes', () => {
  const run = recordOf('run', config, 60, 1e9);
  const n = config.model.contextLength;
  const scoredBytes = n * Math.floor((mobyDick.bytes - mobyDick.trainBytes - mobyDick.validationBytes - 1) / n);
  const secondsPerStep = 1 / run.metrics.stepsPerSecond!;
  expect(secondsToScore(run, mobyDick, null)).toBeCloseTo(
    (secondsPerStep * scoredBytes) / tokensPerStep(config) / 3,
    6,
  );
  expect(secondsToScore({ ...run, metrics: run.metrics.upTo(0) }, mobyDick, null)).toBeNull();
});
