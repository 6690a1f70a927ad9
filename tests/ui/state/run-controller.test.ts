import { expect, onTestFinished, test, vi } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { editConfig, writeControl } from '../../../src/ui/state/config-store.ts';
import { runControl } from '../../../src/ui/state/controls.ts';
import { gpuAdapter, mobyDick, plausibleMetrics, softwareAdapter } from '../support/fake-worker.ts';
import { FACTS, openPage, readyPage, trainingPage } from '../support/run-page.ts';

test('opening asks for the adapter and loads the built-in text, but downloads nothing', () => {
  expect(openPage().said()).toEqual(['probe', 'use-embedded']);
  expect(openPage('ds=enwik8').said()).toEqual(['probe']);
});

test('Train starts only with an adapter, a text and a configuration without errors', () => {
  const page = openPage();
  page.controller.train();
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  page.controller.train();
  page.emit({ type: 'corpus', info: mobyDick });
  editConfig(page.config, (config) => ({ ...config, training: { ...config.training, batchSize: 0 } }));
  page.controller.train();
  expect(page.said()).not.toContain('start');

  editConfig(page.config, (config) => ({ ...config, training: { ...config.training, batchSize: 4 } }));
  page.controller.train();
  const { config } = page.config.getState();
  expect(page.workers[0].commands.at(-1)).toEqual({ type: 'start', runId: 1, config, paused: false, from: null });
  expect(page.state()).toBe('compiling');
  expect(page.address.entries).toBe(1);
});

test('a software adapter gets the preset micro, unless a link or a person has chosen', () => {
  const fresh = openPage();
  fresh.emit({ type: 'adapter', state: 'ready', info: softwareAdapter });
  const linked = openPage('p=quick');
  linked.emit({ type: 'adapter', state: 'ready', info: softwareAdapter });

  expect(fresh.config.getState().preset).toBe('micro');
  expect(linked.config.getState().preset).toBe('quick');
  expect(fresh.state()).toBe('software');
});

test('after a reset nothing is offered until the run that has ended can be among it', () => {
  const page = trainingPage();
  const { config, preset } = page.config.getState();
  const kept = { id: 'a', name: 'calm owl', text: null, config, preset, since: new Map(), step: 9, bpb: 3, keptAt: 0 };
  page.run.setState({ earlier: [kept] });
  page.controller.reset();
  expect(page.run.getState().earlier).toEqual([]);
});

test('Train leaves a run alone that trains', () => {
  const page = trainingPage();
  const before = [page.runId(), page.said()];
  page.controller.train();
  expect([page.runId(), page.said()]).toEqual(before);
});

test('Train pauses and resumes a run', () => {
  const page = trainingPage();
  page.controller.toggle();
  page.emit({ type: 'paused', runId: page.runId(), step: 5 });
  page.controller.toggle();
  page.emit({ type: 'resumed', runId: page.runId() });

  expect(page.said().slice(-2)).toEqual(['pause', 'resume']);
  expect(page.state()).toBe('training');
});

test('Step on a fresh page builds a paused run and makes one step when it is there', () => {
  const page = readyPage();
  page.controller.step();
  expect(page.workers[0].commands.at(-1)).toMatchObject({ type: 'start', paused: true });

  page.emit({ type: 'started', runId: page.runId(), ...FACTS });
  page.emit({ type: 'paused', runId: page.runId(), step: 0 });
  page.emit({ type: 'paused', runId: page.runId(), step: 1 });
  expect(page.said().filter((type) => type === 'step')).toHaveLength(1);

  page.controller.step();
  expect(page.said().filter((type) => type === 'step')).toHaveLength(2);
});

test('a step that was asked for is not made in another run when its own could not be built', () => {
  const page = readyPage();
  page.controller.step();
  page.emit({ type: 'failed', runId: page.runId(), failure: { kind: 'out-of-memory', message: '' } });
  page.controller.train();
  page.emit({ type: 'started', runId: page.runId(), ...FACTS });
  page.emit({ type: 'paused', runId: page.runId(), step: 9 });
  expect(page.said()).not.toContain('step');
});

test('starting over replaces a run, but only if another can start', () => {
  const page = trainingPage();
  const before = page.runId();
  writeControl(page.config, runControl('batchSize'), 'many');
  expect(page.controller.startOver()).toMatchObject({ control: 'batchSize' });
  expect([page.state(), page.runId(), page.said().at(-1)]).toEqual(['training', before, 'start']);

  page.choose('batchSize', '4');
  expect(page.controller.startOver()).toBeNull();
  expect(page.workers[0].commands.at(-1)).toMatchObject({ type: 'start', runId: before + 1, from: null });
});

