/** What a curve is called in a link. */
export const CURVE_KEY = 'r';

/** The query of a link with a curve, which comes last. */
export function withCurve(query: string, curve: string): string {
  return `${query}${query === '' ? '' : '&'}${CURVE_KEY}=${curve}`;
}
