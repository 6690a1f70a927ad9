import { beforeEach, expect, test, vi } from 'vitest';
import { makeCorpus } from '../../src/data/corpus.ts';
import { Gpu, OutOfMemoryError } from '../../src/gpu/device.ts';
import type { Command } from '../../src/protocol/commands.ts';
import type { WeightsFile } from '../../src/protocol/first-weights.ts';
import type { WorkerEvent } from '../../src/protocol/events.ts';
import { KernelMemory } from '../../src/train/kernels/kernel-memory.ts';
import { Trainer, type TrainerOptions } from '../../src/train/trainer.ts';
import { writeModel, type Checkpoint } from '../../src/train/saving/checkpoint.ts';
import { WeightsError } from '../../src/train/saving/first-weights.ts';
import { RunHost } from '../../src/worker/run-host.ts';
import { emptyCheckpoint } from '../support/empty-checkpoint.ts';
import { textInMemory } from '../support/text-in-memory.ts';
import { tinyRun } from '../support/tiny-model.ts';

const corpus = makeCorpus('words', new TextEncoder().encode('the whale swam under the ship '.repeat(40)));
const lossOfDevice = { reason: 'unknown', message: 'gone' };

/** A run that is being built, until the test says what has come of it. */
interface Build {
  options: TrainerOptions;
  finish(): void;
  fail(error: unknown): void;
  trainer: ReturnType<typeof fakeTrainer>;
}

let builds: Build[];

function fileOf(run: Partial<Checkpoint>): WeightsFile {
  return { name: 'the whale', file: new Blob(writeModel(emptyCheckpoint(run))) };
}

/** What a host asks of a run. */
function fakeTrainer() {
  return {
    stop: vi.fn<Trainer['stop']>(() => Promise.resolve()),
    watch: vi.fn<Trainer['watch']>(),
    show: vi.fn<Trainer['show']>(),
    resume: vi.fn<Trainer['resume']>(() => Promise.resolve()),
    breakOff: vi.fn<Trainer['breakOff']>(),
    sample: vi.fn<Trainer['sample']>(() => Promise.resolve()),
    score: vi.fn<Trainer['score']>(() => Promise.resolve()),
    inspect: vi.fn<Trainer['inspect']>(() => Promise.resolve()),
  };
}

/** Lets everything happen that waits for nothing but promises. */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** A host with an adapter, what it told, and a way to lose the device. */
async function openHost() {
  let lose: (loss: typeof lossOfDevice) => void = () => {};
  const isLost = vi.fn<() => Promise<boolean>>(() => Promise.resolve(false));
  const gpu = {
    isLost,
    lost: new Promise((resolve) => {
      lose = resolve;
    }),
    limits: { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 },
    info: { features: [], subgroupMatrices: [] },
  } as unknown as Gpu;
  vi.spyOn(Gpu, 'open').mockResolvedValue(gpu);
  const told: WorkerEvent[] = [];
  const memory = new KernelMemory(textInMemory(), () => 'a browser');
  const host = new RunHost((event) => told.push(event), memory);
  await host.probe();
  const start = (runId: number, weights?: WeightsFile): void => {
    const command: Extract<Command, { type: 'start' }> = {
      type: 'start',
      runId,
      config: tinyRun(),
      paused: false,
      from: null,
      weights,
    };
    void host.start(command, corpus);
  };
  const lost = async (): Promise<void> => {
    lose(lossOfDevice);
    await rest();
  };
  return { host, gpu, told, start, lost, isLost, types: () => told.map(({ type }) => type) };
}

beforeEach(() => {
  builds = [];
  vi.stubGlobal('navigator', { gpu: {} });
  vi.spyOn(Trainer, 'create').mockImplementation(
    (options) =>
      new Promise<Trainer>((resolve, reject) => {
        const trainer = fakeTrainer();
        const finish = (): void => resolve({ ...trainer, step: 0 } as unknown as Trainer);
        builds.push({ options, finish, fail: reject, trainer });
      }),
  );
  return () => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  };
});

test('a run trains as soon as it is built', async () => {
  const { start } = await openHost();
  start(1);
  await rest();
  builds[0].finish();
  await rest();
  expect(builds[0].trainer.resume).toHaveBeenCalledOnce();
  expect(builds[0].trainer.stop).not.toHaveBeenCalled();
});

