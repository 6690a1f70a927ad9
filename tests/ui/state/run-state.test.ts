import { expect, test } from 'vitest';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { initialRunState, pageState, reduceRun } from '../../../src/ui/state/run-state.ts';
import type { RunState } from '../../../src/ui/state/run-state.ts';
import { gpuAdapter, mobyDick, softwareAdapter } from '../support/fake-worker.ts';

const running: RunState = { ...initialRunState, runId: 3, phase: { name: 'training' } };
const reduceAll = (state: RunState, ...events: WorkerEvent[]): RunState => events.reduce(reduceRun, state);

test('before a run the page is in the state of its adapter', () => {
  const states = [
    initialRunState,
    { ...initialRunState, adapter: { state: 'probing' as const } },
    reduceAll(initialRunState, { type: 'adapter', state: 'none', message: '' }),
    reduceAll(initialRunState, { type: 'adapter', state: 'no-adapter', message: '' }),
    reduceAll(initialRunState, { type: 'adapter', state: 'no-device', message: '', info: gpuAdapter }),
    reduceAll(initialRunState, { type: 'adapter', state: 'ready', info: gpuAdapter }),
    reduceAll(initialRunState, { type: 'adapter', state: 'ready', info: softwareAdapter }),
  ];

  expect(states.map(pageState)).toEqual(['boot', 'probing', 'none', 'no-adapter', 'limits', 'ready', 'software']);
});

test('a run goes through its phases', () => {
  const facts = { parameters: 1, flopsPerStep: 2, engineBytes: 3, pipelines: 4, dispatches: 5 };
  const events: WorkerEvent[] = [
    { type: 'compiling', runId: 3, done: 37, total: 52 },
    { type: 'started', runId: 3, ...facts },
    { type: 'paused', runId: 3, step: 8 },
    { type: 'resumed', runId: 3 },
    { type: 'done', runId: 3, step: 600 },
  ];
  let state = running;
  const seen = events.map((event) => {
    state = reduceRun(state, event);
    return pageState(state);
  });

  expect(seen).toEqual(['compiling', 'training', 'paused', 'training', 'done']);
  expect(state.model).toEqual(facts);
});

test('the kernels of the adapter are known whatever the run is at', () => {
  const kernels = {
    variants: 'products direct',
    replaced: ['Attention kernels by tiles differ.'],
    passedOver: [],
    wrong: [],
    remembered: true,
  };
  const state = reduceAll(running, { type: 'kernels', ...kernels }, { type: 'compiling', runId: 3, done: 0, total: 1 });

  expect(state.kernels).toEqual(kernels);
});

test('what went wrong is kept with its phase', () => {
  expect(
    reduceRun(running, {
      type: 'diverged',
      runId: 3,
      step: 31,
      lastFiniteStep: 30,
      rewindStep: 20,
      message: 'loss is NaN',
    }).phase,
  ).toEqual({ name: 'diverged', step: 31, lastFiniteStep: 30, rewindStep: 20, message: 'loss is NaN' });
  expect(reduceRun(running, { type: 'lost', runId: 3, reason: 'destroyed', message: 'gone' }).phase).toEqual({
    name: 'lost',
    reason: 'destroyed',
    message: 'gone',
    waits: false,
  });
  expect(
    reduceRun(running, { type: 'failed', runId: 3, failure: { kind: 'out-of-memory', message: 'logits' } }).phase,
  ).toEqual({ name: 'failed', failure: { kind: 'out-of-memory', message: 'logits' } });
});

test('a lost device is the end, whatever was under way still tells', () => {
  const facts = { parameters: 1, flopsPerStep: 2, engineBytes: 3, pipelines: 4, dispatches: 5 };
  const lost = reduceRun(running, { type: 'lost', runId: 3, reason: 'unknown', message: 'gone' });
  const late: WorkerEvent[] = [
    { type: 'compiling', runId: 3, done: 30, total: 52 },
    { type: 'started', runId: 3, ...facts },
    { type: 'resumed', runId: 3 },
    { type: 'paused', runId: 3, step: 8 },
    { type: 'done', runId: 3, step: 600 },
    { type: 'diverged', runId: 3, step: 8, lastFiniteStep: 7, rewindStep: null, message: 'loss is NaN' },
    { type: 'failed', runId: 3, failure: { kind: 'internal', message: 'There is no device to train on.' } },
    { type: 'crashed', message: '' },
  ];
  for (const event of late) expect(reduceRun(lost, event)).toBe(lost);
});

