import { describe, expect, test } from 'vitest';
import { plannedRuns } from '../../src/cli/train/planned-runs.ts';
import { RunOutcome } from '../../src/cli/train/run-outcome.ts';
import { summaryOf } from '../../src/cli/train/seed-summary.ts';
import { saySummary } from '../../src/cli/train/seed-table.ts';
import { presetConfig } from '../../src/config/presets.ts';
import { withHierarchy, withModel, withTraining } from '../../src/config/problem.ts';
import type { RunConfig } from '../../src/config/types.ts';
import type { MetricsBatch } from '../../src/protocol/events.ts';

const STEPS = 20;
const micro = withTraining(presetConfig('micro'), { steps: STEPS });
const deeper = withModel(micro, { depth: 2 });

/** Steps whose training loss is 5, and in the last tenth of the run around `loss`. */
function steps(from: number, to: number, loss: number): MetricsBatch {
  const step = Float64Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const trainBpb = step.map((each) => (each === STEPS ? loss + 0.1 : each === STEPS - 1 ? loss - 0.1 : 5));
  const rest = { recon: [], ar: [], gradNorm: step, learningRate: step, activeSeconds: step };
  return { runId: 1, step, trainBpb, ...rest };
}

/** Outcomes of seeds 0, 1, 2 ... that have not begun. */
function waiting(seeds: number, versus: RunConfig | null = null): RunOutcome[] {
  const list = Array.from({ length: seeds }, (_, seed) => seed);
  return plannedRuns({ config: micro, versus, seeds: list, saveFile: null, modelFile: null }).map(
    (run) => new RunOutcome(run),
  );
}

/** The same, through with these losses, of A and B by turns; the test part costs 1 less. */
function through(losses: number[], versus: RunConfig | null = null): RunOutcome[] {
  const outcomes = waiting(versus === null ? losses.length : losses.length / 2, versus);
  outcomes.forEach((outcome, at) => finish(outcome, losses[at]));
  return outcomes;
}

function finish(outcome: RunOutcome, loss: number): void {
  outcome.add(steps(1, 15, loss));
  outcome.addValidation({ step: 10, bpb: 1 });
  outcome.add(steps(16, STEPS, loss));
  outcome.addValidation({ step: STEPS, bpb: loss });
  outcome.addScore({ step: STEPS, bits: Float64Array.of(8 * (loss - 1)), bytes: Float64Array.of(8) });
}

describe('what a run comes to', () => {
  test('is its training loss over the last tenth, and the validation of the last step', () => {
    const [outcome] = through([2.5]);
    expect(outcome.figures).toEqual({ trainBpb: expect.closeTo(2.5, 12), valBpb: 2.5, testBpb: 1.5 });
    expect(outcome.problem).toBeNull();
  });

  test('has no validation where the last step had none', () => {
    const [outcome] = waiting(1);
    outcome.add(steps(1, STEPS, 2));
    outcome.addValidation({ step: 10, bpb: 1 });
    expect(outcome.figures).toMatchObject({ valBpb: null, testBpb: null });
  });

  test('is nothing before it is through, or where it has gone wrong, and that is said', () => {
    const [begun, wrong, unsaved, none] = waiting(4);
    begun.add(steps(1, 7, 2));
    finish(wrong, NaN);
    wrong.fail('A loss was no number.');
    finish(unsaved, 2);
    unsaved.warn('The disk is full.');
    const told = [begun, wrong, unsaved, none].map(({ figures, problem }) => [figures !== null, problem]);
    expect(told).toEqual([
      [false, 'ended early, after step 7 of 20'],
      [false, 'A loss was no number.'],
      [true, 'The disk is full.'],
      [false, 'not trained'],
    ]);
    expect([begun, wrong, none].map(({ hasBegun }) => hasBegun)).toEqual([true, true, false]);
  });
});

