import { bytes, compact, duration, exact } from '../format/quantity.ts';
import type { Span, XUnit } from '../state/chart-view.ts';
import { niceStep, niceTicks } from './ticks.ts';

interface XAxisText {
  /** As a choice. */
  label: string;
  /** Under the axis, with its unit. */
  title: string;
  /** At a tick. */
  tick(x: number): string;
  /** At ticks so close together that the short texts would be the same; with more digits where these would be, too. */
  fineTick(x: number, more: number): string;
  /** At the crosshair. */
  exact(x: number): string;
}

/** Ticks are round numbers: `1.2 MB`, where a measured one would be `1.20 MB`. */
const round = (text: string): string =>
  text
    .replace(/(\.\d*?)0+(?= |$)/, '$1')
    .replace(/\.(?= |$)/, '')
    .trim();

export const xAxes: Record<XUnit, XAxisText> = {
  step: {
    label: 'step',
    title: 'training step',
    tick: (x) => (x < 10_000 ? String(x) : round(compact(x)).replace(' ', '')),
    fineTick: exact,
    exact: (x) => `step ${x}`,
  },
  bytes: {
    label: 'bytes seen',
    title: 'text seen, bytes',
    tick: (x) => (x === 0 ? '0' : round(bytes(x))),
    fineTick: (x) => `${exact(x)} B`,
    exact: (x) => bytes(x),
  },
  time: {
    label: 'active time',
    title: 'active time, minutes:seconds',
    tick: duration,
    fineTick: (x, more) => `${x.toFixed(1 + more)} s`,
    exact: (x) => (x < 60 ? `${x.toFixed(1)} s` : duration(x)),
  },
  flops: {
    label: 'FLOPs',
    title: 'training work, FLOP',
    tick: (x) => round(compact(x)),
    fineTick: (x, more) => x.toExponential(4 + more).replace('e+', 'e'),
    exact: (x) => `${compact(x)}FLOP`,
  },
};

const DAY = 86_400;
/** Distances of ticks that one can read off a clock, in seconds. */
const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18_000, 36_000, DAY];

export function xTicks(unit: XUnit, { from, to }: Span, count: number): number[] {
  const least = (to - from) / count;
  // A clock shows no part of a second.
  if (unit === 'time' && least > CLOCK[0] / 2) {
    const distance = CLOCK.find((seconds) => least <= seconds) ?? DAY * niceStep(least / DAY);
    const first = Math.ceil(from / distance);
    return Array.from({ length: Math.floor(to / distance) - first + 1 }, (_, index) => (first + index) * distance);
  }
  const ticks = niceTicks(from, to, count);
  // There is no part of a step.
  return unit === 'step' ? ticks.filter(Number.isInteger) : ticks;
}

const MORE_DIGITS = [0, 1, 2, 3];

/** How the ticks of an axis are written: in few digits where these tell them apart. */
export function tickText(unit: XUnit, ticks: readonly number[]): (x: number) => string {
  const { tick, fineTick } = xAxes[unit];
  const texts = [tick, ...MORE_DIGITS.map((more) => (x: number) => fineTick(x, more))];
  const tellsApart = (text: (x: number) => string): boolean => new Set(ticks.map(text)).size === ticks.length;
  return texts.find(tellsApart) ?? texts[texts.length - 1];
}

/** Where an axis of time ends that shows `seconds`: seldom elsewhere, so that the curve is rarely drawn from anew. */
export function clockEnd(seconds: number): number {
  let end = 5;
  while (end < seconds) end *= 1.5;
  return Math.ceil(end);
}