test('what was kept of steps that were undone is dropped', () => {
  const kept = { step: 20, file: new Blob(['kept']) };
  const state = reduceRun(running, { type: 'kept', runId: 3, ...kept });
  expect(state.kept).toEqual(kept);
  expect(reduceRun(state, { type: 'rewound', runId: 3, step: 20 }).kept).toEqual(kept);
  expect(reduceRun(state, { type: 'rewound', runId: 3, step: 19 }).kept).toBeNull();
});

test('a run that goes back takes the samples of later steps with it', () => {
  const sample = (step: number) => ({ step, prompt: Uint8Array.of(65), bytes: Uint8Array.of(66), done: true });
  const state = { ...running, samples: [30, 20, 10].map(sample) };
  const after = reduceRun(state, { type: 'rewound', runId: 3, step: 20 });
  expect(after.samples.map(({ step }) => step)).toEqual([20, 10]);
});

test('a run that stood still when its device was lost is to stand still again', () => {
  const waits = (phase: RunState['phase']): unknown =>
    reduceRun({ ...running, phase }, { type: 'lost', runId: 3, reason: 'unknown', message: '' }).phase;
  expect(waits({ name: 'training' })).toMatchObject({ waits: false });
  expect(waits({ name: 'paused' })).toMatchObject({ waits: true });
});

test('that there is no memory for a copy holds until there is one, that the storage is full until that takes one', () => {
  const kept = { type: 'kept', runId: 3, step: 20, file: new Blob(['kept']) } as const;
  const cause = { why: 'memory', message: 'no room' } as const;
  const without = reduceRun(running, { type: 'unkept', runId: 3, cause });
  expect(without.unkept).toEqual(cause);
  expect(reduceRun(without, kept).unkept).toBeNull();
  const full = { ...running, unkept: { why: 'storage' as const, message: 'full' } };
  expect(reduceRun(full, kept).unkept).toBe(full.unkept);
});

test('events of an earlier run change nothing', () => {
  const late: WorkerEvent[] = [
    { type: 'paused', runId: 2, step: 8 },
    { type: 'done', runId: 2, step: 8 },
    {
      type: 'sample',
      requestId: 0,
      runId: 2,
      step: 1,
      lastStep: 1,
      prompt: new Uint8Array(),
      bytes: new Uint8Array(),
      done: true,
    },
  ];

  for (const event of late) expect(reduceRun(running, event)).toBe(running);
});

test('a device that is lost ends the run, whichever run it had when that was told, and without one nothing', () => {
  const lost = { type: 'lost', runId: 2, reason: 'unknown', message: '' } as const;
  expect(reduceRun(running, lost).phase.name).toBe('lost');
  const idle: RunState = { ...running, phase: { name: 'idle' } };
  expect(reduceRun(idle, lost)).toBe(idle);
});

test('samples are kept newest first, one for each step, and no more than six', () => {
  const sample = (step: number, text: string): WorkerEvent => ({
    type: 'sample',
    requestId: 0,
    runId: 3,
    step,
    lastStep: step,
    prompt: new Uint8Array(),
    bytes: new TextEncoder().encode(text),
    done: true,
  });

  const state = reduceAll(running, ...[10, 20, 20, 30, 40, 50, 60, 70].map((step, at) => sample(step, `text ${at}`)));

  expect(state.samples.map(({ step }) => step)).toEqual([70, 60, 50, 40, 30, 20]);
  expect(new TextDecoder().decode(state.samples[5].bytes)).toBe('text 2');
});

test('a download shows until the text is there, and a text that nobody waits for any more changes nothing', () => {
  const loading: RunState = { ...initialRunState, textRequest: 2, loading: 'enwik8' };
  const downloading = reduceAll(
    loading,
    { type: 'corpus', requestId: 1, info: mobyDick },
    { type: 'download', requestId: 2, receivedBytes: 5, totalBytes: 10, bytesPerSecond: 1 },
  );

  expect(downloading.download).toEqual({ receivedBytes: 5, totalBytes: 10, bytesPerSecond: 1 });
  expect([downloading.loading, downloading.corpus]).toEqual(['enwik8', null]);

  const info = { ...mobyDick, dataset: 'enwik8' as const };
  const loaded = reduceRun(downloading, { type: 'corpus', requestId: 2, info });
  expect([loaded.loading, loaded.download, loaded.corpus?.dataset]).toEqual([null, null, 'enwik8']);
});

test('a failed text is reported while it is waited for, not after a cancel', () => {
  const failed: WorkerEvent = { type: 'corpus-failed', requestId: 1, dataset: 'enwik8', message: 'checksum' };

  expect(reduceRun({ ...initialRunState, textRequest: 1, loading: 'enwik8' }, failed).corpusFailure?.message).toBe(
    'checksum',
  );
  expect(reduceRun({ ...initialRunState, textRequest: 2 }, failed).corpusFailure).toBeNull();
});
