import { encodeQuery } from '../../../config/codec/encode.ts';
import type { CsvValue } from '../../format/csv.ts';
import { spentFlops } from '../run-figures.ts';
import type { SeedResult } from '../seeds/seed-measures.ts';
import type { SeedRow } from '../seeds/seed-rows.ts';
import type { Table } from './TableAsCsv.tsx';

/** Columns of the file of "Over seeds", in the words of docs/chart-files.md. */
export const seedsColumns: Readonly<Record<string, string>> = {
  measure: '`Test part` or `Last validation`, both in bits per byte',
  configuration: 'its letter on the page',
  about: 'what tells it from the first configuration',
  query: 'the settings of its first run as the query of a link',
  seeds: 'seeds that it was trained with, with spaces between',
  runs: 'names of its runs, with semicolons between',
  training_flop: 'floating-point operations of one of its runs',
  measured: 'how many of its runs were measured',
  mean: 'mean over those; empty where none was',
  standard_deviation: 'standard deviation over them; empty of fewer than two',
  lowest: 'the lowest of them',
  highest: 'the highest of them',
  more: 'how much more it needs than the lowest mean; empty of the lowest, and where nothing is compared',
  more_margin: 'half the width of the 95 % interval of that difference',
  verdict: '`best`, `may be best`, or `behind` by more than chance; empty where nothing is compared',
};

/** One row for each configuration and measure. */
export function seedsTable(rows: readonly SeedRow[], results: readonly SeedResult[]): Table {
  return {
    columns: Object.keys(seedsColumns),
    rows: results.flatMap((result) => rows.map((row, at) => seedsRow(row, result, at))),
  };
}

function seedsRow(
  { letter, label, runs }: SeedRow,
  { label: measure, samples, verdicts }: SeedResult,
  at: number,
): CsvValue[] {
  const [run] = runs;
  const sample = samples[at];
  const verdict = verdicts.find(({ best, close, more }) => best === at || close.has(at) || more.has(at));
  const difference = verdict?.more.get(at);
  return [
    measure,
    letter,
    label,
    encodeQuery(run.config, run.preset),
    runs.map(({ config }) => config.training.seed).join(' '),
    runs.map(({ name }) => name).join('; '),
    spentFlops(run),
    sample?.count ?? 0,
    sample && sample.mean,
    sample && sample.deviation,
    sample && sample.lowest,
    sample && sample.highest,
    difference?.mean ?? null,
    difference?.margin ?? null,
    verdict === undefined ? null : verdict.best === at ? 'best' : verdict.close.has(at) ? 'may be best' : 'behind',
  ];
}
