import { describe, expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { withTraining } from '../../../src/config/problem.ts';
import type { QueuedRun } from '../../../src/ui/state/queued-run.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { trialsOf, whyNotTried } from '../../../src/ui/state/trials.ts';
import { mobyDick } from '../support/fake-worker.ts';
import { READY } from '../support/render.tsx';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import { recordOf } from '../support/run-record.ts';

const deep = decodeQuery('p=micro&st=20&l=2');
const plain = decodeQuery('p=micro&st=20');
const NOTHING: Parameters<typeof trialsOf>[3] = { runs: [], activeId: null, waiting: [] };

/** A run on Moby Dick that made so many of its 20 steps. */
function trained({ config }: typeof plain, seed: number, steps = 20): RunRecord {
  return { ...recordOf(`seed ${seed}`, withTraining(config, { seed }), steps, 1e9), text: mobyDick };
}

function told(trials: readonly QueuedRun[]): [depth: number, seed: number][] {
  return trials.map(({ config }) => [config.model.depth, config.training.seed]);
}

describe('Two configurations that are tried with three seeds', () => {
  const trials = (begun: Partial<typeof NOTHING> = {}) =>
    told(trialsOf([deep, plain], 3, mobyDick, { ...NOTHING, ...begun }));

  test('are trained turn by turn with the same seeds, from the first one’s own on', () => {
    expect(trials()).toEqual([
      [2, 0],
      [1, 0],
      [2, 1],
      [1, 1],
      [2, 2],
      [1, 2],
    ]);
  });

  test('are not trained with what is there already, and with more seeds where all of these are', () => {
    expect(trials({ runs: [trained(deep, 0), trained(deep, 1), trained(plain, 1)] })).toEqual([
      [1, 0],
      [2, 2],
      [1, 2],
      [2, 3],
      [1, 3],
    ]);
  });

  test('count a run that is under way and what waits, but none that was left before its end', () => {
    const half = trained(deep, 0, 10);
    expect(trials({ runs: [half] })[0]).toEqual([2, 0]);
    const waiting = [{ ...plain, text: mobyDick }];
    const begun = { runs: [half], activeId: half.id, waiting };
    expect(told(trialsOf([deep, plain], 1, mobyDick, begun))).toEqual([
      [2, 1],
      [1, 1],
    ]);
  });

  test('cannot wait while the form is wrong or there is no room, and the reason is told', () => {
    const page = { ...initialRunState, ...READY };
    const six = trialsOf([deep, plain], 3, mobyDick, NOTHING);
    expect(whyNotTried(six, {}, page, [])).toBeNull();
    expect(whyNotTried(six, { depth: { text: 'x', error: 'a number' } }, page, [])).toBe(
      'One setting needs attention before training.',
    );
    expect(whyNotTried(six, {}, page, six)).toBe('At most 10 runs can wait.');
  });
});
