import { expect, test } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { measureSpeed } from '../../../src/train/kernels/calibration.ts';
import { gpu } from '../../support/gpu.ts';

test('the speed of an adapter is three times above zero, measured with three shaders, and leaves no memory behind', async () => {
  const device = await Gpu.open(await gpu());
  const speed = await measureSpeed(device, new AbortController().signal);

  const { sharesDispatches, ...rates } = speed!;
  expect(sharesDispatches).toBe(false);
  for (const seconds of Object.values(rates)) {
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(1);
  }
  expect(Object.keys(rates)).toHaveLength(3);
  expect(device.counts.pipelinesCreated).toBeLessThanOrEqual(3);
  expect(device.counts.bytesAlive).toBe(0);
});

test('a measurement that is ended says nothing, stops, and leaves no memory behind', async () => {
  const device = await Gpu.open(await gpu());
  const abort = new AbortController();
  let submits = 0;
  const { queue } = device.device;
  const submit = queue.submit.bind(queue);
  queue.submit = (buffers) => {
    submits++;
    abort.abort();
    return submit(buffers);
  };

  expect(await measureSpeed(device, abort.signal)).toBeNull();
  expect(submits).toBe(1);
  expect(device.counts.bytesAlive).toBe(0);
  expect(await measureSpeed(device, abort.signal)).toBeNull();
  expect(submits).toBe(1);
});
