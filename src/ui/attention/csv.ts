import type { HierarchyGeometry } from '../../protocol/inspection.ts';
import { isSeen } from './head-weights.ts';
import type { HeadChoice } from './head-weights.ts';
import { tokenSpan } from './lane-bins.ts';

export interface CsvSource {
  layer: number;
  geometry: HierarchyGeometry;
  head: HeadChoice;
  span: number;
  /** tokens x span */
  weights: Float32Array;
  /** The asked row as it was computed, where it is known: span. */
  exact?: Float32Array;
}

/** Digits that weights in 255ths are good for, and those that were computed. */
const DIGITS = { about: 4, exact: 6 };

const COLUMNS = [
  'layer',
  'factor',
  'head',
  'query_token',
  'query_from_byte',
  'query_to_byte',
  'key_token',
  'key_from_byte',
  'key_to_byte',
  'distance_bytes',
  'weight',
];

/** Weights as CSV, of one query token or of all; keys that a query cannot see are left out. Ordinals count from 1, tokens and bytes from 0. */
export function weightsCsv({ layer, geometry, head, span, weights, exact }: CsvSource, token: number | null): string {
  const tokens = token === null ? Array.from({ length: geometry.tokens }, (_, at) => at) : [token];
  const name = typeof head === 'number' ? head + 1 : head;
  const lines = [COLUMNS.join(',')];
  for (const query of tokens) {
    const asked = tokenSpan(geometry, query);
    for (let index = 0; index < span && isSeen(geometry, query, index); index++) {
      const key = query - index * geometry.dilation;
      const read = tokenSpan(geometry, key);
      const distance = index * geometry.factor;
      const weight =
        token !== null && exact !== undefined
          ? exact[index].toFixed(DIGITS.exact)
          : weights[query * span + index].toFixed(DIGITS.about);
      lines.push(
        [
          layer + 1,
          geometry.factor,
          name,
          query,
          asked.start,
          asked.end,
          key,
          read.start,
          read.end,
          distance,
          Number(weight),
        ].join(),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}
