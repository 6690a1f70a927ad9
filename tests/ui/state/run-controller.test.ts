import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import type { Command } from '../../../src/protocol/commands.ts';
import {
  choosePreset,
  createConfigStore,
  editConfig,
  finishEdit,
  loadConfig,
  writeControl,
} from '../../../src/ui/state/config-store.ts';
import { runControl } from '../../../src/ui/state/controls.ts';
import { createCurvesStore } from '../../../src/ui/state/curves.ts';
import { statesConfig } from '../../../src/ui/state/link-sync.ts';
import { RunController } from '../../../src/ui/state/run-controller.ts';
import type { AdoptedRun } from '../../../src/ui/state/run-controller.ts';
import { initialRunState, pageState } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { FakeWorker, gpuAdapter, mobyDick, plausibleMetrics, softwareAdapter } from '../support/fake-worker.ts';

const FACTS = { parameters: 1, flopsPerStep: 1, engineBytes: 1, pipelines: 1, dispatches: 1 };

function openPage(query = '') {
  const { config: linked, preset } = decodeQuery(query);
  const config = createConfigStore(preset, linked, statesConfig(query));
  const run = createStore<RunState>(() => initialRunState);
  const curves = createCurvesStore();
  const workers: FakeWorker[] = [];
  const controller = new RunController({
    connect: () => {
      workers.push(new FakeWorker());
      return workers.at(-1)!;
    },
    config,
    run,
    curves,
    requestRevision: () => {},
    onStart: () => {},
    urls: { embedded: 'moby.txt', enwik8: 'enwik8.gz' },
  });
  controller.open();
  const said = (): Command['type'][] => workers.at(-1)!.commands.map(({ type }) => type);
  const emit: FakeWorker['emit'] = (event) => workers.at(-1)!.emit(event);
  const state = (): string => pageState(run.getState());
  const runId = (): number => run.getState().runId;
  const choose = (name: string, text: string): void => {
    writeControl(config, runControl(name), text);
    finishEdit(config, name);
  };
  const adjustments = (): Command[] => workers.at(-1)!.commands.filter(({ type }) => type === 'adjust');
  return { config, run, curves, workers, controller, said, emit, state, runId, choose, adjustments };
}

function readyPage(query = '') {
  const page = openPage(query);
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  page.emit({ type: 'corpus', info: mobyDick });
  return page;
}

function trainingPage() {
  const page = readyPage();
  page.controller.train();
  page.emit({ type: 'started', runId: page.runId(), ...FACTS });
  return page;
}

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

test('starting over after a lost device begins anew in a new worker', () => {
  const page = lostPage();
  page.comeBack();
  page.lose();
  page.comeBack();
  page.lose();
  expect(page.state()).toBe('lost');
  expect(page.controller.startOver()).toBeNull();
  expect(page.said()).toEqual(['probe', 'use-embedded']);
  page.comeBack();
  expect(page.workers[3].commands.at(-1)).toMatchObject({ type: 'start', from: null });
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

test('a lost run is started again in a new worker once adapter and text are back', () => {
  const page = trainingPage();
  page.emit({ type: 'lost', runId: page.runId(), reason: 'destroyed', message: '' });
  expect(page.state()).toBe('lost');

  page.controller.restart();
  expect(page.workers[0].terminated).toBe(true);
  expect(page.said()).toEqual(['probe', 'use-embedded']);
  page.emit({ type: 'corpus', info: mobyDick });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  expect(page.said().at(-1)).toBe('start');
});

/** A page whose run lost its device after it was kept at step 20 and had made 25. */
function lostPage() {
  const page = trainingPage();
  const lose = (): void => page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  const comeBack = (): void => {
    page.emit({ type: 'corpus', info: mobyDick });
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    page.emit({ type: 'started', runId: page.runId(), ...FACTS });
  };
  page.emit({ type: 'metrics', batch: plausibleMetrics(page.runId(), page.config.getState().config, 1, 25, 100) });
  page.emit({ type: 'kept', runId: page.runId(), step: 20, file: new Blob(['kept']) });
  lose();
  return { ...page, lose, comeBack };
}

test('a live setting that is edited while a lost run comes back counts from there', () => {
  const page = lostPage();
  page.choose('learningRate', '1e-4');
  page.comeBack();
  expect(page.adjustments()).toMatchObject([{ settings: { learningRate: 1e-4 } }]);
});

test('a run that was kept goes on by itself when its device is lost, and its curves with it', () => {
  const page = lostPage();
  const before = page.runId();
  expect(page.workers).toHaveLength(2);
  page.comeBack();

  const { config, kept } = page.run.getState();
  expect(page.workers[1].commands.at(-1)).toEqual({
    type: 'start',
    runId: before,
    config,
    paused: false,
    from: kept!.file,
  });
  expect(page.state()).toBe('training');
  const { metrics } = page.curves.getState();
  expect(metrics.lastStep).toBe(20);
  expect(metrics.marks).toEqual([{ step: 20, name: 'device lost, on from 20' }]);
});

test('who has something to say to a run that is built again says it to the new worker', () => {
  const page = trainingPage();
  page.run.subscribe(({ phase }, before) => {
    if (phase.name === 'compiling' && before.phase.name !== 'compiling') {
      page.controller.send({ type: 'watch', text: null });
    }
  });
  page.emit({ type: 'kept', runId: page.runId(), step: 20, file: new Blob(['kept']) });
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  expect(page.said()).toEqual(['probe', 'use-embedded', 'watch']);
});

test('a run that goes on keeps its configuration, whatever the form says by now', () => {
  const page = trainingPage();
  const { config } = page.run.getState();
  page.emit({ type: 'kept', runId: page.runId(), step: 20, file: new Blob(['kept']) });
  editConfig(page.config, (old) => ({ ...old, dataset: 'enwik8', model: { ...old.model, depth: 1 } }));
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  page.emit({ type: 'corpus', info: mobyDick });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });

  expect(page.said()).toEqual(['probe', 'use-embedded', 'start']);
  expect(page.workers[1].commands.at(-1)).toMatchObject({ config });
});

