import { expect, test } from 'vitest';
import { openNodeGpu } from '../../src/launcher/dawn.ts';
import { gpu } from '../support/gpu.ts';
import { double } from './double.ts';
import doubleWgsl from './double.wgsl?raw';

test('Node executes WGSL on an adapter', async () => {
  const numbers = Array.from({ length: 1001 }, (_, index) => index);

  expect(await double(await gpu(), doubleWgsl, numbers)).toEqual(numbers.map((number) => 2 * number));
});

test('one process has one GPU, however often it is opened', async () => {
  expect(await openNodeGpu()).toBe(await openNodeGpu());
});
