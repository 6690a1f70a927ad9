import type { LastFigures } from './run-outcome.ts';
import type { ConfigSummary, Difference, SeedSummary } from './seed-summary.ts';

type Figure = keyof LastFigures;

/** What figures are called, in the order of the columns. */
const NAMES: Record<Figure, string> = {
  trainBpb: 'training, last tenth',
  valBpb: 'last validation',
  testBpb: 'test part',
};

/** A summary in words: a table for each configuration, then what one needs more than the other. */
export function saySummary({ runs, configs, difference }: SeedSummary): string {
  const names = (Object.keys(NAMES) as Figure[]).filter((name) => name in configs[0]);
  const tables = configs.map((each) => {
    const own = runs.filter(({ config }) => config === each.config);
    const title = each.config === undefined ? 'over seeds, bits per byte' : `${each.config}, bits per byte`;
    const rows = [
      [title, ...names.map((name) => NAMES[name])],
      ...own.map((run) => [`seed ${run.seed}`, ...names.map((name) => bits(run[name]))]),
      ...rowsOf(each, names),
    ];
    // Behind the figures of a run, under the title.
    const notes = ['', ...own.map(({ problem }) => problem ?? '')];
    return aligned(rows).map((row, at) => (notes[at] ? `${row}  ${notes[at]}` : row));
  });
  const verdicts = difference === undefined ? [] : names.map((name) => `${NAMES[name]}: ${sayMore(difference[name])}`);
  return [...tables, ...(verdicts.length > 0 ? [verdicts] : [])].map((lines) => lines.join('\n')).join('\n\n');
}

function rowsOf(config: ConfigSummary, names: readonly Figure[]): string[][] {
  const over = names.map((name) => config[name] ?? null);
  return [
    ['mean', ...over.map((each) => bits(each?.mean))],
    ['standard deviation', ...over.map((each) => bits(each?.deviation))],
    ['95 % of the mean', ...over.map((each) => (each && each.low !== null ? range(each.low, each.high) : '-'))],
  ];
}

function sayMore(difference: Difference | null | undefined): string {
  if (!difference) return 'no difference, which takes two measured seeds of each';
  const { mean, low, high, arePairs, isMoreThanChance } = difference;
  const [lower, other, sign] = mean < 0 ? ['B', 'A', -1] : ['A', 'B', 1];
  if (low === null || high === null) {
    if (bits(mean) === bits(0)) return 'both came to the same';
    return `${other} needs ${bits(sign * mean)} more than ${lower} at every seed, which leaves no spread to judge by`;
  }
  const [from, to] = [sign * low, sign * high].toSorted((a, b) => a - b);
  const how = arePairs ? 'seed by seed' : 'between the means (Welch)';
  const verdict = isMoreThanChance ? 'more than chance' : 'too close to call';
  return `${other} needs ${bits(sign * mean)} more than ${lower} (95 %: ${range(from, to)}, ${how}): ${verdict}`;
}

/** The first column to the left, the others to the right. */
function aligned(rows: readonly string[][]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '),
  );
}

function range(low: number, high: number | null): string {
  return `${bits(low)} to ${bits(high)}`;
}

function bits(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(4);
}
