import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { withModel, withTraining } from '../../../src/config/problem.ts';
import type { Session } from '../../../src/ui/session.ts';
import { trainAgain } from '../../../src/ui/shell/train-again.ts';
import { chooseWeights, drawWeights } from '../../../src/ui/state/config-store.ts';
import type { ChosenWeights } from '../../../src/ui/state/config-store.ts';
import { longerRun } from '../../../src/ui/state/longer-run.ts';
import { whyNotRepeated } from '../../../src/ui/state/more-seeds.ts';
import { whyNotAdded } from '../../../src/ui/state/queued-run.ts';
import { curveObstacle } from '../../../src/ui/state/run-curve.ts';
import { FIRST_WEIGHTS, startBlocker } from '../../../src/ui/state/start-blocker.ts';
import { readRecord, recordOf as storedRecordOf } from '../../../src/ui/state/stored-record.ts';
import { FakeStorage } from '../support/fake-storage.ts';
import { gpuAdapter, mobyDick, plausibleMetrics } from '../support/fake-worker.ts';
import { FACTS, otherRun, readyPage } from '../support/run-page.ts';
import { recordOf } from '../support/run-record.ts';
import { openPage, settled } from '../support/storing-page.ts';

const micro = presetConfig('micro');
const chosen: ChosenWeights = {
  file: new Blob(['weights']),
  name: 'the whale',
  step: 1200,
  model: micro.model,
  preset: 'micro',
};
const firstWeights = { name: 'the whale', step: 1200, sha256: 'aa' };

type Page = ReturnType<typeof readyPage>;

const started = ({ workers }: Page) => workers.at(-1)!.commands.findLast(({ type }) => type === 'start');
const begun = { from: null, weights: { file: chosen.file, name: 'the whale' } };

/** A page whose run has begun with the weights. */
function begunPage(): Page {
  const page = readyPage('p=quick&b=3');
  chooseWeights(page.config, chosen);
  page.controller.train();
  page.emit({ type: 'started', runId: page.runId(), ...FACTS, firstWeights });
  return page;
}

/** The device is lost, and there is another with the text. */
function loseAndComeBack(page: Page): void {
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  if (page.state() === 'lost') page.controller.restart();
  page.emit({ type: 'corpus', info: mobyDick });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
}

test('chosen weights bring their model into the form, and a run of it begins with them until they are to be drawn', () => {
  const page = begunPage();
  const { config, preset } = page.config.getState();
  expect(config).toEqual({ ...withTraining(presetConfig('quick'), { batchSize: 3 }), model: micro.model });
  expect(preset).toBe('micro');
  expect(started(page)).toMatchObject({ ...begun, config });
  expect(page.run.getState().firstWeights).toEqual(firstWeights);
  page.controller.startOver();
  expect(started(page)).toMatchObject(begun);
  expect(page.run.getState().firstWeights).toBeNull();
  drawWeights(page.config);
  page.controller.startOver();
  expect(started(page)!).not.toHaveProperty('weights.file');
});

test('a run that is lost before it was kept begins again with the weights, whatever the form says by then', () => {
  const page = begunPage();
  drawWeights(page.config);
  loseAndComeBack(page);
  expect(page.workers).toHaveLength(2);
  expect(started(page)).toMatchObject(begun);
});

test('a run that was kept goes on from there, and still is one that began with them', () => {
  const page = begunPage();
  const { config } = page.run.getState();
  page.emit({ type: 'metrics', batch: plausibleMetrics(page.runId(), config!, 1, 25, 100) });
  const file = new Blob(['kept']);
  page.emit({ type: 'kept', runId: page.runId(), step: 20, file });
  loseAndComeBack(page);
  expect(started(page)).toMatchObject({ from: file });
  expect(started(page)).not.toHaveProperty('weights.file');
  expect(page.run.getState().firstWeights).toEqual(firstWeights);
});

