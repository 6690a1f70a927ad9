import { expect, test } from 'vitest';
import { openSession } from '../../src/bench/step-session.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { submitsOf } from '../../src/train/passes/pace.ts';
import { nullGpu } from '../support/null-gpu.ts';
import { sabotage } from '../support/sabotage.ts';
import { passesOfSubmits } from '../support/passes-of-submits.ts';

/** Some 60 billion FLOPs a step, which a slow GPU takes a second for. */
const LONG = 'h=1-d256-n4-e64-f4-w64&l=4&n=512&b=8';

test('steps of much work are spread over submits, as in training, until they turn out to be short', async () => {
  const gpu = await Gpu.open(nullGpu);
  // The kernels of adapters of this kind, of which nothing is compared: the device computes nothing.
  Object.assign(gpu.info, { software: true, features: [] });
  const { session, submit } = await openSession(gpu, LONG);
  const passes = passesOfSubmits(gpu);
  submit(1);
  const pieces = submitsOf(session.flopsPerStep);
  expect(pieces).toBeGreaterThan(1);
  // The update goes out by itself.
  expect(passes.length).toBe(pieces + 1);
  await session.profile();
  expect(Math.max(...passes)).toBeLessThan(session.dispatchCount / 2);

  await session.replay.ring.atMost(0);
  const before = passes.length;
  submit(1);
  expect(passes.length - before).toBe(1);
  await session.replay.ring.atMost(0);
  session.destroy();
  gpu.close();
});

test('kernels that a configuration asks for and that do not compile are no reason to measure others', async () => {
  const gpu = await Gpu.open(nullGpu);
  Object.assign(gpu.info, { software: true, features: ['shader-f16'] });
  sabotage(gpu, { 'enable f16;': 'enable f17;' });
  await expect(openSession(gpu, 'p=micro&hp=1')).rejects.toThrow(/^Kernels that store 16-bit activations /);
  gpu.close();
});
