import { beforeEach, describe, expect, test } from 'vitest';
import { Gpu, OutOfMemoryError } from '../../src/gpu/device.ts';
import { nullGpu } from '../support/null-gpu.ts';
import { refuseBuffers } from '../support/refuse-buffers.ts';

let device: Gpu;
let uncaught: string[];
beforeEach(async () => {
  device = await Gpu.open(nullGpu);
  uncaught = [];
  device.onError = (message) => uncaught.push(message);
  return () => device.close();
});

describe('a guarded allocation', () => {
  test('throws what the device says against it, and nobody else hears of that', async () => {
    refuseBuffers(device, (label) => label === 'large');
    const large = device.guarded('the large one', () => device.createStorage('large', 64));
    await expect(large).rejects.toThrow('the large one: ');
    expect(uncaught).toEqual([]);
  });

  test('throws its own faults, not those of others at the same time', async () => {
    let reads = 0;
    refuseBuffers(device, (label) => label === 'readback' && reads++ === 0);
    const source = device.createStorage('source', 64);
    const results = await Promise.allSettled([1, 2, 3].map(() => device.read(source, 0, 64)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(uncaught).toEqual([]);
  });

  test('destroys what it owns when it fails, the newest first, and keeps it when it does not', async () => {
    const destroyed: string[] = [];
    const thing = (name: string) => ({ destroy: () => void destroyed.push(name) });
    const kept = await device.guarded('kept', async (own) => own(thing('kept')));
    expect(destroyed).toEqual([]);
    kept.destroy();
    const fails = device.guarded('a pair', async (own) => {
      own(thing('first'));
      own(thing('second'));
      throw new OutOfMemoryError('no room for a third');
    });
    await expect(fails).rejects.toThrow('no room for a third');
    expect(destroyed).toEqual(['kept', 'second', 'first']);
  });

  test('that waits inside takes no fault of another that does so in its turn', async () => {
    refuseBuffers(device, (label) => label === 'large');
    const build = (label: string) =>
      device.inTurn(() =>
        device.guarded(label, async () => {
          await Promise.resolve();
          device.createStorage(label, 64);
          await device.settled();
        }),
      );
    const results = await Promise.allSettled(['small', 'large', 'small'].map(build));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(uncaught).toEqual([]);
  });

  test('leaves no copy behind that could not be read', async () => {
    const source = device.createStorage('source', 64);
    const { buffersAlive } = device.counts;
    refuseBuffers(device, (label) => label === 'readback');
    await expect(device.read(source, 0, 64)).rejects.toThrow('readback: ');
    expect(device.counts.buffersAlive).toBe(buffersAlive);
  });
});

test('an adapter that has no info, as in Chrome before 127, is asked for it', async () => {
  const adapter = (await nullGpu.requestAdapter())!;
  const older = {
    features: adapter.features,
    limits: adapter.limits,
    requestDevice: (descriptor: GPUDeviceDescriptor) => adapter.requestDevice(descriptor),
    requestAdapterInfo: async () => ({ vendor: 'google', architecture: 'swiftshader', device: '', description: '' }),
  };
  const opened = await Gpu.open({ requestAdapter: async () => older } as unknown as GPU);
  expect(opened.info).toMatchObject({ vendor: 'google', description: 'google swiftshader', software: true });
  opened.close();
});
