import type { Series } from './series.ts';

/** One series as a chart shows it. */
export interface ChartLine {
  /** Short, as in the legend: `train`, `4×`. */
  name: string;
  series: Series;
  color: string;
  /** `curve`: faint raw values and a smoothed line. `dots`: the values themselves, few of them. */
  style: 'curve' | 'dots';
  dash?: string;
}

/** A value worth comparing with, across the whole chart. */
export interface ChartReference {
  name: string;
  y: number;
}