test('a paused run that lost its device is paused again where it was kept', () => {
  const page = trainingPage();
  page.emit({ type: 'paused', runId: page.runId(), step: 20 });
  page.emit({ type: 'kept', runId: page.runId(), step: 20, file: new Blob(['kept']) });
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  page.emit({ type: 'corpus', info: mobyDick });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });

  expect(page.workers[1].commands.at(-1)).toMatchObject({ type: 'start', paused: true });
});

test('a device that is lost three times within a minute is not asked for again by itself', () => {
  const page = lostPage();
  page.comeBack();
  page.lose();
  page.comeBack();
  expect(page.state()).toBe('training');
  page.lose();
  expect(page.state()).toBe('lost');
  expect(page.workers).toHaveLength(3);

  page.controller.toggle();
  page.comeBack();
  expect(page.state()).toBe('training');
  expect(page.workers[3].commands.at(-1)).toMatchObject({ type: 'start', from: expect.any(Blob) });
});

test('a run that cannot go on for want of an adapter or its text says so, and can be asked to go on again', () => {
  for (const event of [
    { type: 'adapter', state: 'no-adapter', message: 'none came back' },
    { type: 'corpus-failed', dataset: 'sample', message: 'no connection' },
  ] as const) {
    const page = lostPage();
    page.emit(event);
    const { phase, kept } = page.run.getState();
    expect(JSON.stringify(phase)).toContain(event.message);
    expect(kept!.step).toBe(20);

    page.controller.restart();
    page.comeBack();
    expect(page.state()).toBe('training');
    expect(page.workers.at(-1)!.commands.at(-1)).toMatchObject({ type: 'start', from: kept!.file });
  }
});

/** A run of another page, on enwik8. */
function otherRun(curves: ReturnType<typeof createCurvesStore>): AdoptedRun {
  const { config, preset } = decodeQuery('p=micro&ds=enwik8');
  const kept = { step: 5, file: new Blob(['kept elsewhere']) };
  return { config, preset, kept, metrics: curves.getState().metrics, text: null };
}

test('a run that has to wait for its text ends the one before at once', () => {
  const page = trainingPage();
  page.controller.adopt(otherRun(page.curves));
  expect(page.said().slice(-2)).toEqual(['use-enwik8', 'reset']);
  page.emit({ type: 'corpus', info: { ...mobyDick, dataset: 'enwik8' } });
  expect(page.workers[0].commands.at(-1)).toMatchObject({ type: 'start', from: expect.any(Blob) });
});

test('a run whose text is not downloaded after all does not go on with another', () => {
  const page = readyPage();
  const other = otherRun(page.curves);
  page.controller.adopt(other);
  page.controller.cancelDownload();
  page.emit({ type: 'calibration', speed: { secondsPerFlop: 1, secondsPerValue: 1, secondsPerDispatch: 1 } });
  expect(page.said()).not.toContain('start');
  expect(page.run.getState()).toMatchObject({ phase: { name: 'failed', failure: { kind: 'data' } }, kept: other.kept });

  page.controller.restart();
  expect(page.said()).toEqual(['probe', 'use-enwik8']);
});

test('a run of elsewhere goes on in a new worker where the device is lost', () => {
  const page = trainingPage();
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  page.controller.adopt(otherRun(page.curves));
  expect(page.workers).toHaveLength(2);
  expect(page.said()).toEqual(['probe', 'use-enwik8', 'reset']);
});

test('a device that is lost while there is no run is replaced without a word', () => {
  const page = trainingPage();
  const { runId } = page.run.getState();
  page.controller.reset();
  page.emit({ type: 'reset' });
  page.emit({ type: 'lost', runId, reason: 'unknown', message: '' });
  expect(page.workers).toHaveLength(2);
  expect(page.said()).toEqual(['probe', 'use-embedded']);
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  page.emit({ type: 'corpus', info: mobyDick });
  page.controller.train();
  expect(page.said().at(-1)).toBe('start');
});

