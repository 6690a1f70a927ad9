import { expect, test } from 'vitest';
import type { Gpu } from '../../../src/gpu/device.ts';
import { runsAlike } from '../../../src/train/kernels/probe-run.ts';

/** A device that is there, and that nothing runs on here. */
const device = { isLost: async () => false } as Gpu;
const EXPECTED = { y: Float32Array.of(100, -200, 0), dx: Float32Array.of(1, 2) };

test.each<[what: string, y: number[], dx: number[], fault: string | null]>([
  ['the same numbers', [100, -200, 0], [1, 2], null],
  ['a deviation that is small beside the largest number', [100, -200, 0.019], [1, 2], null],
  ['a larger one', [100, -200, 0.03], [1, 2], 'differ from the plain kernel in y by 0.00015.'],
  ['one in another result', [100, -200, 0], [1, 2.1], 'differ from the plain kernel in dx by 0.050.'],
  ['what is no number', [100, NaN, 0], [1, 2], 'differ from the plain kernel in y by NaN.'],
  ['what is infinite', [100, -200, 0], [Infinity, 2], 'differ from the plain kernel in dx by Infinity.'],
])('kernels are judged by %s', async (_, y, dx, fault) => {
  const found = { y: Float32Array.from(y), dx: Float32Array.from(dx) };
  expect(await runsAlike(device, async () => found, EXPECTED, 1e-4)).toBe(fault);
});

test('kernels that do not run are said not to, but for a device that is lost, which says nothing about them', async () => {
  const run = () => Promise.reject(new Error('no such pipeline'));
  expect(await runsAlike(device, run, EXPECTED, 1e-4)).toBe('do not run: no such pipeline');
  const lost = { isLost: async () => true } as Gpu;
  await expect(runsAlike(lost, run, EXPECTED, 1e-4)).rejects.toThrow('no such pipeline');
});
