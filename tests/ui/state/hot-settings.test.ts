import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { withTraining } from '../../../src/config/problem.ts';
import type { RunConfig } from '../../../src/config/types.ts';
import { choosePreset, finishEdit, loadConfig, writeControl } from '../../../src/ui/state/config-store.ts';
import { runControl } from '../../../src/ui/state/controls.ts';
import { wayBack } from '../../../src/ui/state/remedies.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';
import { FACTS, lostPage, readyPage, trainingPage } from '../support/run-page.ts';

test('a run takes up a new learning rate and loss weights at once, and nothing else', () => {
  const page = trainingPage();
  const sent = page.adjustments;
  page.choose('batchSize', '2');
  page.choose('learningRate', '1e-3');
  expect(sent()).toEqual([{ type: 'adjust', settings: { learningRate: 1e-3, reconWeight: 0.1, arWeight: 0.25 } }]);
  expect(page.run.getState().config?.training).toMatchObject({ learningRate: 1e-3, batchSize: 16 });
  page.choose('depth', '3');
  expect(sent()).toHaveLength(1);
  // Without its heads there is no reconstruction to weigh, so 0 waits for the next run.
  page.choose('reconWeight', '0');
  expect(sent()).toHaveLength(1);
});

test('a setting that a run has taken up is marked in its curve, unless it is from the first step on', () => {
  const page = trainingPage();
  const runId = page.runId();
  page.emit({ type: 'adjusted', runId, step: 0, changed: { arWeight: 1 } });
  page.emit({ type: 'adjusted', runId: runId - 1, step: 7, changed: { arWeight: 2 } });
  page.emit({ type: 'adjusted', runId, step: 88, changed: { learningRate: 3e-5 } });
  expect(page.curves.getState().metrics.marks).toEqual([
    {
      step: 88,
      name: 'learning rate 3e-5',
      settings: ['learningRate'],
      values: { learningRate: { from: 3e-3, to: 3e-5 } },
    },
  ]);
});

test('each step is weighed by what it was trained with, also those under way when that changes', () => {
  const page = trainingPage();
  const runId = page.runId();
  const { config } = page.run.getState();
  const ones = (first: number, last: number) => {
    const batch = plausibleMetrics(runId, config!, first, last, 10);
    return { ...batch, ar: [null, batch.step.map(() => 1)] };
  };
  const weights = () => [...page.curves.getState().metrics.objective.prediction.y.view()];

  page.choose('arWeight', '2');
  page.emit({ type: 'metrics', batch: ones(1, 2) });
  expect(weights()).toEqual([0.25, 0.25]);
  page.emit({ type: 'adjusted', runId, step: 3, changed: { arWeight: 2 } });
  page.emit({ type: 'metrics', batch: ones(3, 4) });
  page.emit({ type: 'adjusted', runId, step: 5, changed: { learningRate: 1e-3 } });
  page.emit({ type: 'adjusted', runId, step: 6, changed: { arWeight: 1 } });
  page.emit({ type: 'metrics', batch: ones(5, 7) });
  expect(weights()).toEqual([0.25, 0.25, 0.25, 2, 2, 2, 1]);

  page.emit({ type: 'rewound', runId, step: 4 });
  page.emit({ type: 'metrics', batch: ones(5, 6) });
  expect(weights()).toEqual([0.25, 0.25, 0.25, 2, 1, 1]);
});

test('a run that goes on weighs its losses by what it goes on with', () => {
  const page = lostPage();
  page.choose('arWeight', '2');
  page.comeBack();
  const batch = plausibleMetrics(page.runId(), page.run.getState().config!, 21, 22, 10);
  page.emit({ type: 'adjusted', runId: page.runId(), step: 21, changed: { arWeight: 2 } });
  page.emit({ type: 'metrics', batch: { ...batch, ar: [null, batch.step.map(() => 1)] } });
  const { prediction } = page.curves.getState().metrics.objective;
  expect([...prediction.y.view()].slice(20)).toEqual([0.25, 2]);
});

