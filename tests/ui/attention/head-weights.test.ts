import { describe, expect, it } from 'vitest';
import type { AttentionBand, HierarchyGeometry } from '../../../src/protocol/inspection.ts';
import {
  combineHeads,
  headFigures,
  isSeen,
  strongestHeads,
  weightsOf,
} from '../../../src/ui/attention/head-weights.ts';

const GEOMETRY: HierarchyGeometry = { factor: 2, stride: 1, dilation: 2, window: 1, tokens: 4, heads: 2 };
const BAND: AttentionBand = {
  layer: 0,
  hierarchy: 0,
  span: 2,
  // Tokens 0 and 1 see only themselves.
  weights: Uint8Array.of(255, 0, 255, 0, 51, 204, 255, 0, /* second head */ 255, 0, 255, 0, 204, 51, 0, 255),
  meanDistance: Float32Array.of(0.4, 0.6),
  entropy: Float32Array.of(0.2, 0.2),
};

const rounded = (weights: Float32Array): number[] => Array.from(weights, (weight) => Math.round(10 * weight) / 10);

describe('weights of a band', () => {
  it('are those of one head, the mean of all, or the largest', () => {
    expect(rounded(weightsOf(BAND, GEOMETRY, 1))).toEqual([1, 0, 1, 0, 0.8, 0.2, 0, 1]);
    expect(rounded(weightsOf(BAND, GEOMETRY, 'avg'))).toEqual([1, 0, 1, 0, 0.5, 0.5, 0.5, 0.5]);
    expect(rounded(weightsOf(BAND, GEOMETRY, 'max'))).toEqual([1, 0, 1, 0, 0.8, 0.8, 1, 1]);
    const rows = Float32Array.of(0.2, 0.8, 0.8, 0.2);
    expect(rounded(combineHeads(rows, 2, 1))).toEqual([0.8, 0.2]);
    expect(rounded(combineHeads(rows, 2, 'avg'))).toEqual([0.5, 0.5]);
    expect(rounded(combineHeads(rows, 2, 'max'))).toEqual([0.8, 0.8]);
    expect(Array.from(strongestHeads(BAND, GEOMETRY))).toEqual([0, 0, 0, 0, 1, 0, 0, 1]);
  });

  it('belong to keys of the query’s phase within its window', () => {
    expect(isSeen(GEOMETRY, 1, 1)).toBe(false);
    expect(isSeen(GEOMETRY, 2, 1)).toBe(true);
    expect(isSeen(GEOMETRY, 4, 2)).toBe(false);
    expect(isSeen({ ...GEOMETRY, window: 0 }, 2, 0)).toBe(false);
  });

  it('give the share on the own token over all queries, and on the first token over those that have another', () => {
    const figures = headFigures(BAND, GEOMETRY, 0);
    expect(figures.selfShare).toBeCloseTo(0.8, 5);
    expect(figures.firstShare).toBeCloseTo(0.4, 5);
    expect(headFigures(BAND, GEOMETRY, 1).firstShare).toBeCloseTo(0.6, 5);
  });
});
