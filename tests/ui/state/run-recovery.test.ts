import { expect, onTestFinished, test, vi } from 'vitest';
import { editConfig } from '../../../src/ui/state/config-store.ts';
import { startBlocker } from '../../../src/ui/state/start-blocker.ts';
import { gpuAdapter, mobyDick, plausibleMetrics } from '../support/fake-worker.ts';
import { FACTS, lostPage, openPage, otherRun, readyPage, trainingPage } from '../support/run-page.ts';

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

test('a run that was lost before it was kept begins again with its own settings, and the form that was edited since stays', () => {
  for (const begin of ['restart', 'train', 'toggle'] as const) {
    const page = trainingPage();
    const { config, runId } = page.run.getState();
    page.emit({ type: 'metrics', batch: plausibleMetrics(runId, config!, 1, 5, 100) });
    page.choose('batchSize', '7');
    page.run.setState({ samples: [{ step: 3, prompt: Uint8Array.of(65), bytes: Uint8Array.of(66), done: true }] });
    page.emit({ type: 'blown-up', runId, blowUp: { wellUntil: 3, best: 2.5, rewindStep: null } });
    page.emit({ type: 'lost', runId, reason: 'unknown', message: '' });
    page.controller[begin]();
    expect(page.run.getState()).toMatchObject({ blowUp: null, samples: [] });
    page.emit({ type: 'corpus', info: mobyDick });
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    expect(page.workers[1].commands.at(-1)).toEqual({ type: 'start', runId, config, paused: false, from: null });
    expect(page.config.getState().config.training.batchSize).toBe(7);
    expect(page.curves.getState().metrics.madeSteps).toBe(0);
  }
});

test('a run that goes on from what was kept of it takes the samples of later steps with it', () => {
  const page = trainingPage();
  const sample = (step: number) => ({ step, prompt: Uint8Array.of(65), bytes: Uint8Array.of(66), done: true });
  const kept = { step: 20, file: new Blob(['kept']) };
  page.run.setState({ kept, samples: [30, 20].map(sample) });
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  expect(page.state()).toBe('compiling');
  expect(page.run.getState().samples.map(({ step }) => step)).toEqual([20]);
});

test('a run that was lost before it was kept and finds no text can be asked to begin again', () => {
  const page = trainingPage();
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  page.controller.restart();
  page.emit({ type: 'corpus-failed', dataset: 'sample', message: 'offline' });
  expect(page.run.getState().phase).toMatchObject({ name: 'failed', failure: { kind: 'data', message: 'offline' } });
  page.controller.restart();
  page.emit({ type: 'corpus', info: mobyDick });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  expect(page.said().at(-1)).toBe('start');
});

test('where the worker crashed before there was a run, the one that is started in a new one is of the form', () => {
  const page = readyPage();
  page.emit({ type: 'crashed', message: 'no script' });
  page.controller.restart();
  page.emit({ type: 'corpus', info: mobyDick });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  expect(page.workers[1].commands.at(-1)).toMatchObject({ type: 'start', config: page.config.getState().config });
});

test('a worker that did not load is said to be the obstacle, and loaded again it trains nothing unasked', () => {
  const page = openPage();
  page.emit({ type: 'crashed', message: 'no script' });
  expect(startBlocker(page.config.getState(), page.run.getState())?.reason).toBe('The engine is not loaded.');

  page.controller.reset();
  expect(page.state()).toBe('probing');
  page.emit({ type: 'corpus', info: mobyDick });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  expect(page.workers).toHaveLength(2);
  expect(page.said()).not.toContain('start');
  expect(page.state()).toBe('ready');
});

test('a browser that has not answered about its GPU after ten seconds is late, until it answers', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const page = openPage();
  vi.advanceTimersByTime(9000);
  expect(page.run.getState().adapter).toEqual({ state: 'probing' });
  vi.advanceTimersByTime(2000);
  expect(page.run.getState().adapter).toEqual({ state: 'probing', late: true });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  expect(page.state()).toBe('ready');

  const quick = readyPage();
  vi.advanceTimersByTime(11_000);
  expect(quick.state()).toBe('ready');
});

test('a run that follows one whose worker crashed begins in a new worker', () => {
  for (const begin of ['train', 'startOver', 'reset'] as const) {
    const page = trainingPage();
    page.emit({ type: 'crashed', message: 'no script' });
    page.controller[begin]();
    expect(page.workers, begin).toHaveLength(2);
  }
});

test('a start that crosses the loss of the device is a lost run, and Train asks for a new device', () => {
  const page = readyPage();
  page.controller.train();
  page.emit({ type: 'lost', runId: page.runId() - 1, reason: 'unknown', message: '' });
  const failure = { kind: 'internal', message: 'There is no device to train on.' } as const;
  page.emit({ type: 'failed', runId: page.runId(), failure });
  expect(page.state()).toBe('lost');
  page.controller.train();
  expect(page.workers).toHaveLength(2);
});

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
  expect(metrics.marks).toEqual([{ step: 20, name: 'GPU lost, on from 20' }]);
});

