import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { presetConfig } from '../../../src/config/presets.ts';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { writeCheckpoint } from '../../../src/train/checkpoint.ts';
import { createConfigStore } from '../../../src/ui/state/config-store.ts';
import { createCurvesStore } from '../../../src/ui/state/curves.ts';
import { LastRun, type RunStorage, type StoredRun } from '../../../src/ui/state/last-run.ts';
import { historyOf, metricsOf } from '../../../src/ui/state/run-history.ts';
import type { AdoptedRun, OwnText } from '../../../src/ui/state/run-controller.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import { initialRunState, type RunState } from '../../../src/ui/state/run-state.ts';
import { emptyCheckpoint } from '../../support/empty-checkpoint.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';

const config = { ...presetConfig('micro'), dataset: 'own' as const };

class FakeStorage implements RunStorage {
  run: StoredRun | undefined;
  async read() {
    return structuredClone(this.run);
  }
  async write(run: StoredRun) {
    this.run = structuredClone(run);
  }
  async forget() {
    this.run = undefined;
  }
}

function someMetrics(): RunMetrics {
  const metrics = new RunMetrics();
  metrics.append(plausibleMetrics(4, config, 1, 25, 100), config.model);
  metrics.appendValidation(10, 6.5, [null, 0.4]);
  metrics.appendValidation(20, 5.5, [null, 0.3]);
  metrics.marks.push({ step: 12, name: 'device lost, on from 12' });
  return metrics;
}

/** A page at a storage, with a run of its own. */
function openPage(storage: RunStorage, { ownText = null, now = 0 }: { ownText?: OwnText | null; now?: number } = {}) {
  const run = createStore<RunState>(() => ({ ...initialRunState, runId: 4, config }));
  const curves = createCurvesStore();
  curves.setState({ metrics: someMetrics() });
  const adopted: AdoptedRun[] = [];
  let emit: (event: WorkerEvent) => void = () => {};
  const controller = {
    ownText,
    adopt: (other: AdoptedRun) => void adopted.push(other),
    listen: (listener: typeof emit) => {
      emit = listener;
      return () => {};
    },
  };
  const lastRun = new LastRun({
    storage,
    run,
    form: createConfigStore('micro', config, true),
    curves,
    controller,
    now: () => now,
  });
  return { lastRun, run, adopted, emit: (event: WorkerEvent) => emit(event) };
}

const kept = { type: 'kept', runId: 4, step: 20, file: new Blob(['all of it']) } as const;

test('a run that was kept is offered at the next visit and goes on there with its text and its curves', async () => {
  const storage = new FakeStorage();
  const text = { file: new Blob(['a text']), name: 'mine.txt' };
  openPage(storage, { ownText: text }).emit(kept);
  await vi.waitFor(() => expect(storage.run).toBeDefined());

  const next = openPage(storage, { now: 60_000 });
  await next.lastRun.open();
  expect(next.run.getState().earlier).toEqual({ step: 20, steps: config.training.steps, from: { age: 60 } });
  next.lastRun.goOn();
  expect(next.run.getState().earlier).toBeNull();
  const [other] = next.adopted;
  expect(other).toMatchObject({ config, preset: 'micro' });
  expect(other.kept.step).toBe(20);
  expect(await other.kept.file.text()).toBe('all of it');
  expect(other.text!.name).toBe('mine.txt');
  expect(other.metrics.lastStep).toBe(20);
});

test('what a run has measured is the same after it was stored, and can be added to', () => {
  const metrics = someMetrics();
  const again = metricsOf(structuredClone(historyOf(metrics)), config.model);
  expect(again).toEqual(metrics);
  for (const each of [metrics, again]) each.append(plausibleMetrics(4, config, 26, 30, 100), config.model);
  expect(again).toEqual(metrics);
});