test('a run takes up no number before it is typed to its end', () => {
  const page = trainingPage();
  for (const text of ['1', '1e', '1e-', '1e-4']) writeControl(page.config, runControl('learningRate'), text);
  expect(page.adjustments()).toEqual([]);
  finishEdit(page.config, 'learningRate');
  expect(page.adjustments()).toMatchObject([{ settings: { learningRate: 1e-4 } }]);
});

test('what is put into the form for the next run changes nothing about the present one', () => {
  const page = trainingPage();
  const { config } = page.run.getState();
  choosePreset(page.config, 'two');
  loadConfig(page.config, 'quick', decodeQuery('lr=1e-5&aw=2').config);
  expect(page.adjustments()).toEqual([]);
  expect(page.run.getState().config).toBe(config);

  page.choose('reconWeight', '0.3');
  expect(page.adjustments()).toMatchObject([{ settings: { learningRate: 3e-3, reconWeight: 0.3, arWeight: 0.25 } }]);
});

test('a live setting that is edited while a run is built counts as soon as it is there', () => {
  const page = readyPage();
  page.controller.train();
  page.choose('learningRate', '1e-4');
  expect(page.adjustments()).toEqual([]);
  page.emit({ type: 'started', runId: page.runId(), ...FACTS });
  page.emit({ type: 'resumed', runId: page.runId() });
  expect(page.adjustments()).toMatchObject([{ settings: { learningRate: 1e-4 } }]);
  expect(page.run.getState().config?.training.learningRate).toBe(1e-4);
});

test('an edit before or after a run is told nobody', () => {
  const page = readyPage();
  page.choose('learningRate', '1e-3');
  expect(page.said()).not.toContain('adjust');
});

const slower = { apply: (config: RunConfig) => withTraining(config, { learningRate: 1e-3 }) };

test('a diverged run goes back with a remedy, which the form has as well, and its curves with it', () => {
  const page = trainingPage();
  const runId = page.runId();
  page.emit({ type: 'metrics', batch: plausibleMetrics(runId, page.run.getState().config!, 1, 30, 10) });
  page.emit({ type: 'diverged', runId, step: 31, lastFiniteStep: 30, rewindStep: 20, message: 'NaN' });
  page.controller.rewind(slower);
  expect(page.config.getState().config.training.learningRate).toBe(1e-3);
  page.emit({ type: 'rewound', runId, step: 20 });
  page.emit({ type: 'resumed', runId });

  expect(page.said().slice(-2)).toEqual(['adjust', 'rewind']);
  expect(page.run.getState().config?.training.learningRate).toBe(1e-3);
  expect(page.state()).toBe('training');
  const { metrics } = page.curves.getState();
  expect(metrics.lastStep).toBe(20);
  expect(metrics.marks).toEqual([{ step: 20, name: 'back to 20, learning rate 1e-3' }]);
  page.emit({ type: 'metrics', batch: plausibleMetrics(runId, page.run.getState().config!, 21, 25, 10) });
  expect([...metrics.step.view()]).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
});

test('a run that goes back takes up what was edited since, and nothing else that the form says', () => {
  const page = trainingPage();
  const { runId } = page.run.getState();
  page.emit({ type: 'diverged', runId, step: 31, lastFiniteStep: 30, rewindStep: 20, message: 'NaN' });
  loadConfig(page.config, 'quick', decodeQuery('lr=1e-5&rw=0.7').config);
  page.choose('arWeight', '2');
  page.controller.rewind(slower);
  page.emit({ type: 'rewound', runId, step: 20 });
  page.emit({ type: 'resumed', runId });
  expect(page.adjustments()).toEqual([
    { type: 'adjust', settings: { learningRate: 1e-3, reconWeight: 0.1, arWeight: 2 } },
  ]);
  // It describes another run.
  expect(page.config.getState().config.training.learningRate).toBe(1e-5);
});

test('a remedy takes the place of the setting that was edited and ruined the run', () => {
  const page = trainingPage();
  const { runId } = page.run.getState();
  page.choose('learningRate', '3');
  page.emit({ type: 'diverged', runId, step: 31, lastFiniteStep: 30, rewindStep: 20, message: 'NaN' });
  page.controller.rewind(slower);
  page.emit({ type: 'rewound', runId, step: 20 });
  page.emit({ type: 'resumed', runId });
  expect(page.adjustments().at(-1)).toMatchObject({ settings: { learningRate: 1e-3 } });
  expect(page.config.getState().config.training.learningRate).toBe(1e-3);
});

