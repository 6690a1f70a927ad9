import { expect, test } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { InputRing } from '../../../src/train/passes/input-ring.ts';
import { gpu } from '../../support/gpu.ts';

test.each([
  ['all of a submit, however large', 2 ** 20, 16, 1, 16],
  ['all of a step that is submitted one by one', 2 ** 16, 1, 8, 8],
  ['as many of them as take 16 MiB', 2 ** 22, 1, 8, 3],
  ['one that is larger', 2 ** 25, 1, 8, 1],
])('the ring of inputs has room for %s', async (_, idsBytes, together, wanted, slots) => {
  const device = await Gpu.open(await gpu());
  const ring = new InputRing(device, idsBytes, together, wanted);
  expect(ring.slots).toBe(slots);
  ring.destroy();
  expect(device.counts.bytesAlive).toBe(0);
});
