import { Column } from '../../chart/column.ts';
import { Envelope } from '../../chart/envelope.ts';
import type { Placement } from '../../chart/placement.ts';
import { Series } from '../../chart/series.ts';
import type { XUnit } from '../../state/chart-view.ts';
import type { RunRecord } from '../../state/runs.ts';
import { placements } from '../run-figures.ts';

/** The loss of several runs as one line: their mean at each step that all of them have, and how far they lie apart. */
export interface MeanCurve {
  series: Series;
  at: Placement;
  band: Envelope;
}

/** What was measured of a run: values at steps, and when. */
interface Measured {
  steps: Column;
  values: Column;
  seconds: Column;
}

/** @param runs that differ in their seed alone, and are through */
export function meanCurve(runs: readonly RunRecord[], x: XUnit, validation: boolean): MeanCurve {
  const measured = runs.map(({ metrics }): Measured => {
    const { step: steps, validationStep, validationSeconds } = metrics;
    return validation
      ? { steps: validationStep, values: metrics.validation.y, seconds: validationSeconds }
      : { steps, values: metrics.train.y, seconds: metrics.activeSeconds };
  });
  const rows = commonRows(measured.map(({ steps }) => steps));
  const stepColumn = columnOf(rows, ([first]) => measured[0].steps.at(first));
  const meanOf = (what: 'values' | 'seconds'): Column =>
    columnOf(rows, (row) => row.reduce((sum, at, run) => sum + measured[run][what].at(at), 0) / row.length);
  const { steps, validation: validations } = placements(runs[0], x);
  const { scale } = validation ? validations : steps;
  return {
    series: seriesOf(stepColumn, meanOf('values')),
    at: { column: x === 'time' ? meanOf('seconds') : stepColumn, scale },
    band: new Envelope(
      measured.map(({ values }, run) =>
        seriesOf(
          stepColumn,
          columnOf(rows, (row) => values.at(row[run])),
        ),
      ),
    ),
  };
}

/** Where each of some ascending columns has the values that all of them have: for each such value, an index into every column. */
function commonRows(columns: readonly Column[]): number[][] {
  const rows: number[][] = [];
  const at = columns.map(() => 0);
  const [first, ...others] = columns;
  for (; at[0] < first.length; at[0]++) {
    const value = first.at(at[0]);
    others.forEach((column, other) => {
      while (column.at(at[other + 1]) < value && at[other + 1] < column.length) at[other + 1]++;
    });
    if (others.every((column, other) => at[other + 1] < column.length && column.at(at[other + 1]) === value)) {
      rows.push([...at]);
    }
  }
  return rows;
}

function columnOf(rows: readonly number[][], valueOf: (row: readonly number[]) => number): Column {
  const column = new Column();
  for (const row of rows) column.append(valueOf(row));
  return column;
}

function seriesOf(steps: Column, values: Column): Series {
  const series = new Series(steps);
  series.y.appendAll(values.view());
  return series;
}