test('there is no way back without an earlier state', () => {
  const page = trainingPage();
  page.emit({ type: 'diverged', runId: page.runId(), step: 1, lastFiniteStep: 0, rewindStep: null, message: 'NaN' });
  page.controller.rewind(slower);

  expect(page.said()).not.toContain('rewind');
});

const BLOWN_UP = { wellUntil: 30, best: 3.2, rewindStep: 30 };

test('a run that blew up after a new setting goes back to before it at any time, and has the old one again', () => {
  const page = trainingPage();
  const runId = page.runId();
  const config = page.run.getState().config!;
  page.emit({ type: 'metrics', batch: plausibleMetrics(runId, config, 1, 30, 10) });
  expect(page.controller.settingsBefore(30)).toBeNull();
  page.choose('learningRate', '3');
  page.emit({ type: 'adjusted', runId, step: 30, changed: { learningRate: 3 } });
  page.emit({ type: 'metrics', batch: plausibleMetrics(runId, config, 31, 90, 10) });
  page.emit({ type: 'blown-up', runId, blowUp: BLOWN_UP });
  expect(page.state()).toBe('training');
  const former = page.controller.settingsBefore(30)!;
  expect(former).toEqual({ learningRate: 3e-3, reconWeight: 0.1, arWeight: 0.25 });
  const fix = wayBack(page.config.getState().config, former, 30);
  expect(fix.label).toBe('Back to before step 31, with learning rate 3e-3');

  page.controller.rewind(fix);
  expect(page.config.getState().config.training.learningRate).toBe(3e-3);
  expect(page.said().slice(-2)).toEqual(['adjust', 'rewind']);
  page.emit({ type: 'adjusted', runId, step: 92, changed: { learningRate: 3e-3 } });
  page.emit({ type: 'rewound', runId, step: 30 });
  page.emit({ type: 'resumed', runId });
  expect(page.run.getState()).toMatchObject({ blowUp: null, phase: { name: 'training' } });
  expect(page.run.getState().config?.training.learningRate).toBe(3e-3);
  expect(page.curves.getState().metrics.lastStep).toBe(30);
  expect(page.controller.settingsBefore(30)).toBeNull();
});

test('who has set the old value again goes back all the same', () => {
  const page = trainingPage();
  const runId = page.runId();
  page.choose('learningRate', '3');
  page.emit({ type: 'adjusted', runId, step: 30, changed: { learningRate: 3 } });
  page.choose('learningRate', '3e-3');
  page.emit({ type: 'adjusted', runId, step: 40, changed: { learningRate: 3e-3 } });
  const fix = wayBack(page.config.getState().config, page.controller.settingsBefore(30)!, 30);
  expect(fix.label).toBe('Back to before step 31');
});

test('a run that goes back to try a gentler rate is not offered the one that ruined it', () => {
  const page = trainingPage();
  const runId = page.runId();
  page.emit({ type: 'blown-up', runId, blowUp: BLOWN_UP });
  page.controller.rewind(slower);
  page.emit({ type: 'adjusted', runId, step: 60, changed: { learningRate: 1e-3 } });
  page.emit({ type: 'rewound', runId, step: 30 });
  expect(page.controller.settingsBefore(30)).toBeNull();
});

test('nobody hears of a blow-up any more who wants to leave it so, or when losses are down again', () => {
  const page = trainingPage();
  const runId = page.runId();
  const said = () => page.run.getState().blowUp;
  page.emit({ type: 'blown-up', runId, blowUp: BLOWN_UP });
  expect(said()).toEqual(BLOWN_UP);
  page.controller.closeBlowUp();
  expect(said()).toBeNull();
  page.emit({ type: 'blown-up', runId, blowUp: BLOWN_UP });
  page.emit({ type: 'blown-up', runId, blowUp: null });
  expect(said()).toBeNull();
});
