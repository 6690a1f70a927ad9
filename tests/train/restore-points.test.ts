import { beforeAll, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { ParameterStore } from '../../src/tensor/parameter-store.ts';
import { declareSlab } from '../../src/tensor/tensor.ts';
import { RestorePoints } from '../../src/train/restore-points.ts';
import { gpu } from '../support/gpu.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

test('a model too large to be kept several times is trained without points, and takes no memory for them', () => {
  const store = new ParameterStore();
  store.declare({ name: 'large', shape: [(64 * 2 ** 20) / 4], init: { kind: 'constant', value: 0 } });
  const before = device.counts.bytesAlive;
  const points = new RestorePoints(device, store, declareSlab('state', 8));
  points.take(0, 1);
  points.take(20, 1);

  expect(device.counts.bytesAlive).toBe(before);
  expect(points.before(30)).toBeNull();
  points.destroy();
});
