import { expect, test } from 'vitest';
import { labelPlaces } from '../../../src/ui/chart/label-places.ts';

test('a label stands over its line', () => {
  expect(labelPlaces([50, 100], 10, 200)).toEqual([46, 96]);
});

test('labels of lines that are close make room for each other, downwards', () => {
  expect(labelPlaces([50, 52, 54], 10, 200)).toEqual([46, 59, 72]);
});

test('at the foot they make room upwards, and none leaves the plot', () => {
  expect(labelPlaces([190, 195, 199], 10, 196)).toEqual([170, 183, 196]);
  expect(labelPlaces([5], 10, 196)).toEqual([10]);
});

test('under its line, where a curve would run through it', () => {
  expect(labelPlaces([50, 100], 10, 200, 90)).toEqual([46, 112]);
  expect(labelPlaces([50, 100], 10, 200, 75)).toEqual([46, 96]);
  expect(labelPlaces([50, 100], 10, 200, 110)).toEqual([46, 96]);
});
