import { scientific } from '../format/quantity.ts';
import { niceStep, niceTicks } from './ticks.ts';

/** Smallest and largest of some values, and the smallest above zero, which is where a logarithmic axis can begin. */
export interface Extent {
  min: number;
  max: number;
  minPositive: number;
}

export function joinExtents(extents: readonly (Extent | null)[]): Extent | null {
  const known = extents.filter((extent) => extent !== null);
  if (known.length === 0) return null;
  return {
    min: Math.min(...known.map(({ min }) => min)),
    max: Math.max(...known.map(({ max }) => max)),
    minPositive: Math.min(...known.map(({ minPositive }) => minPositive)),
  };
}

/** A level line has this share of its height around it, so that noise in the last digit fills no chart. */
const LEAST_SHARE = 0.02;

/** Ends of a linear axis at round numbers close around what is shown. */
export function fittedRange({ min, max }: Extent): [number, number] {
  const room = Math.max(0, LEAST_SHARE * Math.max(Math.abs(min), Math.abs(max)) - (max - min)) / 2;
  const [from, to] = [min - room, max + room];
  if (!(to > from)) return [from, from + 1];
  const step = niceStep((to - from) / 4);
  const round = (steps: number): number => Number((steps * step).toPrecision(12));
  return [round(Math.floor(from / step + 1e-9)), round(Math.ceil(to / step - 1e-9))];
}

/** A logarithmic axis close around what is shown, where that is less than a decade. */
export function fittedLogDomain(extent: Extent | null): [number, number] {
  const close = extent !== null && extent.min > 0 ? fittedRange(extent) : null;
  return close !== null && close[0] > 0 && close[1] < 10 * close[0] ? close : logDomain(extent);
}

const MANTISSAS = [1, 2, 5];
/** More than this is noise about zero, not a course. */
const MOST_DECADES = 8;

/** A logarithmic axis over the values above zero, from one of 1, 2, 5 times a power of ten to another. */
export function logDomain(extent: Extent | null): [number, number] {
  if (extent === null || !Number.isFinite(extent.minPositive) || !(extent.max > 0)) return [0.1, 10];
  const top = extent.max;
  const bottom = Math.max(extent.minPositive, top / 10 ** MOST_DECADES);
  const from = logLadder(bottom / 10, bottom * (1 + 1e-9)).at(-1)!;
  const to = logLadder(top * (1 - 1e-9), top * 10)[0];
  return to > from ? [from, to] : [from, from * 2];
}

/** 1, 2, 5 times powers of ten in [from, to]. */
function logLadder(from: number, to: number): number[] {
  const values: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    for (const mantissa of MANTISSAS) {
      const value = Number(`${mantissa}e${power}`);
      if (value >= from && value <= to) values.push(value);
    }
  }
  return values;
}

/** Labels of a logarithmic axis, about `count`: whole decades where there are many, else steps that a decade is cut into. */
export function logTicks(from: number, to: number, count: number): number[] {
  const ladder = logLadder(from, to);
  if (to / from <= SHORT && count >= ROOMY) {
    const whole = wholeTicks(from, to);
    // Between 2.5 and 3.5 there is one.
    return whole.length >= 3 ? whole : niceTicks(from, to, count);
  }
  const decades = ladder.filter(isDecade);
  if (decades.length >= count) return everyOther(decades, count);
  if (ladder.length >= 3) return ladder.length <= 2 * count ? ladder : decades;
  return niceTicks(from, to, count).filter((value) => value > 0);
}

/** An axis that is this short and this high has room for every digit. */
const SHORT = 20;
const ROOMY = 5;

/** One to nine times powers of ten. */
function wholeTicks(from: number, to: number): number[] {
  const first = Math.floor(Math.log10(from));
  return Array.from({ length: 27 }, (_, at) => Number(`${(at % 9) + 1}e${first + Math.floor(at / 9)}`)).filter(
    (value) => value >= from && value <= to,
  );
}

const isDecade = (value: number): boolean => value.toExponential().startsWith('1e');

function everyOther(values: number[], count: number): number[] {
  const by = Math.max(1, Math.ceil(values.length / (2 * count)));
  return values.filter((_, index) => index % by === 0);
}

/** A number at a tick: short, without the dust of binary fractions. */
export function yTick(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 0.01 || size >= 10_000) return scientific(value);
  return String(Number(value.toPrecision(4))).replace('-', '−');
}