test('a passage that is watched is so in the next run as well, and a hidden page in none', async () => {
  const { host, start } = await openHost();
  const passage = Uint8Array.of(65);
  host.watch(passage);
  host.show(false);
  for (const run of [0, 1]) {
    start(run + 1);
    await rest();
    builds[run].finish();
    await rest();
    expect(builds[run].trainer.watch).toHaveBeenCalledWith(passage);
    expect(builds[run].trainer.show).toHaveBeenCalledWith(false);
  }
});

test('a run gets the weights of a file to begin with, under the name that the page has for their run', async () => {
  const { start, told } = await openHost();
  const weights = new Map([['w', { shape: [2], data: Float32Array.of(1, 2) }]]);
  start(1, fileOf({ config: tinyRun({ training: { seed: 9 } }), weights, name: 'another' }));
  await vi.waitFor(() => expect(builds).toHaveLength(1));
  const given = builds[0].options.weights!;
  expect(given).toMatchObject({ of: { name: 'the whale', step: 5 }, values: weights });
  expect(builds[0].options.from).toBeUndefined();
  expect(told.map(({ type }) => type)).toEqual(['adapter']);
});

test.each([
  [
    'of another model',
    fileOf({ config: tinyRun({ model: { depth: 3 } }) }),
    /^The weights of the whale: trained with depth 3, the configuration has 1\.$/,
  ],
  ['that is no run', { name: 'the whale', file: new Blob(['words']) }, /^The weights of the whale: safetensors: .*\.$/],
])('a run is not built with weights %s, and says why', async (_, weights, message) => {
  const { start, told } = await openHost();
  start(1, weights);
  await vi.waitFor(() => expect(told).toHaveLength(2));
  const failure = { kind: 'invalid', message: expect.stringMatching(message) };
  expect(told[1]).toEqual({ type: 'failed', runId: 1, failure });
  expect(builds).toHaveLength(0);
});

test('weights whose arrays turn out to be others are a mistake in what was asked for, and no defect', async () => {
  const { start, told } = await openHost();
  start(1);
  await rest();
  builds[0].fail(new WeightsError('The weights are not those of the model: w: missing, needs [2].'));
  await rest();
  expect(told.at(-1)).toMatchObject({ type: 'failed', failure: { kind: 'invalid' } });
});

test('starts and resets that come quickly build one run at a time, and only those that are still wanted', async () => {
  const { host, start, told } = await openHost();
  start(1);
  await rest();
  for (const runId of [2, 3, 4]) {
    void host.reset();
    start(runId);
    await rest();
  }
  expect(builds.map(({ options }) => options.runId)).toEqual([1]);
  expect(builds[0].options.signal!.aborted).toBe(true);
  builds[0].fail(builds[0].options.signal!.reason);
  await rest();
  expect(builds.map(({ options }) => options.runId)).toEqual([1, 4]);
  expect(told.map(({ type }) => type)).toEqual(['adapter', 'reset', 'reset', 'reset']);
});

test('a run is not built before the memory of the one before is free', async () => {
  const { host, start } = await openHost();
  start(1);
  await rest();
  builds[0].finish();
  await rest();
  let freed = (): void => {};
  const stopping = new Promise<void>((resolve) => {
    freed = resolve;
  });
  builds[0].trainer.stop.mockReturnValue(stopping);
  void host.reset();
  start(2);
  await rest();
  expect(builds).toHaveLength(1);
  freed();
  await rest();
  expect(builds).toHaveLength(2);
});

test('a run whose device is lost while it is built is given up, and never trains', async () => {
  const { start, lost, told, types } = await openHost();
  start(1);
  await rest();
  await lost();
  expect(builds[0].options.signal!.aborted).toBe(true);
  builds[0].finish();
  await rest();
  expect(builds[0].trainer.resume).not.toHaveBeenCalled();
  expect(builds[0].trainer.stop).toHaveBeenCalledOnce();
  expect(types()).toEqual(['adapter', 'lost']);
  expect(told.at(-1)).toEqual({ type: 'lost', runId: 1, ...lossOfDevice });
});

test('what fails because the device is lost is no failure of the run', async () => {
  const { start, lost, types } = await openHost();
  start(1);
  await rest();
  await lost();
  builds[0].fail(new Error('the device is lost'));
  await rest();
  expect(types()).toEqual(['adapter', 'lost']);
});