test('who has something to say to a run that is built again says it to the new worker', () => {
  const page = trainingPage();
  page.run.subscribe(({ phase }, before) => {
    if (phase.name === 'compiling' && before.phase.name !== 'compiling') {
      page.worker.send({ type: 'watch', text: null });
    }
  });
  page.emit({ type: 'kept', runId: page.runId(), step: 20, file: new Blob(['kept']) });
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  expect(page.said()).toEqual(['probe', 'use-embedded', 'watch']);
});

test('a worker that begins while nobody sees the page is told so', () => {
  const page = trainingPage();
  expect(page.said()).not.toContain('visibility');
  page.shown.hidden = true;
  page.worker.tellVisibility();
  page.emit({ type: 'kept', runId: page.runId(), step: 20, file: new Blob(['kept']) });
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  expect(page.workers[1].commands).toContainEqual({ type: 'visibility', hidden: true });
});

test('a run that goes on keeps its configuration, whatever the form says by now', () => {
  const page = trainingPage();
  const { config } = page.run.getState();
  page.emit({ type: 'kept', runId: page.runId(), step: 20, file: new Blob(['kept']) });
  editConfig(page.config, (old) => ({ ...old, dataset: 'enwik8', model: { ...old.model, depth: 1 } }));
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  page.emit({ type: 'corpus', info: mobyDick });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });

  expect(page.said()).toEqual(['probe', 'use-embedded', 'take-text', 'start']);
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

test('a paused run whose device is lost again before it stands is paused all the same', () => {
  const page = lostPage();
  page.comeBack();
  page.emit({ type: 'paused', runId: page.runId(), step: 20 });
  page.lose();
  page.emit({ type: 'corpus', info: mobyDick });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  page.lose();
  expect(page.state()).toBe('lost');
  page.controller.restart();
  page.comeBack();
  expect(page.workers).toHaveLength(4);
  expect(page.workers[3].commands.at(-1)).toMatchObject({ type: 'start', paused: true });
});

test('a run that stood and trains again by the time its device is lost trains on', () => {
  const page = trainingPage();
  page.emit({ type: 'paused', runId: page.runId(), step: 20 });
  page.emit({ type: 'kept', runId: page.runId(), step: 20, file: new Blob(['kept']) });
  const loseAndBuild = (): void => {
    page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
    page.emit({ type: 'corpus', info: mobyDick });
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  };
  loseAndBuild();
  page.emit({ type: 'started', runId: page.runId(), ...FACTS });
  page.emit({ type: 'paused', runId: page.runId(), step: 20 });
  page.emit({ type: 'resumed', runId: page.runId() });
  loseAndBuild();
  expect(page.workers[2].commands.at(-1)).toMatchObject({ type: 'start', paused: false });
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

test('a run whose text or adapter does not come back is not started again by one that comes later', () => {
  for (const event of [
    { type: 'corpus-failed', dataset: 'sample', message: 'offline' },
    { type: 'adapter', state: 'no-adapter', message: 'none came back' },
    { type: 'crashed', message: 'no script' },
  ] as const) {
    const page = trainingPage();
    page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
    page.controller.restart();
    page.emit(event);
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    page.texts.open('sample');
    page.emit({ type: 'corpus', info: mobyDick });
    expect(page.said()).not.toContain('start');
  }
});

test('a run of the form that could not start when all was there does not start when the form is mended', () => {
  const page = trainingPage();
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  page.controller.startOver();
  page.choose('batchSize', '0');
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  page.emit({ type: 'corpus', info: mobyDick });
  page.choose('batchSize', '4');
  page.emit({
    type: 'calibration',
    speed: { secondsPerFlop: 1, secondsPerValue: 1, secondsPerDispatch: 1, sharesDispatches: false },
  });
  expect(page.said()).not.toContain('start');
});

test('a run that is to start again does so also when the new device is lost before that', () => {
  const page = trainingPage();
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  page.controller.restart();
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  expect(page.workers).toHaveLength(3);
  page.emit({ type: 'corpus', info: mobyDick });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  expect(page.said()).toEqual(['probe', 'use-embedded', 'take-text', 'start']);
});

test('a run that is to start again gives up with the device that is lost again and again', () => {
  const page = trainingPage();
  const lose = (): void => page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  lose();
  page.controller.restart();
  for (let count = 1; count <= 3; count++) {
    page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
    lose();
  }
  page.emit({ type: 'corpus', info: mobyDick });
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  expect(page.workers).toHaveLength(4);
  expect(page.said()).not.toContain('start');
});

test('a run of elsewhere goes on in a new worker where the device is lost', () => {
  const page = trainingPage();
  page.emit({ type: 'lost', runId: page.runId(), reason: 'unknown', message: '' });
  page.controller.adopt(otherRun(page.curves));
  expect(page.workers).toHaveLength(2);
  expect(page.said()).toEqual(['probe', 'use-enwik8', 'reset']);
  expect(page.address.entries).toBe(2);
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
  expect(page.run.getState().adapter).toMatchObject({ state: 'no-device', lost: true });

  page.controller.askAgain();
  expect(page.said()).toEqual(['probe', 'use-embedded']);
  page.emit({ type: 'adapter', state: 'ready', info: gpuAdapter });
  page.emit({ type: 'corpus', info: mobyDick });
  page.controller.train();
  expect(page.said().at(-1)).toBe('start');
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