test('a device that is lost again and again without a run is given up', () => {
  const page = readyPage();
  for (let count = 1; count <= 3; count++) {
    page.emit({ type: 'lost', runId: 0, reason: 'unknown', message: '' });
    if (count < 3) page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  }
  expect(page.workers).toHaveLength(3);
  expect(page.state()).toBe('limits');
});

test('Reset after a lost device has a new one for the next run', () => {
  const page = trainingPage();
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  page.controller.reset();
  expect(page.workers).toHaveLength(2);
  expect(page.said()).toEqual(['probe', 'use-embedded', 'reset']);
});

test('a run that failed goes on from where it was kept, when it is asked to', () => {
  const page = lostPage();
  page.comeBack();
  page.emit({ type: 'failed', runId: page.runId(), failure: { kind: 'internal', message: 'a defect' } });
  page.controller.restart();
  page.comeBack();

  expect(page.state()).toBe('training');
  expect(page.curves.getState().metrics.marks.at(-1)).toEqual({ step: 20, name: 'failed, on from 20' });
});

/** Opens a file of the visitor's, which the worker can read. */
async function openOwn(page: ReturnType<typeof openPage>, name: string): Promise<void> {
  await page.controller.openFile(new Blob([`all of ${name}`]), name);
  page.emit({ type: 'corpus', info: { ...mobyDick, dataset: 'own', name } });
}

test("a visitor's own file goes to the new worker as well", async () => {
  const page = readyPage();
  await openOwn(page, 'mine.txt');
  page.controller.restart();

  expect(page.workers[1].commands.at(-1)).toMatchObject({ type: 'use-file', name: 'mine.txt' });
});

test('the text of a run stays its own, whatever is opened meanwhile', async () => {
  const page = readyPage();
  await openOwn(page, 'mine.txt');
  page.controller.train();
  page.emit({ type: 'started', runId: page.runId(), ...FACTS });
  expect(page.controller.runText!.name).toBe('mine.txt');

  await page.controller.openFile(new Blob([]), 'empty.txt');
  page.emit({ type: 'corpus-failed', dataset: 'own', message: 'empty.txt is empty' });
  expect(page.controller.ownText!.name).toBe('mine.txt');
  await openOwn(page, 'other.txt');
  expect([page.controller.runText, page.controller.ownText].map((text) => text!.name)).toEqual([
    'mine.txt',
    'other.txt',
  ]);

  page.emit({ type: 'kept', runId: page.runId(), step: 20, file: new Blob(['kept']) });
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  expect(page.workers[1].commands.at(-1)).toMatchObject({ type: 'use-file', name: 'mine.txt' });
});

test('a run without a text of the visitor has none, although one was opened', async () => {
  const page = readyPage();
  await openOwn(page, 'mine.txt');
  page.controller.openSample();
  page.emit({ type: 'corpus', info: mobyDick });
  page.controller.train();
  expect(page.controller.runText).toBeNull();
});

test("the worker gets a copy of a visitor's file, unless another text is wanted by then", async () => {
  const page = readyPage();
  const file = new Blob(['text']);
  const opening = page.controller.openFile(file, 'mine.txt');
  page.controller.openSample();
  await opening;
  expect(page.said()).not.toContain('use-file');

  await page.controller.openFile(file, 'mine.txt');
  const given = page.workers[0].commands.find((command) => command.type === 'use-file')!;
  expect(given.file).not.toBe(file);
  expect([given.name, await given.file.text()]).toEqual(['mine.txt', 'text']);
});

test('a cancelled or failed download leaves the text that is there', () => {
  for (const end of ['cancel', 'fail']) {
    const page = readyPage();
    page.controller.openEnwik8();
    expect(page.config.getState().config.dataset).toBe('enwik8');
    if (end === 'cancel') page.controller.cancelDownload();
    else page.emit({ type: 'corpus-failed', dataset: 'enwik8', message: 'no connection' });

    expect(page.config.getState().config.dataset).toBe('sample');
    page.controller.train();
    expect(page.said().at(-1)).toBe('start');
  }
});

test('a text shorter than the context keeps a run from starting', () => {
  const page = openPage();
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  page.emit({ type: 'corpus', info: { ...mobyDick, validationBytes: 128 } });
  page.controller.train();

  expect(page.said()).not.toContain('start');
});

test('a worker that crashes is a failed run with what it said', () => {
  const page = trainingPage();
  page.workers[0].crash('RangeError: offset');

  expect(page.run.getState().phase).toEqual({
    name: 'failed',
    failure: { kind: 'internal', message: 'RangeError: offset' },
  });
});

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

test('listeners hear of events after the state has changed, until they stop listening', () => {
  const page = trainingPage();
  const heard: string[] = [];
  const stop = page.controller.listen((event) => heard.push(`${event.type} ${page.state()}`));
  page.emit({ type: 'paused', runId: page.runId(), step: 3 });
  stop();
  page.emit({ type: 'resumed', runId: page.runId() });
  expect(heard).toEqual(['paused paused']);
});

test('requests have numbers of their own, none of them 0', () => {
  const { controller } = trainingPage();
  const numbers = [controller.newRequestId(), controller.newRequestId(), controller.newRequestId()];
  expect(new Set([0, ...numbers]).size).toBe(4);
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
