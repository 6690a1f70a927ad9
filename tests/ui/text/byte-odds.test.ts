import { expect, test } from 'vitest';
import type { Inspection } from '../../../src/protocol/inspection.ts';
import { byteOdds, cellBits, meanBits } from '../../../src/ui/text/byte-odds.ts';
import { cutAround, utf8Text } from '../../../src/ui/text/cut.ts';
import { encodeText } from '../../../src/text/encode.ts';

const geometry = { stride: 1, dilation: 1, window: null, tokens: 3, heads: 1 };
const inspection: Inspection = {
  text: encodeText('abc'),
  hierarchies: [
    { ...geometry, factor: 1 },
    { ...geometry, factor: 4 },
  ],
  bits: Float32Array.of(NaN, 1, 4),
  ranks: Uint16Array.of(0, 2, 9),
  candidates: {
    count: 2,
    bytes: encodeText('xbyzqr'),
    probabilities: Float32Array.of(0.5, 0.25, 0.75, 0.125, 0.5, 0.5),
  },
  bitsWithout: [Float32Array.of(NaN, 3, 4), Float32Array.of(NaN, 1.5, 3)],
  layers: [],
  attention: [],
  mergeShares: [],
  reconstructions: [],
};

test('a byte is set beside what was expected after the bytes before it', () => {
  expect(byteOdds(inspection, 1)).toEqual({
    byte: 98,
    bits: 1,
    probability: 0.5,
    rank: 2,
    candidates: [
      { byte: 120, probability: 0.5 },
      { byte: 98, probability: 0.25 },
    ],
    helped: { factor: 1, savedBits: 2 },
  });
});

test('a byte outside of the candidates has its rank, and a hierarchy that costs is said to', () => {
  const odds = byteOdds(inspection, 2)!;
  expect(odds.candidates.map(({ byte }) => byte)).toEqual([...encodeText('yz')]);
  expect([odds.rank, odds.helped]).toEqual([9, { factor: 1, savedBits: 0 }]);
});

test('nothing predicts the first byte, and nothing is known of those that were not read', () => {
  expect(byteOdds(inspection, 0)).toMatchObject({ byte: 97, bits: NaN, candidates: [], rank: null, helped: null });
  expect([byteOdds(inspection, 3), byteOdds(inspection, -1)]).toEqual([null, null]);
});

test('a mean leaves out what nothing predicts', () => {
  expect(meanBits(inspection)).toBe(2.5);
  expect([cellBits(inspection, 0, 2), cellBits(inspection, 0, 1), cellBits(inspection, 3, 5)]).toEqual([1, NaN, NaN]);
});

test('a written text is cut to one context that has the byte in it', () => {
  const text = encodeText('0123456789');
  expect(cutAround(text, 3, 4)).toEqual({ source: 'written', text: encodeText('0123'), start: 0 });
  expect(cutAround(text, 7, 4)).toEqual({ source: 'written', text: encodeText('4567'), start: 4 });
  expect(cutAround(text, 7, 99)).toEqual({ source: 'written', text, start: 0 });
  const accented = cutAround(encodeText('abédef'), 6, 4);
  expect([accented.start, utf8Text(accented.text)]).toEqual([4, 'def']);
});

test('bytes are text where they are UTF-8, but for a character cut short at the end', () => {
  expect(utf8Text(encodeText('né'))).toBe('né');
  expect(utf8Text(encodeText('n€').subarray(0, 3))).toBe('n');
  expect(utf8Text(Uint8Array.of(97, 0xff, 98, 99, 100, 101))).toBeNull();
});
