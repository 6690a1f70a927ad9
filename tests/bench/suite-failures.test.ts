import { expect, test, vi } from 'vitest';
import { Attempts } from '../../src/bench/attempts.ts';
import { markdown } from '../../src/bench/markdown.ts';
import type { SuiteEvent } from '../../src/bench/report.ts';
import type { SuiteOptions } from '../../src/bench/suite-options.ts';
import { runSuite } from '../../src/bench/suite.ts';
import { Gpu, OutOfMemoryError } from '../../src/gpu/device.ts';
import { TrainingSession } from '../../src/train/passes/training-session.ts';
import { chooseKernels } from '../../src/train/kernels/kernel-choice.ts';
import { gpu } from '../support/gpu.ts';

vi.mock('../../src/train/kernels/kernel-choice.ts', { spy: true });

const QUICK: SuiteOptions = {
  quick: true,
  only: [],
  queries: [],
  soakSteps: 0,
  limits: { kernel: 60_000, step: 600_000 },
};

/** Runs the small list on devices that `bend` has changed, each with its number; the events without progress. */
async function run(only: string[], bend: (device: Gpu, number: number) => void): Promise<SuiteEvent[]> {
  const events: SuiteEvent[] = [];
  let opened = 0;
  const open = async (): Promise<Gpu> => {
    const device = await Gpu.open(await gpu());
    bend(device, opened++);
    return device;
  };
  const host = { open, machine: 'a test run', heap: () => null };
  await runSuite(host, { ...QUICK, only }, (event) => {
    if (event.kind !== 'progress') events.push(event);
  });
  return events;
}

type Create = () => Promise<GPUComputePipeline>;

/** Has the device do something else when the pipeline of a kernel is made. */
function onPipeline({ device }: Gpu, label: string, instead: (create: Create) => Promise<GPUComputePipeline>): void {
  const create = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = (descriptor) =>
    descriptor.label?.startsWith(label) ? instead(() => create(descriptor)) : create(descriptor);
}

/** Has something happen before a buffer is made. */
function onStorage(device: Gpu, wanted: string, before: () => void): void {
  const create = device.createStorage.bind(device);
  device.createStorage = (label, bytes) => {
    if (label === wanted) before();
    return create(label, bytes);
  };
}

/** Asks for a buffer that no device makes. */
function refusedBuffer({ device }: Gpu): void {
  device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
}

const refuse = (): Promise<never> => Promise.reject(new Error('not on this driver'));

function named(events: readonly SuiteEvent[]): string[] {
  return events.map((event) => ('id' in event ? `${event.kind} ${event.id}` : event.kind));
}

test('a kernel that is not compiled is reported, and what comes behind it is measured', async () => {
  const events = await run(['cosine', 'embedding'], (device) => onPipeline(device, 'cosine-loss/', refuse));

  expect(named(events)).toEqual([
    'header',
    'ceilings',
    'failed cosine-loss/2-x-64-x-32',
    'kernel embedding/2-x-64-x-32-V-256',
    'kernel embedding/2-x-64-x-32-V-256',
  ]);
  expect(events[2]).toMatchObject({ message: expect.stringMatching(/^cosine-loss\/.*: Error: not on this driver$/) });
  expect(markdown(events)).toMatch(
    /\n## Failed\n\n.*\n.*\n\| cosine-loss\/2-x-64-x-32 \| cosine-loss\/.*not on this driver/,
  );
});

test('after the loss of a device the next kernel is measured on a new one', async () => {
  const devices: Gpu[] = [];
  const events = await run(['cosine', 'embedding'], (device) => {
    if (devices.push(device) > 1) return;
    onPipeline(device, 'cosine-loss/', () => {
      device.close();
      return refuse();
    });
  });

  expect(named(events).slice(2)).toEqual([
    'failed cosine-loss/2-x-64-x-32',
    'kernel embedding/2-x-64-x-32-V-256',
    'kernel embedding/2-x-64-x-32-V-256',
  ]);
  expect(events[2]).toMatchObject({ message: expect.stringContaining('; the device was lost (') });
  expect(devices.length).toBe(2);
});

test('where there is no device any more, what needs one is reported as failed', async () => {
  const events = await run(['step'], (_, number) => {
    if (number > 0) throw new Error('no more adapters');
  });

  expect(events.slice(2)).toEqual([{ kind: 'failed', id: 'step/p=micro', message: 'no more adapters' }]);
});

