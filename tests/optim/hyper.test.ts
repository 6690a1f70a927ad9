import { expect, test } from 'vitest';
import { HYPER, HYPER_LENGTH, writeHyper } from '../../src/optim/hyper.ts';

test('every value has a place of its own in the vector', () => {
  const values = { learningRate: 1, clip: 2, weightDecay: 3, ceWeight: 4, reconWeight: 5, arWeight: 6 };
  const vector = new Float32Array(HYPER_LENGTH + 2);
  writeHyper(vector, values, 2);

  expect(vector.subarray(0, 2)).toEqual(new Float32Array(2));
  for (const [name, place] of Object.entries(HYPER)) expect(vector[2 + place]).toBe(values[name as keyof typeof HYPER]);
});
