import { beforeEach, describe, expect, it, test, vi } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { downloadState } from '../../../src/tensor/parameter-transfer.ts';
import { TrainingSession, traceSession, type SessionOptions } from '../../../src/train/passes/training-session.ts';
import { gpu } from '../../support/gpu.ts';
import { refuseBuffers } from '../../support/refuse-buffers.ts';
import { tinyHierarchy, tinyModel } from '../../support/tiny-model.ts';

let device: Gpu;
beforeEach(async () => {
  device = await Gpu.open(await gpu());
});

/** Builds a session; labels of the buffers that were written to meanwhile are in `written`. */
function build(options: Partial<SessionOptions> = {}) {
  const write = vi.spyOn(device, 'write');
  const building = TrainingSession.create(device, {
    model: tinyModel(),
    batchSize: 1,
    accumulation: 1,
    seed: 0,
    onRecord: () => {},
    ...options,
  });
  const weightsWritten = (): number => write.mock.calls.filter(([{ label }]) => label.startsWith('weights')).length;
  return { building, weightsWritten };
}

describe('a run that there is no memory for', () => {
  it.each([
    ['weights', 'weights 0'],
    ['activations', 'training temporaries 0'],
  ])('because of its %s says so before a kernel is compiled or a value drawn', async (_, refused) => {
    refuseBuffers(device, (label) => label === refused);
    const onCompiling = vi.fn<() => void>();
    const { building, weightsWritten } = build({ onCompiling });
    await expect(building).rejects.toThrow(refused);
    expect(onCompiling).not.toHaveBeenCalled();
    expect(weightsWritten()).toBe(0);
    expect(device.counts.buffersAlive).toBe(0);
  });
});

test('a run that is given up while its values are drawn leaves off and leaves nothing', async () => {
  const givingUp = new AbortController();
  const write = device.write.bind(device);
  vi.spyOn(device, 'write').mockImplementation((buffer, offset, data) => {
    if (buffer.label === 'weights 0') givingUp.abort(new Error('nobody wants it'));
    write(buffer, offset, data);
  });
  const { building, weightsWritten } = build({ signal: givingUp.signal });
  await expect(building).rejects.toThrow('nobody wants it');
  expect(weightsWritten()).toBe(1);
  expect(device.counts.buffersAlive).toBe(0);
});

test('a run that goes on has the values of where it goes on', async () => {
  const first = await build().building;
  const from = { ...(await first.save()), step: 7 };
  const second = await build({ seed: 1, from }).building;
  expect(second.step).toBe(7);
  expect(await downloadState(device, second.store, 'weights')).toEqual(from.weights);
});

test('a model of any size can be traced without the memory of its parameters', () => {
  const model = tinyModel({ depth: 8, hierarchies: [tinyHierarchy(1, { dim: 8192 })] });
  const before = process.memoryUsage().arrayBuffers;
  const limits = { maxBufferSize: 2 ** 31 - 4, maxStorageBufferBindingSize: 2 ** 31 - 4 } as GPUSupportedLimits;
  const { store } = traceSession({ info: device.info, limits }, { model, batchSize: 1, accumulation: 1 });
  const parameters = store.segments.reduce((sum, { bytes }) => sum + bytes / 4, 0);
  expect(parameters).toBeGreaterThan(1e9);
  // One number for every 64 of them is 64 MB.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16e6);
});