test.each(['step/p=micro', 'texts/p=micro'])('%s that finds too little memory is skipped', async (id) => {
  const events = await run([id], (device, number) => {
    if (number > 0) device.guarded = () => Promise.reject(new OutOfMemoryError('training: not enough memory'));
  });

  expect(events.slice(2)).toEqual([{ kind: 'skipped', id, reason: 'training: not enough memory' }]);
});

test('a step is measured also where the profile of its kernels fails, which is reported too', async () => {
  vi.spyOn(TrainingSession.prototype, 'profile').mockRejectedValueOnce(new Error('no more timestamps'));
  const events = await run(['step'], () => {});

  expect(named(events).slice(2)).toEqual(['step step/p=micro', 'failed step/p=micro']);
  expect(events.slice(2)).toMatchObject([{ kernels: [] }, { message: 'no more timestamps' }]);
});

test('nothing is compared with ceilings that could not be measured', async () => {
  const events = await run(['add', 'step'], (device) => onPipeline(device, 'bench-fma/', refuse));

  expect(named(events)).toEqual(['header', 'failed ceilings', 'skipped add/4096', 'skipped step/p=micro']);
});

test('ceilings that the device complained about are not compared with', async () => {
  const events = await run(['add'], (device) =>
    onStorage(device, 'fma sums', () => device.onError('not so many bytes')),
  );

  expect(named(events)).toEqual(['header', 'failed ceilings', 'skipped add/4096']);
  expect(events[1]).toMatchObject({ message: 'not so many bytes' });
});

test('buffers for the ceilings that a device does not make are reported before anything is timed with them', async () => {
  let copies = 0;
  const events = await run(['add'], (device) => {
    onStorage(device, 'copied', () => refusedBuffer(device));
    onPipeline(device, 'bench-copy/', (create) => {
      copies++;
      return create();
    });
  });

  expect(named(events)).toEqual(['header', 'failed ceilings', 'skipped add/4096']);
  expect(copies).toBe(0);
});

test('also a run without ceilings ends with all done, and its device closed', async () => {
  const ends: SuiteEvent[] = [];
  const devices: Gpu[] = [];
  const open = async (): Promise<Gpu> => {
    const device = await Gpu.open(await gpu());
    onPipeline(device, 'bench-fma/', refuse);
    devices.push(device);
    return device;
  };
  await runSuite({ open, machine: '', heap: () => null }, { ...QUICK, only: ['add'] }, (event) => ends.push(event));

  expect(ends.at(-1)).toEqual({ kind: 'progress', id: '', done: 2, total: 2 });
  expect(await Promise.all(devices.map((device) => device.isLost()))).toEqual([true]);
});

test('a kernel that the device complained about while it was timed has no times', async () => {
  const events = await run(['add', 'embedding'], (device) => {
    const settled = device.settled.bind(device);
    let isAdding = false;
    onPipeline(device, 'add/', (create) => {
      isAdding = true;
      return create();
    });
    device.settled = () => {
      if (isAdding) device.onError('a submit that is not valid');
      isAdding = false;
      return settled();
    };
  });

  expect(named(events).slice(2)).toEqual([
    'kernel embedding/2-x-64-x-32-V-256',
    'kernel embedding/2-x-64-x-32-V-256',
    'failed add/4096',
  ]);
});

test('kernels are measured also where choosing between them failed', async () => {
  vi.mocked(chooseKernels).mockRejectedValueOnce(new Error('no choice'));
  const events = await run(['embedding'], () => {});

  expect(named(events)).toEqual([
    'failed choice of kernels',
    'header',
    'ceilings',
    'kernel embedding/2-x-64-x-32-V-256',
    'kernel embedding/2-x-64-x-32-V-256',
  ]);
});

test('an error that nobody has asked for is reported under what was being measured', async () => {
  const events: SuiteEvent[] = [];
  const open = async (): Promise<Gpu> => Gpu.open(await gpu());
  const attempts = await Attempts.begin(open, (event) => events.push(event));
  await attempts.onSharedDevice('bad usage', async (device) => refusedBuffer(device));
  await attempts.onSharedDevice('sound', async () => {});
  attempts.close();

  expect(events).toEqual([{ kind: 'failed', id: 'bad usage', message: expect.stringContaining('MapRead') }]);
});

test('without any device there is nothing to report', async () => {
  const host = { open: () => Promise.reject(new Error('no adapter')), machine: '', heap: () => null };
  await expect(runSuite(host, QUICK, () => expect.unreachable())).rejects.toThrow('no adapter');
});