test('a remedy trains the run on the screen anew, with the weights that it began with', () => {
  const page = begunPage();
  drawWeights(page.config);
  page.emit({ type: 'failed', runId: page.runId(), failure: { kind: 'out-of-memory', message: '' } });
  trainAgain(page as unknown as Session, { apply: (config) => withTraining(config, { batchSize: 1 }) });
  expect(started(page)).toMatchObject({ ...begun, config: { training: { batchSize: 1 } } });
  expect(page.config.getState().weights).toBeNull();
});

test('who goes on with another run has chosen no weights any more, and knows what that began with', () => {
  const page = begunPage();
  page.controller.adopt({ ...otherRun(page.curves), firstWeights: { ...firstWeights, sha256: 'bb' } });
  expect(page.config.getState().weights).toBeNull();
  expect(page.run.getState()).toMatchObject({ begunWith: null, firstWeights: { sha256: 'bb' } });
});

test('a run of another model does not begin with them', () => {
  const page = readyPage();
  const form = { config: withModel(micro, { depth: 3 }), drafts: {} };
  expect(startBlocker(form, page.run.getState())).toBeNull();
  expect(startBlocker({ ...form, weights: chosen }, page.run.getState())).toEqual({
    reason: 'The weights to begin with are of another model.',
    control: FIRST_WEIGHTS,
  });
});

test('a run that is through does not become longer where weights are chosen that it did not begin with', () => {
  const page = readyPage('p=micro');
  const form = { config: withTraining(micro, { steps: micro.training.steps + 1 }), drafts: {}, weights: chosen };
  const through = {
    ...page.run.getState(),
    config: micro,
    runCorpus: mobyDick,
    kept: { step: micro.training.steps, file: new Blob() },
    phase: { name: 'done' as const },
  };
  expect(longerRun({ ...through, begunWith: chosen }, form)).not.toBeNull();
  expect(longerRun(through, { ...form, weights: null })).not.toBeNull();
  expect(longerRun(through, form)).toBeNull();
});

test('runs that wait have no trained weights, and a link has none: both are said', () => {
  const page = begunPage();
  expect(whyNotAdded(page.config.getState(), page.run.getState(), [])).toMatch(
    /^Runs that wait begin with drawn weights/,
  );
  // With drawn ones it is another run than the present one.
  drawWeights(page.config);
  expect(whyNotAdded(page.config.getState(), page.run.getState(), [])).toBeNull();
  const run = recordOf('tuned', micro, 20, 1);
  expect(curveObstacle(run, micro)).toBeNull();
  expect(curveObstacle({ ...run, firstWeights }, micro)).toContain('began with trained weights');
  const known = { ...run, text: mobyDick };
  expect(whyNotRepeated(known, page.run.getState())).toBeNull();
  expect(whyNotRepeated({ ...known, firstWeights }, page.run.getState())).toContain('began with trained weights');
});

test('a stored run and what Compare keeps of one say what it began with; older ones have it drawn', async () => {
  const storage = new FakeStorage();
  const page = openPage(storage);
  await page.keep();
  page.nextRun();
  page.run.setState({ firstWeights });
  await page.keep();
  const next = openPage(storage.later(), { idle: true });
  await next.storedRuns.open();
  const { earlier } = next.run.getState();
  expect(earlier.map((each) => each.firstWeights).filter((each) => each !== undefined)).toEqual([firstWeights]);
  for (const { id } of earlier) await next.storedRuns.goOn(id);
  expect(next.adopted.map((each) => each.firstWeights)).toEqual(earlier.map((each) => each.firstWeights));
  await settled();

  const kept = { place: null, begunAt: 0 };
  const run = recordOf('tuned', micro, 20, 1);
  expect(readRecord(storedRecordOf({ ...run, firstWeights }, kept))!.run).toMatchObject({ firstWeights });
  expect(readRecord(storedRecordOf(run, kept))!.run).not.toHaveProperty('firstWeights');
});
