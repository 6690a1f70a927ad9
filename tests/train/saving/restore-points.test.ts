import { beforeAll, expect, test } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { materialise, release } from '../../../src/tensor/compile.ts';
import { ParameterStore, slabsOf } from '../../../src/tensor/parameter-store.ts';
import { declareSlab } from '../../../src/tensor/tensor.ts';
import { LossWatch } from '../../../src/train/saving/loss-watch.ts';
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
  points.take(0, 1, 0);
  points.takeNow(20, 20);

  expect(device.counts.bytesAlive).toBe(before);
  expect(points.upTo(29)).toBeNull();
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
  const kept = [...store.segments.flatMap((s) => [s.weights, s.firstMoments, s.secondMoments]), state];
  /** Puts one number into each place of all that a run goes on with. */
  const fill = (number: number): void => {
    for (const { buffer, bytes } of kept)
      device.device.queue.writeBuffer(buffer!.raw, 0, new Float32Array(bytes / 4).fill(number));
  };
  const held = async (): Promise<Set<number>> => {
    const all = await Promise.all(kept.map(({ buffer, bytes }) => device.read(buffer!, 0, bytes)));
    return new Set(all.flatMap((each) => [...new Float32Array(each)]));
  };
  return { points, fill, held, destroy };
}

test('a run goes back to all that it had at a point, as often as need be, and to no other step', async () => {
  const { points, fill, held, destroy } = pointsOfSmall();
  fill(5);
  points.take(0, 1, 0);
  fill(6);
  points.take(20, 1, 19);
  fill(7);
  points.take(40, 1, 39);
  fill(NaN);
  expect(() => points.restore(30)).toThrow('restore: given step 30, needs one that was kept');
  points.restore(20);
  expect(await held()).toEqual(new Set([6]));
  // What came after it never was.
  expect(points.upTo(100)).toBe(20);
  fill(8);
  points.restore(20);
  expect(await held()).toEqual(new Set([6]));
  destroy();
});

test('a point of steps that are made again is forgotten', () => {
  const { points, destroy } = pointsOfSmall();
  points.take(0, 1, 0);
  points.take(30, 1, 30);
  expect(points.upTo(59)).toBe(30);
  points.forgetAfter(30);
  expect(points.upTo(59)).toBe(30);
  points.forgetAfter(29);
  expect(points.upTo(59)).toBe(0);
  destroy();
});

test('no point takes the place of the last one that is known to be sound', () => {
  const { points, destroy } = pointsOfSmall();
  points.take(0, 1, 0);
  points.take(20, 1, 19);
  points.take(40, 1, 39);
  expect(points.upTo(39)).toBe(20);
  for (let step = 41; step < 500; step++) points.take(step, 1, 39);
  expect(points.upTo(39)).toBe(20);
  expect(points.upTo(500)).toBe(40);
  points.take(500, 1, 499);
  expect(points.upTo(499)).toBe(40);
  expect(points.upTo(500)).toBe(500);
  destroy();
});

test('a point before new settings takes the place of one that is not known to be sound yet', () => {
  const { points, destroy } = pointsOfSmall();
  points.take(0, 1, 0);
  points.take(20, 1, 19);
  points.takeNow(22, 19);
  expect(points.upTo(19)).toBe(0);
  expect(points.upTo(22)).toBe(22);
  points.takeNow(60, 59);
  expect(points.upTo(59)).toBe(22);
  expect(points.upTo(60)).toBe(60);
  destroy();
});

test.each([1, 4, 5, 16])(
  'when a step is known to have gone wrong there is a sound point, %i steps to a submit, and no old one',
  (together) => {
    for (let failed = 1; failed < 300; failed += 7) {
      const { points, destroy } = pointsOfSmall();
      const watch = new LossWatch(0, () => {});
      // Three submits are under way when its figures arrive.
      const ahead = 3 * together;
      for (let step = 0; step < failed + ahead; step += together) {
        points.take(step, together, watch.soundUntil);
        for (let known = step - ahead + 1; known <= Math.min(step + together - ahead, failed - 1); known++)
          if (known > 0) watch.note(known, 5);
      }
      const back = points.upTo(watch.soundUntil);
      expect(back).not.toBeNull();
      if (back !== 0) expect(failed - back!).toBeGreaterThanOrEqual(10);
      expect(failed - back!).toBeLessThan(2 * Math.max(20, 4 * together) + together + 10);
      destroy();
    }
  },
);
