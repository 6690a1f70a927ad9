import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { encodeCurve } from '../../../src/config/codec/curve-text.ts';
import { withCurve } from '../../../src/config/codec/curve-key.ts';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import type { LinkProblem } from '../../../src/config/codec/decode.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { createCurvesStore } from '../../../src/ui/state/curves.ts';
import { curveOf } from '../../../src/ui/state/run-curve.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import { comparedRuns, keepRuns, removeRun } from '../../../src/ui/state/runs.ts';
import { SentCurves } from '../../../src/ui/state/sent-curves.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';

const quick = presetConfig('quick');

/** What a run of 300 steps, validated every 10, has measured. */
function trained(): RunMetrics {
  const metrics = new RunMetrics();
  metrics.append(plausibleMetrics(1, quick, 1, 300, 40), quick.model);
  for (let step = 10; step <= 300; step += 10) metrics.appendValidation(step, 8 - step / 100);
  return metrics;
}

function visit() {
  const run = createStore(() => initialRunState);
  const runs = keepRuns({ run, curves: createCurvesStore() });
  const problems: LinkProblem[] = [];
  const sent = new SentCurves(runs, (problem) => problems.push(problem));
  return { run, runs, problems, open: (query: string) => sent.open(decodeQuery(query)) };
}

const text = await encodeCurve(curveOf(quick, trained())!);

test('the curve of a link is a pinned run without a model that measured what was sent', async () => {
  const { runs, problems, open } = visit();
  const metrics = trained();
  await open(withCurve('', text));

  const [run, ...others] = runs.getState().runs;
  expect([others, problems, runs.getState().presentId]).toEqual([[], [], null]);
  expect(run).toMatchObject({ name: 'from the link', origin: 'link', pin: 0, model: null, config: quick });
  expect(run.metrics.lastStep).toBe(300);
  expect(run.metrics.step.length).toBe(128);
  expect(run.metrics.activeSeconds.last).toBeCloseTo(metrics.activeSeconds.last, 2);
  expect(run.metrics.stepsPerSecond).toBeCloseTo(40, 1);
  for (let at = 0; at < 128; at++) {
    const step = run.metrics.step.at(at);
    expect(run.metrics.train.smoothed.at(at)).toBeCloseTo(metrics.train.smoothed.at(step - 1), 3);
    expect(run.metrics.recon[1]?.y.at(at)).toBeCloseTo(metrics.recon[1]!.smoothed.at(step - 1), 3);
  }
  expect(run.metrics.validation.y.length).toBe(30);
  expect(run.metrics.validation.y.last).toBeCloseTo(5, 3);
});

test('a link that is come back to brings its curve once, also after it was removed', async () => {
  const { runs, open } = visit();
  await open(withCurve('', text));
  await open(withCurve('', text));
  expect(runs.getState().runs).toHaveLength(1);
  removeRun(runs, runs.getState().runs[0].id);
  await open(withCurve('', text));

  expect(runs.getState().runs).toEqual([]);
});

test('a run of this visit comes after the curve of a link, and both are compared', async () => {
  const { run, runs, open } = visit();
  run.setState({ runId: 1, config: quick });
  await open(withCurve('', text));

  expect(runs.getState().runs.map(({ id }) => id)).toEqual([-1, 1]);
  expect(comparedRuns(runs.getState()).map(({ id }) => id)).toEqual([-1, 1]);
});

test('a curve that cannot be read, or belongs to another run, is reported and left out', async () => {
  const { runs, problems, open } = visit();
  await open('r=<script>');
  await open(withCurve('st=200', text));

  expect(runs.getState().runs).toEqual([]);
  expect(problems.map(({ message }) => message)).toEqual([
    '`r=<script>` is no curve; the curve of the sender is left out',
    `\`r=${text.slice(0, 12)}…\` has more steps than the run of this link; the curve of the sender is left out`,
  ]);
});

test('a run without a step has no curve', () => {
  expect(curveOf(quick, new RunMetrics())).toBeNull();
});
