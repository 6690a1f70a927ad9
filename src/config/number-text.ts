/** A value read from text, or what is wrong with the text. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; error: string };

const INTEGER = /^\d{1,16}$/;
const DECIMAL = /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i;
const LONGEST_NUMBER = 40;
const GROUPED = new Intl.NumberFormat('en-US');

/** Reads digits only: no sign, no blanks inside, no exponent. Null when the text is something else. */
export function parseInteger(text: string): number | null {
  return INTEGER.test(text) ? Number(text) : null;
}

/** Reads an unsigned decimal such as `3`, `.5`, `0.25` or `3e-4`. Null when the text is something else or overflows. */
export function parseDecimal(text: string): number | null {
  if (text.length > LONGEST_NUMBER || !DECIMAL.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/**
 * What a number with a comma has to be written as: `1,5` as `1.5`, and a whole one, `10,000`, as `10000`. Null for what is
 * none.
 */
export function withoutComma(text: string, isWhole: boolean): string | null {
  const whole = /^[1-9]\d{0,2}(,\d{3})+$/.test(text) ? text.replaceAll(',', '') : null;
  if (isWhole) return whole;
  const decimal = /^\d*,\d+$/.test(text) ? text.replace(',', '.') : null;
  return [whole, decimal].filter((meant) => meant !== null && parseDecimal(meant) !== null).join(' or ') || null;
}

/** `10,000`: a number of a message, the whole ones in groups of three digits. */
export function spelled(value: number): string {
  return Number.isInteger(value) ? GROUPED.format(value) : String(value);
}

/** The shortest text that reads back as the same number; plain notation wins a tie: 0.003 is `3e-3`, 0.01 is `0.01`. */
export function shortestDecimal(value: number): string {
  const plain = String(value).replace('+', '');
  const exponential = value.toExponential().replace('+', '');
  return exponential.length < plain.length ? exponential : plain;
}