test('a run that is reset, or given up, is offered no more', async () => {
  const storage = new FakeStorage();
  for (const giveUp of ['reset', 'forget']) {
    const page = openPage(storage);
    page.emit(kept);
    await vi.waitFor(() => expect(storage.run).toBeDefined());
    if (giveUp === 'reset') page.emit({ type: 'reset' });
    else {
      await page.lastRun.open();
      await page.lastRun.decline();
    }
    expect(storage.run).toBeUndefined();
  }
});

/** A file of a run of `config`, after 9 steps. */
function runFile(dataset: 'own' | 'sample'): File {
  const parts = writeCheckpoint(emptyCheckpoint({ step: 9, config: { ...config, dataset } }));
  return new File(parts, 'run.safetensors');
}

test('the run of a file is offered, and what is stored stays', async () => {
  const storage = new FakeStorage();
  const page = openPage(storage);
  page.emit(kept);
  await vi.waitFor(() => expect(storage.run).toBeDefined());
  await page.lastRun.offer(runFile('sample'));
  expect(page.run.getState().earlier).toMatchObject({ step: 9, from: { file: 'run.safetensors' } });
  page.lastRun.goOn();

  expect(page.adopted[0]).toMatchObject({ config: { ...config, dataset: 'sample' }, kept: { step: 9 }, text: null });
  await page.lastRun.offer(runFile('sample'));
  await page.lastRun.decline();
  expect(page.run.getState().earlier).toBeNull();
  expect(storage.run!.step).toBe(20);
});

test('a file that is no run, or whose text is not there, is refused by its name and the reason', async () => {
  const page = openPage(new FakeStorage());
  await page.lastRun.offer(new File(['no run'], 'notes.safetensors'));
  expect(page.run.getState().runFileFailure).toBe('notes.safetensors: it is no safetensors file.');
  await page.lastRun.offer(runFile('own'));
  expect(page.run.getState().runFileFailure).toBe('run.safetensors: open its text first: words.');
  page.lastRun.closeFailure();
  expect(page.run.getState().runFileFailure).toBeNull();
});

test('closing what was wrong with a file leaves the run of an earlier visit', async () => {
  const storage = new FakeStorage();
  openPage(storage).emit(kept);
  await vi.waitFor(() => expect(storage.run).toBeDefined());
  const next = openPage(storage);
  await next.lastRun.open();
  await next.lastRun.offer(new File(['no run'], 'notes.safetensors'));
  next.lastRun.closeFailure();

  expect(next.run.getState().earlier).toMatchObject({ step: 20 });
  expect(storage.run!.step).toBe(20);
});

test('a run of an earlier visit is offered no more once another is kept in its place, or a reset gave it up', async () => {
  for (const event of [{ ...kept, step: 3 }, { type: 'reset' }] as const) {
    const storage = new FakeStorage();
    openPage(storage).emit(kept);
    await vi.waitFor(() => expect(storage.run).toBeDefined());
    const next = openPage(storage);
    await next.lastRun.open();
    next.emit(event);

    expect(next.run.getState().earlier).toBeNull();
    next.lastRun.goOn();
    expect(next.adopted).toEqual([]);
  }
});

test('what another run had to say is not kept', async () => {
  const storage = new FakeStorage();
  openPage(storage).emit({ ...kept, runId: 3 });
  await Promise.resolve();
  expect(storage.run).toBeUndefined();
});

test('without storage there is nothing to offer, and nothing fails', async () => {
  const broken: RunStorage = {
    read: () => Promise.reject(new Error('blocked')),
    write: () => Promise.reject(new Error('full')),
    forget: () => Promise.reject(new Error('blocked')),
  };
  const page = openPage(broken);
  await page.lastRun.open();
  page.emit(kept);
  await page.lastRun.decline();
  expect(page.run.getState().earlier).toBeNull();
});

test('a run whose configuration cannot be read any more is not offered', async () => {
  const storage = new FakeStorage();
  openPage(storage).emit(kept);
  await vi.waitFor(() => expect(storage.run).toBeDefined());
  storage.run!.query += '&zz=1';
  const next = openPage(storage);
  await next.lastRun.open();
  expect(next.run.getState().earlier).toBeNull();
});
