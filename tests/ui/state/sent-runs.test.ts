import { describe, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { encodeCurve } from '../../../src/config/codec/curve-text.ts';
import { withCurve } from '../../../src/config/codec/curve-key.ts';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import type { LinkProblem } from '../../../src/config/codec/decode.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { runName } from '../../../src/ui/compare/run-name.ts';
import { createCurvesStore } from '../../../src/ui/state/curves.ts';
import { curveOf } from '../../../src/ui/state/run-curve.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { initialRunState } from '../../../src/ui/state/run-state.ts';
import { comparedRuns, keepRuns, removeRun } from '../../../src/ui/state/runs.ts';
import { SentRuns } from '../../../src/ui/state/sent-runs.ts';
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
  const reader = { isThere: true };
  const sent = new SentRuns({
    runs,
    report: (problem) => problems.push(problem),
    loadReader: async () =>
      reader.isThere ? import('../../../src/ui/state/sent-curve.ts') : Promise.reject(new Error()),
  });
  return { run, runs, problems, reader, sent, open: (query: string) => sent.open(decodeQuery(query)) };
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

test('a curve whose reader did not come is told, and read when its link is come back to', async () => {
  const { runs, problems, reader, open } = visit();
  reader.isThere = false;
  await open(withCurve('', text));
  expect(problems.map(({ message }) => message)).toEqual([
    `\`r=${text.slice(0, 12)}…\` could not be read, because a part of the page did not come; the curve of the sender is left out`,
  ]);
  reader.isThere = true;
  await open(withCurve('', text));
  expect([runs.getState().runs.length, problems.length]).toEqual([1, 1]);
});

test('a run without a step has no curve', () => {
  expect(curveOf(quick, new RunMetrics())).toBeNull();
});

describe('a link to several runs', () => {
  const link = `v=1&p=quick&nm=mine&r=${text}&vs=p:quick,sd:1,nm:other,r:${text}&vs=p:quick,b:4&vs=p:quick,b:-4,sd:9,r:${text}`;

  test('has its curves among the runs in its order, the first as the newest, by the names that they were given', async () => {
    const { runs, sent, problems, open } = visit();
    await open(link);

    expect(problems).toEqual([]);
    const records = runs.getState().runs;
    expect(records.map(({ name, origin, config: { training } }) => [name, origin, training.seed])).toEqual([
      ['other from the link', 'link', 1],
      ['mine from the link', 'link', 0],
    ]);
    expect(comparedRuns(runs.getState())).toEqual(records);
    const { compared } = sent.store.getState();
    expect(compared.map(({ name, curveId, complaints }) => [name, curveId, complaints.length])).toEqual([
      ['mine', records[1].id, 0],
      ['other', records[0].id, 0],
      [runName(decodeQuery('b=4').config), null, 0],
      // No curve is of settings that were mended.
      [runName(decodeQuery('sd=9').config), null, 1],
    ]);
  });

  test('that is come back to is the comparison again, and brings no curve twice', async () => {
    const { runs, sent, open } = visit();
    await open(link);
    const { compared } = sent.store.getState();
    await open('p=two');
    expect(sent.store.getState().compared).toBe(compared);
    await open('p=two&vs=p:flat');
    expect(sent.store.getState().compared.map(({ curveId }) => curveId)).toEqual([null, null]);
    await Promise.all([open(link), open(link)]);
    expect(sent.store.getState().compared).toEqual(compared);
    expect(runs.getState().runs).toHaveLength(2);
  });

  test('of more runs than pins has all of them compared', async () => {
    const { runs, open } = visit();
    const others = [1, 2, 3, 4, 5].map((seed) => `&vs=sd:${seed},r:${text}`).join('');
    await open(`${withCurve('', text)}${others}`);
    expect(comparedRuns(runs.getState()).map(({ config }) => config.training.seed)).toEqual([1, 2, 3, 4, 5, 0]);
  });

  test('tells which curve cannot be read, and has its run without', async () => {
    const { sent, problems, open } = visit();
    await open(`vs=p:two,r:AAAA&vs=p:quick,st:200,r:${text}`);
    expect(problems.map(({ key, message }) => [key, message])).toEqual([
      ['vs', '`r:AAAA` of run 2 cannot be unpacked; the curve of the sender is left out'],
      [
        'vs',
        `\`r:${text.slice(0, 12)}…\` of run 3 has more steps than the run of this link; the curve of the sender is left out`,
      ],
    ]);
    expect(sent.store.getState().compared.map(({ complaints, curveId }) => [complaints, curveId])).toEqual([
      [[], null],
      [[], null],
      [[], null],
    ]);
  });

  test('calls runs of one name apart', async () => {
    const { sent, open } = visit();
    await open('nm=a&vs=p:two,nm:a&vs=p:two,nm:a');
    expect(sent.store.getState().compared.map(({ name }) => name)).toEqual(['a', 'a 2', 'a 3']);
  });
});
