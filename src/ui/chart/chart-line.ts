import type { Envelope } from './envelope.ts';
import type { Placement } from './placement.ts';
import type { Series } from './series.ts';

/** One series as a chart shows it. */
export interface ChartLine {
  /** Short, as in the legend: `train`, `4×`. */
  name: string;
  /** Name of its values in a file, with their unit: `train_bits_per_byte`. One line of a run for each. */
  column: string;
  /** What was measured: what the legend reads out and a file holds. */
  series: Series;
  /** Where its values lie on the x axis. */
  at: Placement;
  color: string;
  /**
   * `curve`: faint raw values and a smoothed line. `overlay`: the smoothed line alone. `exact`: a line that is never
   * smoothed. `area`: all below the smoothed line. `dots`: the values themselves, few of them. `joined`: those with a
   * line through them. `faint`: few values, joined by a thin line that stays behind the others.
   */
  style: 'curve' | 'overlay' | 'exact' | 'area' | 'dots' | 'joined' | 'faint';
  dash?: string;
  /** Drawn in place of `series`: in a stack, the sum up to here. */
  drawn?: Series;
  /** A tint behind the line, smoothed like it: what the line is the mean of. */
  band?: Envelope;
}

/** Whether a line shows its values as they are, whatever the smoothing. */
export function isMeasured(style: ChartLine['style']): boolean {
  return style === 'exact' || style === 'dots' || style === 'joined' || style === 'faint';
}

/** Something that happened to a run at one place of the x axis. */
export interface ChartMark {
  name: string;
  x: number;
}

/** A value worth comparing with, across the whole chart. */
export interface ChartReference {
  name: string;
  y: number;
}