test('a run whose device is lost stops, so that it answers to nothing any more', async () => {
  const { host, start, lost } = await openHost();
  start(1);
  await rest();
  builds[0].finish();
  await rest();
  await lost();
  expect(host.trainer).toBeNull();
  expect(builds[0].trainer.stop).toHaveBeenCalledOnce();
});

test('a text that fails because the device is lost is no crash', async () => {
  const { host, start, isLost } = await openHost();
  start(1);
  await rest();
  builds[0].finish();
  await rest();
  builds[0].trainer.sample.mockRejectedValue(new Error('a buffer could not be mapped'));
  const request = { prompt: Uint8Array.of(65), length: 5, temperature: 1, topK: 1, seed: 0 };
  const sample = () => host.sample({ type: 'sample', requestId: 7, ...request });
  await expect(sample()).rejects.toThrow('a buffer could not be mapped');
  isLost.mockResolvedValue(true);
  await expect(sample()).resolves.toBeUndefined();
  expect(builds[0].trainer.sample).toHaveBeenLastCalledWith(7, expect.objectContaining(request));
});

test('a text that there is no memory for is told of, and the run goes on', async () => {
  const { host, start, told } = await openHost();
  start(4);
  await rest();
  builds[0].finish();
  await rest();
  const { sample } = builds[0].trainer;
  sample.mockRejectedValue(new OutOfMemoryError('text: the adapter has not enough memory'));
  const request = { prompt: Uint8Array.of(65), length: 5, temperature: 1, topK: 1, seed: 0, muted: 1 };
  await host.sample({ type: 'sample', requestId: 7, ...request });
  expect(sample).toHaveBeenLastCalledWith(7, expect.objectContaining({ muted: 1 }));
  const message = 'text: the adapter has not enough memory';
  expect(told.slice(1)).toEqual([{ type: 'sample-failed', requestId: 7, runId: 4, message }]);
});

test('a score that fails is told of with its run, but not where the device is lost', async () => {
  const { host, start, told, isLost } = await openHost();
  await host.score();
  start(3);
  await rest();
  builds[0].finish();
  await rest();
  builds[0].trainer.score.mockRejectedValue(new Error('test part: given 5 bytes, needs at least 17'));
  await host.score();
  const failed = { type: 'score-failed', runId: 3, message: 'test part: given 5 bytes, needs at least 17' };
  expect(told.slice(1)).toEqual([failed]);
  isLost.mockResolvedValue(true);
  await host.score();
  expect(told.slice(1)).toEqual([failed]);
});

test('a passage that cannot be read is told of with its run, but not where the device is lost', async () => {
  const { host, start, told, isLost } = await openHost();
  start(3);
  await rest();
  builds[0].finish();
  await rest();
  builds[0].trainer.inspect.mockRejectedValue(new Error("Failed to execute 'mapAsync'"));
  const inspect = () => host.inspect(7, Uint8Array.of(65), true);
  await inspect();
  const failed = { type: 'inspection-failed', requestId: 7, runId: 3, message: "Failed to execute 'mapAsync'" };
  expect(told.slice(1)).toEqual([failed]);
  isLost.mockResolvedValue(true);
  await inspect();
  expect(told.slice(1)).toEqual([failed]);
});

test('a run that is started on a device that is lost already has lost it, too', async () => {
  const { start, lost, told } = await openHost();
  await lost();
  start(2);
  await rest();
  expect(builds).toEqual([]);
  expect(told.at(-1)).toEqual({ type: 'lost', runId: 2, ...lossOfDevice });
});

test('an error that nothing expected breaks off the run that trains, or the one that is built', async () => {
  const { gpu, start, told } = await openHost();
  start(1);
  await rest();
  builds[0].finish();
  await rest();
  gpu.onError('a buffer is too small');
  expect(builds[0].trainer.breakOff).toHaveBeenCalledExactlyOnceWith('a buffer is too small');

  start(2);
  await rest();
  gpu.onError('a buffer is too small');
  expect(builds[1].options.signal!.aborted).toBe(true);
  const failure = { kind: 'internal', message: 'a buffer is too small' };
  expect(told.slice(1)).toEqual([{ type: 'failed', runId: 2, failure }]);
});
