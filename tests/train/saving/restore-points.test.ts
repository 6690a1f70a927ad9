import { beforeAll, expect, test } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { materialise, release } from '../../../src/tensor/compile.ts';
import { ParameterStore, slabsOf } from '../../../src/tensor/parameter-store.ts';
import { declareSlab } from '../../../src/tensor/tensor.ts';
import { RestorePoints } from '../../../src/train/saving/restore-points.ts';
import { gpu } from '../../support/gpu.ts';

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

/** Points of a model of one parameter. */
function pointsOfSmall() {
  const store = new ParameterStore();
  store.declare({ name: 'small', shape: [64], init: { kind: 'constant', value: 0 } });
  const state = declareSlab('state', 8);
  const slabs = [...store.segments.flatMap(slabsOf), state];
  for (const slab of slabs) materialise(device, slab);
  const points = new RestorePoints(device, store, state);
  const destroy = (): void => {
    points.destroy();
    slabs.forEach(release);
  };
  return { points, destroy };
}

test('a point of steps that are made again is forgotten', () => {
  const { points, destroy } = pointsOfSmall();
  points.take(0, 1);
  points.take(30, 1);
  expect(points.before(60)).toBe(30);
  points.forgetAfter(30);
  expect(points.before(60)).toBe(30);
  points.forgetAfter(29);
  expect(points.before(60)).toBe(0);
  destroy();
});

test.each([1, 5, 16])(
  'when a step is known to have failed there is a sound point, %i steps to a submit',
  (together) => {
    for (let failed = 1; failed < 300; failed += 7) {
      const { points, destroy } = pointsOfSmall();
      // Three submits are under way when its figures arrive.
      for (let step = 0; step < failed + 3 * together; step += together) points.take(step, together);
      expect(points.before(failed)).not.toBeNull();
      destroy();
    }
  },
);
