import { shortestDecimal } from '../../config/number-text.ts';

/** Numbers that people try: one, two, three, five times a power of ten. */
const MANTISSAS = [1, 2, 3, 5];

/**
 * The text after one press of an arrow key: a whole number goes up or down by one, ten with `large`; a decimal goes to
 * the next of 1, 2, 3, 5 times a power of ten. Null when the text is no number.
 */
export function stepped(text: string, direction: 1 | -1, decimal: boolean, large: boolean): string | null {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) return null;
  if (!decimal) return String(Math.max(0, Math.round(value) + direction * (large ? 10 : 1)));
  if (value <= 0) return direction === 1 ? '0.01' : '0';
  const power = Math.floor(Math.log10(value));
  const candidates = [power - 1, power, power + 1].flatMap((exponent) =>
    MANTISSAS.map((mantissa) => Number(`${mantissa}e${exponent}`)),
  );
  const next =
    direction === 1
      ? candidates.find((candidate) => candidate > value)
      : candidates.findLast((candidate) => candidate < value);
  return next === undefined ? null : shortestDecimal(next);
}
