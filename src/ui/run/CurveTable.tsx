import type { ChartLine } from '../chart/chart-line.ts';
import type { Series } from '../chart/series.ts';

const ROWS = 12;

interface CurveTableProps {
  caption: string;
  lines: readonly ChartLine[];
  format(value: number): string;
}

/** A chart in a few numbers, for those who cannot see it. */
export function CurveTable({ caption, lines, format }: CurveTableProps) {
  const last = Math.max(0, ...lines.map(({ series }) => (series.x.length > 0 ? series.x.last : 0)));
  if (last === 0) return null;
  const steps = [...new Set(Array.from({ length: ROWS }, (_, row) => Math.round((last * (row + 1)) / ROWS)))];
  return (
    <div className="visually-hidden">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            {lines.map(({ name, column }) => (
              <th key={`${column} ${name}`} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step}>
              <th scope="row">{step}</th>
              {lines.map(({ name, column, series }) => (
                <td key={`${column} ${name}`}>{cellText(valueAt(series, step, last / ROWS), format)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The value nearest to a step; none beyond the ends of the line, by more than half the way from row to row. */
function valueAt(series: Series, step: number, between: number): number | undefined {
  const { x } = series;
  if (x.length === 0 || step < x.at(0) - between / 2 || step > x.last + between / 2) return undefined;
  return series.near(step)?.smoothed;
}

function cellText(value: number | undefined, format: (value: number) => string): string {
  return value === undefined || !Number.isFinite(value) ? '–' : format(value);
}
