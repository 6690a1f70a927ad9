import { withoutKey } from './without-key.ts';

/** What a curve is called in a link. */
export const CURVE_KEY = 'r';

/** The query of a link with a curve, which comes last. */
export function withCurve(query: string, curve: string): string {
  return `${query}${query === '' ? '' : '&'}${CURVE_KEY}=${curve}`;
}

/** A query without its curve, as it was in all else: a curve is no part of a configuration. */
export function withoutCurve(query: string): string {
  return withoutKey(query, CURVE_KEY);
}
