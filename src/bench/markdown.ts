import type { SuiteEvent } from './report.ts';
import { headline, tablesOf, type Table } from './tables.ts';

/** A table in Markdown, padded so that it can be read as it is. */
export function markdownTable({ columns, rows }: Table): string {
  // A bar would end the cell.
  const cells = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = columns.map(({ title }, i) => Math.max(3, title.length, ...cells.map((row) => row[i].length)));
  const line = (parts: string[]): string => `| ${parts.join(' | ')} |`;
  const padded = (cell: string, i: number): string =>
    columns[i].isFigure ? cell.padStart(widths[i]) : cell.padEnd(widths[i]);
  const rule = columns.map(({ isFigure }, i) => (isFigure ? `${'-'.repeat(widths[i] - 1)}:` : '-'.repeat(widths[i])));
  return [
    line(columns.map(({ title }, i) => padded(title, i))),
    line(rule),
    ...cells.map((row) => line(row.map(padded))),
  ].join('\n');
}

/** Everything that was reported, as a document of its own: what docs/benchmarks holds. */
export function markdown(events: readonly SuiteEvent[]): string {
  const name = events.find((event) => event.kind === 'header')?.adapter.description ?? 'an unknown adapter';
  const parts = tablesOf(events).map((table) => `## ${table.title}\n\n${markdownTable(table)}`);
  return [`# Benchmark of ${name}`, headline(events) ?? '', ...parts].join('\n\n');
}
