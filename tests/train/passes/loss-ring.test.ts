import { beforeAll, describe, expect, test } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { LossRing } from '../../../src/train/passes/loss-ring.ts';
import { gpu } from '../../support/gpu.ts';

const CAPACITY = 8;
const timesOf = (step: number): number[] => [0, 1, 2, 3].map((word) => 4 * step + word);

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

/** A ring whose step i leaves the figures i and -i and times from 4 i on, and what has arrived of them. */
function numberedRing({ listen = (): void => {} } = {}) {
  const record = device.createStorage('record', 8);
  const times = device.createStorage('times', 16);
  const seen: number[][] = [];
  const sources = { record, recordSize: 2, times, capacity: CAPACITY };
  const ring = new LossRing(device, sources, (figures, words) => {
    listen();
    seen.push([...figures, ...words]);
  });
  let step = 0;
  const submit = (encode: (encoder: GPUCommandEncoder) => void): void => {
    const encoder = device.device.createCommandEncoder();
    encode(encoder);
    device.device.queue.submit([encoder.finish()]);
  };
  const steps = (count: number): void => {
    for (let i = 0; i < count; i++, step++) {
      device.write(record, 0, Float32Array.of(step, -step));
      device.write(times, 0, Uint32Array.from(timesOf(step)));
      submit((encoder) => ring.encodeRecord(encoder));
    }
    submit((encoder) => ring.encodeReadback(encoder));
    ring.submitted();
  };
  const expected = (): number[][] => Array.from({ length: step }, (_, i) => [i, -i, ...timesOf(i)]);
  const destroy = (): void => {
    ring.destroy();
    record.destroy();
    times.destroy();
  };
  return { ring, seen, steps, expected, destroy };
}

describe('every step is told once, in order, with its own figures and times', () => {
  test('however the steps of submits lie in the ring', async () => {
    const { ring, seen, steps, expected, destroy } = numberedRing();
    for (const count of [3, 3, 3, 5, CAPACITY, 1, 7, CAPACITY, 2]) {
      steps(count);
      await ring.atMost(0);
    }
    expect(seen).toEqual(expected());
    destroy();
  });

  test('where there are more submits than can be read at once', async () => {
    const { ring, seen, steps, expected, destroy } = numberedRing();
    for (let submit = 0; submit < CAPACITY; submit++) steps(1);
    expect(ring.underWay).toBe(CAPACITY);
    await ring.atMost(0);
    expect(ring.underWay).toBe(0);
    expect(seen).toEqual(expected());
    destroy();
  });
});

test('who waits for steps of a ring that is gone is told so', async () => {
  const { ring, steps, destroy } = numberedRing();
  steps(1);
  const waiting = ring.atMost(0);
  destroy();
  await expect(waiting).rejects.toThrow('the run was stopped');
  await expect(ring.atMost(1)).rejects.toThrow('the run was stopped');
});

test('who waits for steps that their listener fails at is told why', async () => {
  const listen = (): void => {
    throw new Error('nobody can draw that');
  };
  const { ring, steps, destroy } = numberedRing({ listen });
  steps(1);
  await expect(ring.atMost(0)).rejects.toThrow('nobody can draw that');
  destroy();
});
