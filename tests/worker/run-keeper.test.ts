import { beforeEach, expect, test, vi } from 'vitest';
import { OutOfMemoryError } from '../../src/gpu/device.ts';
import type { WorkerEvent } from '../../src/protocol/events.ts';
import { readCheckpoint, type Checkpoint } from '../../src/train/saving/checkpoint.ts';
import type { Trainer } from '../../src/train/trainer.ts';
import { RunKeeper } from '../../src/worker/run-keeper.ts';
import { emptyCheckpoint } from '../support/empty-checkpoint.ts';

const metrics = { type: 'metrics' } as WorkerEvent;
const paused: WorkerEvent = { type: 'paused', runId: 7, step: 5 };

/** A keeper, what it told, and a run of so many parameters that it can follow. */
function keeping({
  parameters = 1000,
  step = 5,
  goesWell = true,
  hasBlownUp = false,
  save = async () => emptyCheckpoint({ step }),
} = {}) {
  const told: WorkerEvent[] = [];
  const keeper = new RunKeeper((event) => told.push(event));
  const trainer = { parameters, step, goesWell, hasBlownUp, save } as unknown as Trainer;
  const follow = async (event: WorkerEvent): Promise<void> => {
    keeper.follow(event, trainer, 7);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { told, keeper, trainer, follow };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  return () => vi.useRealTimers();
});

test('a run that stands still is kept, as a file that can be read again', async () => {
  const { told, follow } = keeping();
  await follow(paused);

  expect(told).toEqual([{ type: 'kept', runId: 7, step: 5, file: expect.any(Blob) }]);
  const [{ file }] = told as Extract<WorkerEvent, { type: 'kept' }>[];
  expect(readCheckpoint(await file.arrayBuffer())).toEqual(emptyCheckpoint());
});

test('a run that trains is kept every twenty seconds, and sooner at its beginning', async () => {
  const { told, follow } = keeping();
  const kept: number[] = [];
  vi.advanceTimersByTime(100_000);
  await follow({ type: 'resumed', runId: 7 });
  for (let second = 1; second <= 60; second++) {
    vi.advanceTimersByTime(1000);
    const before = told.length;
    await follow(metrics);
    if (told.length > before) kept.push(second);
  }
  expect(kept).toEqual([2, 5, 10, 30, 50]);
});

test('the next run is kept early, too', async () => {
  const { told, keeper, trainer, follow } = keeping();
  for (let times = 0; times < 5; times++) await follow(paused);
  keeper.follow({ type: 'resumed', runId: 8 }, trainer, 8);
  vi.advanceTimersByTime(2000);
  keeper.follow(metrics, trainer, 8);
  await vi.advanceTimersByTimeAsync(0);
  expect(told.at(-1)).toMatchObject({ type: 'kept', runId: 8 });
});

test('a run that does not go well takes the place of what was kept before only when it stands still', async () => {
  const { told, keeper, trainer, follow } = keeping({ goesWell: false });
  await follow(metrics);
  vi.advanceTimersByTime(30_000);
  await follow(metrics);
  // As when the page is hidden.
  await keeper.keep(trainer, 7);
  expect(told).toEqual([]);
  await follow(paused);
  expect(told).toHaveLength(1);
});

test('a run that has blown up takes that place only at its end', async () => {
  const { told, follow } = keeping({ goesWell: false, hasBlownUp: true });
  await follow(paused);
  expect(told).toEqual([]);
  await follow({ type: 'done', runId: 7, step: 5 });
  expect(told).toHaveLength(1);
});

test('a run that went back is kept at once', async () => {
  const { told, follow } = keeping();
  await follow({ type: 'rewound', runId: 7, step: 5 });
  expect(told).toMatchObject([{ type: 'kept', step: 5 }]);
});