test('a run that is begun beside the form leaves the form as it is, and takes up nothing that was edited before', () => {
  const page = trainingPage();
  const { config, preset } = decodeQuery('p=micro');
  page.choose('learningRate', '1e-3');
  page.choose('batchSize', '4');
  const form = page.config.getState();
  expect(page.controller.trainBeside({ config, preset })).toBeNull();
  expect(page.workers[0].commands.at(-1)).toEqual({ type: 'start', runId: 2, config, paused: false, from: null });
  page.emit({ type: 'started', runId: page.runId(), ...FACTS });

  expect(page.run.getState()).toMatchObject({ config, preset: 'micro', runCorpus: mobyDick });
  expect(page.config.getState()).toEqual({ ...form, edits: {} });
  expect(page.said().filter((type) => type === 'adjust')).toHaveLength(1);
  page.choose('learningRate', '2e-3');
  expect(page.said().filter((type) => type === 'adjust')).toHaveLength(2);
});

test('a run beside the form does not begin where its configuration cannot', () => {
  const page = trainingPage();
  const { config, preset } = decodeQuery('p=micro&ds=enwik8');
  expect(page.controller.trainBeside({ config, preset })?.reason).toBe('Choose a text to train on.');
  expect([page.state(), page.runId(), page.said().at(-1)]).toEqual(['training', 1, 'start']);
});

test('metrics go into columns, those of an earlier run nowhere', () => {
  const page = trainingPage();
  const config = page.run.getState().config!;
  page.emit({ type: 'metrics', batch: plausibleMetrics(page.runId(), config, 1, 10, 40) });
  page.emit({ type: 'metrics', batch: plausibleMetrics(page.runId() - 1, config, 11, 20, 40) });
  page.emit({ type: 'validation', runId: page.runId(), step: 10, bpb: 4, spread: [null, 0.7] });
  const { metrics } = page.curves.getState();

  expect(metrics.lastStep).toBe(10);
  expect(metrics.stepsPerSecond).toBeCloseTo(40, 6);
  expect(metrics.recon.map((series) => series?.y.length)).toEqual([undefined, 10]);
  expect([metrics.validation.x.last, metrics.validation.y.last]).toEqual([10, 4]);
});

test('Reset frees the worker, forgets curves and samples, and keeps the form', () => {
  const page = trainingPage();
  const before = page.config.getState().config;
  page.emit({ type: 'metrics', batch: plausibleMetrics(page.runId(), before, 1, 10, 40) });
  page.controller.reset();
  page.emit({ type: 'paused', runId: 1, step: 10 });

  expect(page.said().at(-1)).toBe('reset');
  expect(page.state()).toBe('ready');
  expect(page.curves.getState().metrics.lastStep).toBe(0);
  expect(page.config.getState().config).toBe(before);
});

test('a worker that crashes is a failed run with what it said', () => {
  const page = trainingPage();
  page.workers[0].crash('RangeError: offset');

  expect(page.run.getState().phase).toEqual({
    name: 'failed',
    failure: { kind: 'internal', message: 'RangeError: offset' },
  });
});

test('listeners hear of events after the state has changed, until they stop listening', () => {
  const page = trainingPage();
  const heard: string[] = [];
  const stop = page.worker.listen((event) => heard.push(`${event.type} ${page.state()}`));
  page.emit({ type: 'paused', runId: page.runId(), step: 3 });
  stop();
  page.emit({ type: 'resumed', runId: page.runId() });
  expect(heard).toEqual(['paused paused']);
});

test('requests have numbers of their own, none of them 0', () => {
  const { worker } = trainingPage();
  const numbers = [worker.newRequestId(), worker.newRequestId(), worker.newRequestId()];
  expect(new Set([0, ...numbers]).size).toBe(4);
});

test('a run is timed by the clock of the page, from being asked for on', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const page = readyPage();
  page.controller.train();
  vi.advanceTimersByTime(7000);
  const runId = page.runId();
  page.emit({ type: 'started', runId, ...FACTS });
  page.emit({ type: 'resumed', runId });
  vi.advanceTimersByTime(30_000);
  page.emit({ type: 'metrics', batch: plausibleMetrics(runId, page.config.getState().config, 1, 60, 10) });
  const { clock } = page.curves.getState().metrics;
  expect(clock.preparation).toBeCloseTo(7, 9);
  expect(clock.secondsPerStep).toBeCloseTo(0.5, 9);

  page.emit({ type: 'rewound', runId, step: 20 });
  expect(page.curves.getState().metrics.clock.preparation).toBeCloseTo(7, 9);
});
