import { bytes, compact, exact, loss } from '../format/quantity.ts';
import type { RunRecord } from '../state/runs.ts';
import { incomparable } from '../../comparison/same-bytes.ts';
import {
  bestValidation,
  bestValidationWithin,
  commonFlops,
  knownUntil,
  meanBytesPerSecond,
  parameters,
  spentFlops,
  stepFlops,
  timeOf,
} from './run-figures.ts';

/** One measured figure of several runs. */
export interface MetricRow {
  label: string;
  values: string[];
  /** Index of the run whose loss is the lowest; null where none is, or it is no contest. */
  lowest: number | null;
}

/**
 * What runs came to, the comparisons first. No loss is the lowest where they were not measured on the same bytes.
 *
 * @param mayWin whether a single one of these runs may be called the lowest at all
 */
export function metricRows(runs: readonly RunRecord[], mayWin = true): MetricRow[] {
  const equal = commonFlops(runs);
  const isContest = mayWin && incomparable(runs) === null;
  const best = runs.map(({ metrics }) => bestValidation(metrics));
  const rate = runs.map((run) => meanBytesPerSecond(run));
  const contest = (label: string, values: (number | null)[]): MetricRow => ({
    label,
    values: values.map(loss),
    lowest: isContest ? lowest(values) : null,
  });
  const fact = (label: string, values: string[]): MetricRow => ({ label, values, lowest: null });
  return [
    {
      ...contest('Best validation, bits per byte', best),
      values: best.map((value, at) => `${loss(value)}${value === null ? '' : knownUntil(runs[at].metrics)}`),
    },
    ...(equal > 0 && runs.length > 1
      ? [
          contest(
            `Best validation within equal FLOPs (${compact(equal)}FLOP), bits per byte`,
            runs.map((run) => bestValidationWithin(run, equal)),
          ),
        ]
      : []),
    fact(
      'Speed',
      rate.map((each) => (each === null ? '–' : `${bytes(each)}/s`)),
    ),
    fact(
      'Parameters',
      runs.map((run) => exact(parameters(run))),
    ),
    fact(
      'FLOPs a step',
      runs.map((run) => `${compact(stepFlops(run))}FLOP`),
    ),
    fact(
      'FLOPs so far',
      runs.map((run) => `${compact(spentFlops(run))}FLOP`),
    ),
    fact(
      'Steps so far',
      runs.map(({ metrics }) => exact(metrics.madeSteps)),
    ),
    fact(
      'Active time',
      runs.map(({ metrics }) => timeOf(metrics)),
    ),
  ];
}

/** The one lowest value among at least two; what is written alike is no victory. */
function lowest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const least = Math.min(...known);
  const winners = values.filter((value) => loss(value) === loss(least));
  return winners.length === 1 ? values.indexOf(least) : null;
}
