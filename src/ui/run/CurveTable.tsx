import { useEffect, useState } from 'react';
import type { ChartLine } from '../chart/chart-line.ts';

const ROWS = 12;
/** Often enough for reading, seldom enough not to cost anything. */
const REFRESH = 5000;

interface CurveTableProps {
  caption: string;
  lines: readonly ChartLine[];
  format(value: number): string;
}

/** A chart in a few numbers, for those who cannot see it. */
export function CurveTable({ caption, lines, format }: CurveTableProps) {
  const [, refresh] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => refresh((count) => count + 1), REFRESH);
    return () => clearInterval(timer);
  }, []);
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
                <td key={`${column} ${name}`}>{cellText(series.near(step)?.smoothed, format)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cellText(value: number | undefined, format: (value: number) => string): string {
  return value === undefined || !Number.isFinite(value) ? '–' : format(value);
}
