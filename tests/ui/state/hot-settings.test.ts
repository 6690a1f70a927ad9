import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { choosePreset, editConfig, finishEdit, loadConfig, writeControl } from '../../../src/ui/state/config-store.ts';
import { runControl } from '../../../src/ui/state/controls.ts';
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
    { step: 88, name: 'learning rate 3e-5', settings: ['learningRate'] },
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

test('a diverged run goes back with what the form says, and its curves with it', () => {
  const page = trainingPage();
  const runId = page.runId();
  page.emit({ type: 'metrics', batch: plausibleMetrics(runId, page.run.getState().config!, 1, 30, 10) });
  page.emit({ type: 'diverged', runId, step: 31, lastFiniteStep: 30, rewindStep: 20, message: 'NaN' });
  editConfig(page.config, (config) => ({ ...config, training: { ...config.training, learningRate: 1e-3 } }));
  expect(page.run.getState().config?.training.learningRate).toBe(3e-3);
  page.controller.rewind();
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

test('there is no way back without an earlier state', () => {
  const page = trainingPage();
  page.emit({ type: 'diverged', runId: page.runId(), step: 1, lastFiniteStep: 0, rewindStep: null, message: 'NaN' });
  page.controller.rewind();

  expect(page.said()).not.toContain('rewind');
});
