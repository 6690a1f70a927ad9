import { clockEnd } from './x-axis.ts';
import type { ChartLine } from './chart-line.ts';
import { endOf } from './placement.ts';
import { viewEnd } from './ticks.ts';
import { placements } from '../compare/run-figures.ts';
import type { Measured } from '../compare/run-figures.ts';
import type { RunRecord } from '../state/runs.ts';
import type { XUnit } from '../state/chart-view.ts';

/** A run with what a chart shows of it. */
export interface ChartSource {
  run: Measured & Pick<RunRecord, 'name' | 'preset' | 'text'> & { origin?: RunRecord['origin'] };
  lines: readonly ChartLine[];
}

/** Last x of a chart: the first run's view, or as far as a longer one has come. */
export function chartEnd([first, ...others]: readonly ChartSource[], unit: XUnit): number {
  if (first === undefined) return 1;
  const { run } = first;
  const { steps } = placements(run, unit);
  const view =
    unit === 'time' ? clockEnd(endOf(steps)) : viewEnd(run.metrics.lastStep, run.config.training.steps) * steps.scale;
  return Math.max(view, ...others.flatMap(({ lines }) => lines.map(({ at }) => endOf(at))));
}
