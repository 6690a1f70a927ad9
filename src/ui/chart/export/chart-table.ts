import { encodeQuery } from '../../../config/codec/encode.ts';
import { tokensPerStep } from '../../../config/costs.ts';
import { stepFlops } from '../../compare/run-figures.ts';
import type { ChartSource } from '../chart-source.ts';
import { lastAtMost } from '../search.ts';
import { csv } from '../../format/csv.ts';
import { columnMeaning } from './column-meanings.ts';

/** One column of the values behind a chart, over all rows; null is a missing value. */
interface TableColumn {
  name: string;
  meaning: string;
  values: (string | number | null)[];
}

/** The values behind a chart: one row for every step of every run at which something was measured. */
export interface ChartTable {
  title: string;
  /** Each with the settings that it was made with, as the query of a link, and its text where that is known. */
  runs: { name: string; query: string; text: { name: string; sha256: string | null } | null }[];
  columns: TableColumn[];
}

/** Columns that every file has, in their order. */
const FIXED = ['run', 'step', 'bytes_seen', 'active_seconds', 'training_flop'];

/**
 * Measured values, not smoothed, at every step; not only those that are drawn. Of a run from a link there is what the link
 * brought; its clock is not among that.
 */
export function chartTable(title: string, unit: string, sources: readonly ChartSource[]): ChartTable {
  const names = [...new Set(sources.flatMap(({ lines }) => lines.map(({ column }) => column)))];
  const columns = [...FIXED, ...names].map((name): TableColumn => ({ name, meaning: columnMeaning(name), values: [] }));
  for (const source of sources) appendRows(columns, names, source);
  return {
    title: `${title}, ${unit}`,
    runs: sources.map(({ run: { name, config, preset, text } }) => ({
      name,
      query: encodeQuery(config, preset),
      text: text && { name: text.name, sha256: text.sha256 },
    })),
    columns,
  };
}

function appendRows(columns: readonly TableColumn[], names: readonly string[], { run, lines }: ChartSource): void {
  const { metrics, config, origin } = run;
  const bytes = tokensPerStep(config);
  const flops = stepFlops(run);
  const series = names.map((name) => lines.find(({ column }) => column === name)?.series ?? null);
  for (const step of stepsOf(series.flatMap((each) => (each === null ? [] : [each.x.view()])))) {
    const at = lastAtMost(metrics.step, step);
    const seconds = origin === 'link' || at < 0 ? null : metrics.activeSeconds.at(at);
    const values = series.map((each) => {
      if (each === null) return null;
      const index = lastAtMost(each.x, step);
      const value = index >= 0 && each.x.at(index) === step ? each.y.at(index) : NaN;
      return Number.isFinite(value) ? value : null;
    });
    [run.name, step, step * bytes, seconds, step * flops, ...values].forEach((value, column) =>
      columns[column].values.push(value),
    );
  }
}

/** All steps of several ascending columns, each once. */
function stepsOf(columns: readonly Float64Array[]): number[] {
  return [...new Set(columns.flatMap((column) => [...column]))].sort((a, b) => a - b);
}

export function toCsv({ columns }: ChartTable): string {
  const names = columns.map(({ name }) => name);
  return csv(
    names,
    columns[0].values.map((_, row) => columns.map(({ values }) => values[row])),
  );
}

/** Where a file was made. */
export interface Provenance {
  /** When, by ISO 8601. */
  saved: string;
  /** Version of the page. */
  strata: string;
  /** Browser, adapter and kernels of the page, line by line. */
  environment: readonly string[];
}

/** The table by columns, each with its meaning. */
export function toJson(table: ChartTable, provenance: Provenance): string {
  return `${JSON.stringify({ format: 'strata-chart', version: 1, ...provenance, ...table })}\n`;
}
