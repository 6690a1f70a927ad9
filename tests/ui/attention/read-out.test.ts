import { describe, expect, it } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { byteCells } from '../../../src/ui/attention/byte-cells.ts';
import { weightsCsv } from '../../../src/ui/attention/csv.ts';
import { laneAt } from '../../../src/ui/attention/lane-bins.ts';
import {
  bitsLost,
  knownWeight,
  meanOf,
  shareOf,
  signed,
  spanText,
  spokenQuery,
  weightName,
} from '../../../src/ui/attention/read-out.ts';
import { plausibleInspection } from '../support/fake-inspection.ts';

const TEXT = encodeText('Call me Ishmael. Some years ago.');
const GEOMETRY = { factor: 4, stride: 1, dilation: 4, window: null, tokens: 32, heads: 1 };

describe('the read-out', () => {
  it('says query, layer, hierarchy, head and where most of the weight is', () => {
    const lane = laneAt(GEOMETRY, 22);
    const row = Float32Array.of(0.2, 0.31, 0.1, 0.1, 0.2, 0.09);
    expect(spokenQuery(TEXT, { query: 22, layer: 0, geometry: GEOMETRY, head: 0, lane, row })).toBe(
      "query byte 22, 'y', layer 1, 4 times, head 1, strongest key bytes 15–18, 31 percent",
    );
  });

  it('says so where there is no attention', () => {
    const geometry = { ...GEOMETRY, window: 0 };
    const spoken = spokenQuery(TEXT, {
      query: 4,
      layer: 1,
      geometry,
      head: 'avg',
      lane: laneAt(geometry, 4),
      row: null,
    });
    expect(spoken).toBe('query byte 4, space, layer 2, 4 times, no attention');
  });

  it('names bytes and texts of any kind without control characters', () => {
    expect(spanText(Uint8Array.of(97, 10, 0xff), { start: 0, end: 2 })).toBe('“a↵\\xFF”');
    expect([0, 1 / 255, 0.31].map(weightName)).toEqual(['< 0.2 %', '0.4 %', '31 %']);
    expect([0.214, -1.3, 0.004, -0.004, NaN].map(signed)).toEqual(['+0.21', '−1.30', '0.00', '0.00', '–']);
    expect([0, 0.31].map((weight) => knownWeight(weight, 'about'))).toEqual(['< 0.2 %', 'about 31 %']);
    expect([0, 1e-6, 0.314159].map((weight) => knownWeight(weight, 'exact'))).toEqual(['0.0 %', '< 0.1 %', '31.4 %']);
  });

  it('gives what a hierarchy is worth at each byte but the first', () => {
    const inspection = plausibleInspection(presetConfig('micro').model, TEXT);
    const lost = bitsLost(inspection, 1)!;
    expect(lost[0]).toBeNaN();
    expect(lost[5]).toBeCloseTo(inspection.bitsWithout[1]![5] - inspection.bits[5], 5);
    expect(meanOf(Float32Array.of(NaN, 1, 3))).toBe(2);
    expect(meanOf(Float32Array.of(NaN))).toBeNaN();
    expect(bitsLost({ ...inspection, bitsWithout: [null, null] }, 1)).toBeNull();
  });

  it('gives the share that a hierarchy has of a merge at a byte', () => {
    const inspection = plausibleInspection({ ...presetConfig('micro').model, depth: 2 }, TEXT);
    const shares = [0, 1].map((hierarchy) => shareOf(inspection, 1, hierarchy, 9));
    expect(shares).toEqual([...inspection.mergeShares[1].subarray(18, 20)]);
    expect(shares[0]! + shares[1]!).toBeCloseTo(1, 6);
    expect(shareOf({ ...inspection, mergeShares: [] }, 0, 0, 0)).toBeNull();
  });
});

describe('a passage above the byte axis', () => {
  it('has every byte in one cell, characters over all of their bytes', () => {
    const cells = byteCells(Uint8Array.of(97, 0xe2, 0x80, 0x94, 10, 0xff));
    expect(cells).toEqual([
      { kind: 'text', label: 'a', start: 0, end: 0 },
      { kind: 'text', label: '—', start: 1, end: 3 },
      { kind: 'control', label: '↵', start: 4, end: 4 },
      { kind: 'invalid', label: 'FF', start: 5, end: 5 },
    ]);
  });
});

describe('CSV', () => {
  it('has a line for each key that the query sees, with the bytes that it stands for', () => {
    const weights = new Float32Array(32 * 8);
    weights.set([0.2, 0.3, 0.5], 9 * 8);
    const csv = weightsCsv({ layer: 0, geometry: GEOMETRY, head: 0, span: 8, weights }, 9);
    expect(csv.split('\n')).toEqual([
      'layer,factor,head,query_token,query_from_byte,query_to_byte,key_token,key_from_byte,key_to_byte,distance_bytes,weight',
      '1,4,1,9,6,9,9,6,9,0,0.2',
      '1,4,1,9,6,9,5,2,5,4,0.3',
      '1,4,1,9,6,9,1,0,1,8,0.5',
      '',
    ]);
    const exact = Float32Array.of(0.123456, 0.3, 0.5);
    const row = weightsCsv({ layer: 0, geometry: GEOMETRY, head: 0, span: 8, weights, exact }, 9).split('\n');
    expect(row[1]).toBe('1,4,1,9,6,9,9,6,9,0,0.123456');
    expect(weightsCsv({ layer: 0, geometry: GEOMETRY, head: 'max', span: 8, weights }, null).split('\n')).toHaveLength(
      146,
    );
  });
});
