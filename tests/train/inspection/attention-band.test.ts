import { expect, test } from 'vitest';
import { packBand } from '../../../src/train/inspection/attention-band.ts';

const GEOMETRY = { factor: 4, stride: 2, dilation: 2, window: 2, tokens: 2, heads: 2 };
/** What two heads give to the keys 0, 1 and 2 rows back, in four rows of which the passage has two. */
const SPREAD = Float32Array.of(1, 0, 0, 0.5, 0.5, 0, 0.25, 0.25, 0.5, 0, 0, 1);
const BACK = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1);

test('a band holds the rows of the passage in 255ths, head after head', () => {
  const { layer, hierarchy, span, weights } = packBand(1, 2, GEOMETRY, 3, [SPREAD, BACK]);
  expect([layer, hierarchy, span]).toEqual([1, 2, 3]);
  expect([...weights]).toEqual([255, 0, 0, 128, 128, 0, 255, 0, 0, 0, 255, 0]);
});

test('a head is named by how many bytes back it looks and by its entropy in bits, both over the rows of the passage', () => {
  const { meanDistance, entropy } = packBand(0, 0, GEOMETRY, 3, [SPREAD, BACK]);
  // A row further back is a factor of bytes.
  expect([...meanDistance]).toEqual([1, 2]);
  expect([...entropy]).toEqual([0.5, 0]);
  const longer = packBand(0, 0, { ...GEOMETRY, tokens: 3 }, 3, [SPREAD, BACK]);
  expect([...longer.meanDistance]).toEqual([Math.fround(7 / 3), 4]);
  expect([...longer.entropy]).toEqual([Math.fround(2.5 / 3), 0]);
});
