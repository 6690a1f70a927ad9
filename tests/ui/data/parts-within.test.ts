import { expect, test } from 'vitest';
import { partsWithin, placeText } from '../../../src/ui/data/parts-within.ts';
import { splitParts } from '../../../src/ui/data/split-parts.ts';

const parts = splitParts({ bytes: 2000, trainBytes: 1800, validationBytes: 100 });

test('a piece of text belongs to the parts that it lies in', () => {
  expect(partsWithin(parts, 0, 16)).toEqual([{ name: 'train', start: 0, end: 16 }]);
  expect(partsWithin(parts, 1792, 1808)).toEqual([
    { name: 'train', start: 1792, end: 1800 },
    { name: 'validation', start: 1800, end: 1808 },
  ]);
  expect(partsWithin(parts, 1000, 2000).map(({ name }) => name)).toEqual(['train', 'validation', 'test']);
});

test('its place is said in words', () => {
  expect(placeText(partsWithin(parts, 0, 1024))).toBe('Bytes 0 to 1,023, all of the train part.');
  expect(placeText(partsWithin(parts, 1792, 2000))).toBe(
    'Bytes 1,792 to 1,999: train from 1,792, validation from 1,800, test from 1,900.',
  );
  expect(placeText([])).toBe('');
});
