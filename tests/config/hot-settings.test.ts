import { expect, test } from 'vitest';
import { takenUp, waitingSettings } from '../../src/config/hot-settings.ts';

const with0 = { learningRate: 3e-3, reconWeight: 0, arWeight: 0.25 };
const withHeads = { ...with0, reconWeight: 0.1 };

test('a run takes up all live settings but a reconstruction weight of 0, which waits for the next run either way', () => {
  const wanted = { learningRate: 1e-3, reconWeight: 0, arWeight: 0 };
  expect(takenUp(withHeads, wanted)).toEqual({ ...wanted, reconWeight: 0.1 });
  expect(waitingSettings(withHeads, wanted)).toEqual(['reconWeight']);
  expect(waitingSettings(with0, withHeads)).toEqual(['reconWeight']);
});

test('nothing waits of what a run takes up, or has', () => {
  expect(waitingSettings(withHeads, { learningRate: 1e-3, reconWeight: 2, arWeight: 0 })).toEqual([]);
  expect(waitingSettings(withHeads, { ...withHeads, reconWeight: 0.05 })).toEqual([]);
  expect(waitingSettings(with0, with0)).toEqual([]);
});
