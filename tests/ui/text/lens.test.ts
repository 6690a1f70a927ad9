import { describe, expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { LENS_SPAN, lensRows, lensSpan } from '../../../src/ui/text/lens.ts';
import { plausibleInspection } from '../support/fake-inspection.ts';

describe('rows of the table', () => {
  const inspection = plausibleInspection({ ...presetConfig('micro').model, depth: 2 }, encodeText('the white whale'));

  test('go from the embeddings to the last layer, which is what the model predicts', () => {
    const rows = lensRows(inspection);
    expect(rows.map(({ name }) => name)).toEqual(['embeddings', 'layer 1', 'layer 2']);
    const { bits, bytes, likeliest } = rows[2];
    expect(bits).toEqual(inspection.bits);
    const { candidates } = inspection;
    expect(bytes[5]).toBe(candidates.bytes[4 * candidates.count]);
    expect(likeliest[5]).toBe(candidates.probabilities[4 * candidates.count]);
  });

  test('say what the whole passage costs: the mean over all bytes but the first, which nothing predicts', () => {
    const [embeddings, , last] = lensRows(inspection);
    const known = [...inspection.bits].slice(1);
    const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
    expect(last.mean).toBeCloseTo(mean, 5);
    expect(embeddings.mean).toBeCloseTo(mean + 2, 5);
  });

  test('are none where layers were not read', () => {
    expect(lensRows({ ...inspection, layers: [] })).toEqual([]);
  });
});

test('the bytes that are shown stay while one of them is looked at', () => {
  for (let at = 0; at < 50; at++) {
    const { start, end } = lensSpan(50, at);
    expect(start % LENS_SPAN).toBe(1);
    expect(end - start).toBeLessThanOrEqual(LENS_SPAN);
    expect(end).toBeLessThanOrEqual(50);
    if (at > 0) expect(start <= at && at < end).toBe(true);
  }
  expect(lensSpan(50, 0)).toEqual(lensSpan(50, 1));
});

test('those in the middle are shown while none is looked at, or one that was not read', () => {
  expect(lensSpan(1 + 3 * LENS_SPAN, null)).toEqual({ start: 1 + LENS_SPAN, end: 1 + 2 * LENS_SPAN });
  expect(lensSpan(10, null)).toEqual({ start: 1, end: 10 });
  expect(lensSpan(10, 99)).toEqual({ start: 1, end: 10 });
});
