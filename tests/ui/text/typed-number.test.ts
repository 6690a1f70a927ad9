import { expect, test } from 'vitest';
import { settingRanges } from '../../../src/ui/state/text.ts';
import { commaHint, rangeText, typedNumber } from '../../../src/ui/text/typed-number.ts';

test('a number in range is taken as it was typed', () => {
  expect(typedNumber('1000', settingRanges.length)).toBe(1000);
  expect(typedNumber(' 0.75 ', settingRanges.temperature)).toBe(0.75);
  expect(typedNumber('0', settingRanges.seed)).toBe(0);
});

test('nothing else is put into range without a word', () => {
  const refused = [
    ['99999', settingRanges.length],
    ['abc', settingRanges.length],
    ['0', settingRanges.topK],
    ['2.5', settingRanges.topK],
    ['-3', settingRanges.seed],
    ['2', settingRanges.temperature],
    ['', settingRanges.temperature],
  ] as const;
  for (const [text, range] of refused) expect(typedNumber(text, range), text).toBeNull();
  expect(rangeText(settingRanges.length)).toBe('a whole number from 1 to 1,000');
  expect(rangeText(settingRanges.temperature)).toBe('a number from 0 to 1.5');
});

test('of a number with a comma it is said how to write it', () => {
  expect(commaHint('0,5', settingRanges.temperature)).toBe('; write 0.5');
  expect(commaHint('1,000', settingRanges.length)).toBe('; write 1000');
  expect(commaHint('1.5', settingRanges.length)).toBe('');
  expect(rangeText(settingRanges.seed)).toBe('a whole number from 0 to 4,294,967,295');
});