describe('a summary over seeds', () => {
  test('has mean, standard deviation and the interval of the mean', () => {
    const { configs, runs, difference } = summaryOf(through([2.5, 2.6, 2.7]), true);
    expect(difference).toBeUndefined();
    expect(runs.map(({ seed, valBpb }) => [seed, valBpb])).toEqual([
      [0, 2.5],
      [1, 2.6],
      [2, 2.7],
    ]);
    const margin = (4.303 * 0.1) / Math.sqrt(3);
    const over = (mean: number) => ({
      count: 3,
      mean: expect.closeTo(mean, 9),
      deviation: expect.closeTo(0.1, 9),
      low: expect.closeTo(mean - margin, 9),
      high: expect.closeTo(mean + margin, 9),
    });
    const query = 'v=1&p=micro&st=20';
    expect(configs).toEqual([{ query, trainBpb: over(2.6), valBpb: over(2.6), testBpb: over(1.6) }]);
  });

  test('is of the runs that are through, and one of them shows no spread', () => {
    const outcomes = waiting(3);
    finish(outcomes[1], 2.5);
    outcomes[2].fail('A loss was no number.');
    const { configs, runs } = summaryOf(outcomes, false);
    expect(configs[0].valBpb).toEqual({ count: 1, mean: 2.5, deviation: null, low: null, high: null });
    expect(configs[0]).not.toHaveProperty('testBpb');
    expect(runs[0]).toEqual({ seed: 0, trainBpb: null, valBpb: null, problem: 'not trained' });
    expect(runs[2].problem).toBe('A loss was no number.');
    expect(summaryOf(waiting(2), false).configs[0].valBpb).toBeNull();
  });

  test('takes two configurations seed by seed where that is the rule, else between their means', () => {
    const losses = [2.5, 2.3, 2.9, 2.69, 2.7, 2.51];
    const pairs = summaryOf(through(losses, deeper), false).difference?.valBpb;
    expect(pairs).toMatchObject({ mean: expect.closeTo(-0.2, 9), arePairs: true, isMoreThanChance: true });
    expect(pairs!.high! - pairs!.mean).toBeCloseTo(0.0248, 4);
    const wider = withHierarchy(micro, 1, (each) => ({ ...each, dim: 32 }));
    const means = summaryOf(through(losses, wider), false).difference?.valBpb;
    expect(means).toMatchObject({ mean: expect.closeTo(-0.2, 9), arePairs: false, isMoreThanChance: false });
  });

  test('has no difference where one of two configurations has fewer than two seeds', () => {
    const outcomes = waiting(2, deeper);
    for (const at of [0, 1, 2]) finish(outcomes[at], 2 + at / 10);
    expect(summaryOf(outcomes, false).difference).toEqual({ trainBpb: null, valBpb: null });
  });
});

describe('in words', () => {
  test('a summary is a table, with what went wrong behind the figures of its run', () => {
    const outcomes = through([2.5, 2.6, 2.7]);
    outcomes[1].fail('A loss was no number.');
    expect(saySummary(summaryOf(outcomes, false)).split('\n')).toEqual([
      'over seeds, bits per byte  training, last tenth   last validation',
      'seed 0                                   2.5000            2.5000',
      'seed 1                                        -                 -  A loss was no number.',
      'seed 2                                   2.7000            2.7000',
      'mean                                     2.6000            2.6000',
      'standard deviation                       0.1414            0.1414',
      '95 % of the mean               1.3294 to 3.8706  1.3294 to 3.8706',
    ]);
  });

  test('it names the configuration that needs more, by how much, and whether that is more than chance', () => {
    const last = (losses: number[], versus: RunConfig) =>
      saySummary(summaryOf(through(losses, versus), true))
        .split('\n')
        .at(-1);
    expect(last([2.5, 2.3, 2.9, 2.69, 2.7, 2.51], deeper)).toBe(
      'test part: A needs 0.2000 more than B (95 %: 0.1752 to 0.2248, seed by seed): more than chance',
    );
    const larger = withTraining(deeper, { batchSize: 2 * micro.training.batchSize });
    expect(last([2.3, 2.5, 2.69, 2.9, 2.51, 2.7], larger)).toMatch(
      /^test part: B needs 0\.2000 more than A \(95 %: -0\.2\d+ to 0\.6\d+, between the means \(Welch\)\): too close to call$/,
    );
    expect(last([2.5, 2.75, 2.5, 2.75], deeper)).toContain('B needs 0.2500 more than A at every seed, which leaves');
    expect(last([2.5, 2.5, 2.6, 2.6], deeper)).toBe('test part: both came to the same');
    const outcomes = waiting(2, deeper);
    finish(outcomes[0], 2.5);
    expect(saySummary(summaryOf(outcomes, false))).toContain(
      '\n\ntraining, last tenth: no difference, which takes two',
    );
  });
});
