import { setting } from './field.ts';
import type {
  Access,
  BooleanField,
  ChoiceField,
  Codec,
  Description,
  NumberField,
  OptionalIntegerField,
  WindowField,
} from './field.ts';
import { parseDecimal, parseInteger, shortestDecimal, spelled, withoutComma } from './number-text.ts';
import type { Parsed } from './number-text.ts';

/** Hard limits: nothing outside them is read from a link, taken from a form or started by the worker. */
interface Range {
  min: number;
  max: number;
}

function isIn(value: unknown, range: Range): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= range.min && value <= range.max;
}

function clamp(value: unknown, range: Range): number {
  return typeof value === 'number' && !Number.isNaN(value)
    ? Math.min(range.max, Math.max(range.min, value))
    : range.min;
}

function parsed<T>(value: T | undefined, needs: string): Parsed<T> {
  return value === undefined ? { ok: false, error: needs } : { ok: true, value };
}

/** The number that was read, null for none; of one with a comma also how to write it. */
function parsedNumber(value: number | null, needs: string, given: string, isWhole: boolean): Parsed<number> {
  if (value !== null) return { ok: true, value };
  const meant = withoutComma(given, isWhole);
  return { ok: false, error: meant === null ? needs : `${needs}; write ${meant}` };
}

const rangeText = (range: Range): string => `${spelled(range.min)} to ${spelled(range.max)}`;

/** A whole number within `range`. */
export function integer<Owner>(access: Access<Owner, number>, range: Range, text: Description): NumberField<Owner> {
  const needs = `needs a whole number, ${rangeText(range)}`;
  const codec: Codec<number> = {
    parse: (given) => parsedNumber(parseInteger(given), needs, given, true),
    format: String,
    check: (value) => (isIn(value, range) && Number.isInteger(value) ? null : needs),
    nearest: (value) => Math.round(clamp(value, range)),
    allowed: rangeText(range),
  };
  return { kind: 'integer', ...range, ...setting(access, text, codec) };
}

/** A decimal within `range`; `format` defaults to the shortest notation. */
export function decimal<Owner>(
  access: Access<Owner, number>,
  range: Range,
  text: Description,
  format: (value: number) => string = shortestDecimal,
): NumberField<Owner> {
  const needs = `needs a number, ${rangeText(range)}`;
  const codec: Codec<number> = {
    parse: (given) => parsedNumber(parseDecimal(given), needs, given, false),
    format,
    check: (value) => (isIn(value, range) ? null : needs),
    nearest: (value) => clamp(value, range),
    allowed: rangeText(range),
  };
  return { kind: 'number', ...range, ...setting(access, text, codec) };
}

/** A whole number within `range`, or null, which is written `nullText`. */
function nullableCodec(range: Range, nullText: string): Codec<number | null> {
  const needs = `needs a whole number, ${rangeText(range)}, or ${nullText}`;
  return {
    parse: (given) =>
      given === nullText ? { ok: true, value: null } : parsedNumber(parseInteger(given), needs, given, true),
    format: (value) => (value === null ? nullText : String(value)),
    check: (value) => (value === null || (isIn(value, range) && Number.isInteger(value)) ? null : needs),
    nearest: (value) => (typeof value === 'number' && !Number.isNaN(value) ? Math.round(clamp(value, range)) : null),
    allowed: `${rangeText(range)} or \`${nullText}\``,
  };
}

/** A whole number that may be left open. */
export function optionalInteger<Owner>(
  access: Access<Owner, number | null>,
  range: Range,
  nullText: string,
  text: Description,
): OptionalIntegerField<Owner> {
  return { kind: 'optional-integer', ...range, nullText, ...setting(access, text, nullableCodec(range, nullText)) };
}

/** An attention window: `0` off, a number of rows, `f` full. */
export function attentionWindow<Owner>(
  access: Access<Owner, number | null>,
  max: number,
  text: Description,
): WindowField<Owner> {
  const range = { min: 0, max };
  return { kind: 'window', ...range, ...setting(access, text, nullableCodec(range, 'f')) };
}

/** Yes or no, written `1` or `0`. */
export function flag<Owner>(access: Access<Owner, boolean>, text: Description): BooleanField<Owner> {
  const needs = 'needs 0 or 1';
  const codec: Codec<boolean> = {
    parse: (given) => parsed(given === '1' ? true : given === '0' ? false : undefined, needs),
    format: (value) => (value ? '1' : '0'),
    check: (value) => (typeof value === 'boolean' ? null : needs),
    nearest: (value) => value === true,
    allowed: '0 or 1',
  };
  return { kind: 'boolean', ...setting(access, text, codec) };
}

/** One word of a list; the first is what an impossible value becomes. */
export function choice<Owner, T extends string>(
  access: Access<Owner, T>,
  choices: readonly { value: T; label: string }[],
  text: Description,
): ChoiceField<Owner> {
  const words = choices.map((entry) => entry.value).join(', ');
  const find = (value: unknown): T | undefined => choices.find((entry) => entry.value === value)?.value;
  // The list decides what may be set, so that the kind needs no type parameter for its words.
  const byWord: Access<Owner, string> = {
    name: access.name,
    get: access.get,
    set: (owner, word) => access.set(owner, find(word) ?? choices[0].value),
  };
  const codec: Codec<string> = {
    parse: (given) => parsed<string>(find(given), `needs one of ${words}`),
    format: (value) => value,
    check: (value) => (find(value) === undefined ? `needs one of ${words}` : null),
    nearest: (value) => find(value) ?? choices[0].value,
    allowed: choices.map((entry) => `\`${entry.value}\``).join(', '),
  };
  return { kind: 'choice', choices, ...setting(byWord, text, codec) };
}