test('a run that turns out to go wrong while it is copied is kept as soon as it goes well again', async () => {
  const run = { parameters: 1000, step: 5, goesWell: true, save };
  async function save(): Promise<Checkpoint> {
    run.goesWell = run.step > 5;
    return emptyCheckpoint({ step: run.step });
  }
  const told: WorkerEvent[] = [];
  const keeper = new RunKeeper((event) => told.push(event));
  const follow = async (): Promise<void> => {
    keeper.follow(metrics, run as unknown as Trainer, 7);
    await vi.advanceTimersByTimeAsync(0);
  };
  await follow();
  vi.advanceTimersByTime(20_000);
  await follow();
  expect(told).toEqual([]);
  Object.assign(run, { step: 6, goesWell: true });
  await follow();
  expect(told).toMatchObject([{ type: 'kept', step: 6 }]);
});

test('a large run is kept less often', async () => {
  const { told, follow } = keeping({ parameters: 20e6 });
  await follow(metrics);
  for (const seconds of [30, 29, 2]) {
    vi.advanceTimersByTime(1000 * seconds);
    await follow(metrics);
    expect(told).toHaveLength(seconds === 2 ? 1 : 0);
  }
});

test('a run that comes to stand while a copy is under way is kept again where it stands, unless the copy is of there', async () => {
  const copies: (() => void)[] = [];
  const run = { parameters: 1000, step: 100, save };
  async function save(): Promise<Checkpoint> {
    const { step } = run;
    await new Promise<void>((resolve) => copies.push(resolve));
    return emptyCheckpoint({ step });
  }
  const told: WorkerEvent[] = [];
  const keeper = new RunKeeper((event) => told.push(event));
  const trainer = run as unknown as Trainer;
  const finishCopy = async (): Promise<void> => {
    copies.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  void keeper.keep(trainer, 7, true);
  run.step = 117;
  keeper.follow(paused, trainer, 7);
  expect(copies).toHaveLength(1);
  await finishCopy();
  expect(copies).toHaveLength(1);
  keeper.follow(paused, trainer, 7);
  await finishCopy();

  expect(told.map((event) => event.type === 'kept' && event.step)).toEqual([100, 117]);
  expect(copies).toEqual([]);
});

test('a run that has not begun is not kept', async () => {
  const fresh = keeping({ step: 0 });
  await fresh.follow(paused);
  expect(fresh.told).toEqual([]);
});

test('a run that is too large to keep says so, once', async () => {
  const large = keeping({ parameters: 200e6 });
  await large.follow(paused);
  await large.follow(paused);
  expect(large.told).toEqual([{ type: 'unkept', runId: 7, cause: { why: 'size', bytes: 2.4e9, most: 2 * 2 ** 30 } }]);
});

test.each([
  ['the GPU', new OutOfMemoryError('no room')],
  ['the host', new RangeError('no room')],
])('a run of which %s has no room for a copy says so, once', async (_, error) => {
  const { told, follow } = keeping({ save: () => Promise.reject(error) });
  await follow(paused);
  await follow(paused);
  expect(told).toEqual([{ type: 'unkept', runId: 7, cause: { why: 'memory', message: 'no room' } }]);
});

test('a run for which there is room again says so anew when there is none', async () => {
  const rooms = [false, true, false];
  const save = async (): Promise<Checkpoint> => {
    if (!rooms.shift()) throw new OutOfMemoryError('readback: no memory');
    return emptyCheckpoint();
  };
  const { told, follow } = keeping({ save });
  for (let times = 0; times < 3; times++) await follow(paused);
  expect(told.map(({ type }) => type)).toEqual(['unkept', 'kept', 'unkept']);
});

test('a run that cannot be saved is followed all the same', async () => {
  let attempts = 0;
  const save = async (): Promise<Checkpoint> => {
    if (attempts++ === 0) throw new Error('the device is lost');
    return emptyCheckpoint();
  };
  const { told, follow } = keeping({ save });
  await follow(paused);
  await follow(paused);

  expect(told.map(({ type }) => type)).toEqual(['kept']);
});
