import { expect, test } from 'vitest';
import { aboutTime } from '../../../src/ui/format/about-time.ts';

test.each([
  [0.2, 'under 1 s'],
  [1.4, 'about 1 s'],
  [9.7, 'about 10 s'],
  [17.6, 'about 18 s'],
  [99, 'about 99 s'],
  [151, 'about 3 min'],
  [754, 'about 13 min'],
  [5400, 'about 90 min'],
  [9000, 'about 3 h'],
  [86_400, 'about 24 h'],
  [1e6, 'about 12 days'],
])('%d seconds are %s', (seconds, text) => {
  expect(aboutTime(seconds)).toBe(text);
});
