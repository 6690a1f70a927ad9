import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { ChartLine } from '../../../src/ui/chart/chart-line.ts';
import { Column } from '../../../src/ui/chart/column.ts';
import { Series } from '../../../src/ui/chart/series.ts';
import { CurveTable } from '../../../src/ui/run/CurveTable.tsx';

/** A line of the values 1, 1, ... at these steps. */
function lineOf(column: string, steps: readonly number[]): ChartLine {
  const series = new Series(new Column(), 0);
  for (const step of steps) {
    series.x.append(step);
    series.y.append(1);
  }
  return { name: column, column, series, color: 'red', style: 'exact' } as unknown as ChartLine;
}

/** Cells of the rows, the step first. */
function rowsOf(lines: readonly ChartLine[]): string[][] {
  const table = renderToStaticMarkup(<CurveTable caption="Losses" lines={lines} format={String} />);
  const rows = table.split('<tr>').slice(2);
  return rows.map((row) => [...row.matchAll(/>([^<>]+)</g)].map(([, text]) => text));
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

test('a line has no values beyond its ends, beside one that is longer', () => {
  const rows = rowsOf([
    lineOf('long', range(1, 1200)),
    lineOf('short', range(1, 340)),
    lineOf('late', range(900, 1200)),
  ]);
  expect(rows.map(([step]) => step)).toEqual(range(1, 12).map((row) => String(100 * row)));
  const filled = rows.map(([, ...cells]) => cells.map((cell) => (cell === '1' ? 'x' : '-')).join(''));
  expect(filled.join(' ')).toBe('xx- xx- xx- x-- x-- x-- x-- x-- x-x x-x x-x x-x');
});

test('a value that is measured seldom stands for the steps around it', () => {
  const [first, ...rest] = rowsOf([lineOf('long', range(1, 1200)), lineOf('validation', [250, 650, 1150])]);
  expect(first.at(-1)).toBe('–');
  expect(rest.map((row) => row.at(-1))).toEqual(Array(11).fill('1'));
});
