import { bytes, compact, duration } from '../format/quantity.ts';
import type { XUnit } from '../state/chart-view.ts';
import { niceTicks } from './ticks.ts';

interface XAxisText {
  /** As a choice. */
  label: string;
  /** Under the axis, with its unit. */
  title: string;
  /** At a tick. */
  tick(x: number): string;
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
    exact: (x) => `step ${x}`,
  },
  bytes: {
    label: 'bytes seen',
    title: 'text seen, bytes',
    tick: (x) => (x === 0 ? '0' : round(bytes(x))),
    exact: (x) => bytes(x),
  },
  time: {
    label: 'active time',
    title: 'active time, minutes:seconds',
    tick: duration,
    exact: (x) => (x < 60 ? `${x.toFixed(1)} s` : duration(x)),
  },
  flops: {
    label: 'FLOPs',
    title: 'training work, FLOP',
    tick: (x) => round(compact(x)),
    exact: (x) => `${compact(x)}FLOP`,
  },
};

/** Distances of ticks that one can read off a clock, in seconds. */
const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18_000, 36_000, 86_400];

export function xTicks(unit: XUnit, to: number, count: number): number[] {
  if (unit !== 'time') return niceTicks(0, to, count);
  const distance = CLOCK.find((seconds) => to / seconds <= count) ?? CLOCK[CLOCK.length - 1];
  return Array.from({ length: Math.floor(to / distance) + 1 }, (_, index) => index * distance);
}

/** Where an axis of time ends that shows `seconds`: seldom elsewhere, so that the curve is rarely drawn from anew. */
export function clockEnd(seconds: number): number {
  let end = 5;
  while (end < seconds) end *= 1.5;
  return Math.ceil(end);
}
