import type { ChartLine } from '../chart/chart-line.ts';
import type { ChartSource } from '../chart/chart-source.ts';
import type { XUnit } from '../state/chart-view.ts';
import type { RunRecord } from '../state/runs.ts';
import { isTimed, placements } from './run-figures.ts';
import { lookOf, lossColumn, overlayStyle } from './run-look.ts';
import type { RunLooks } from './run-look.ts';
import { meanCurve } from './seeds/mean-curve.ts';
import { isRepeated } from './seeds/seed-groups.ts';
import type { SeedRow } from './seeds/seed-rows.ts';

/** Runs that differ in their seed alone. */
type Group = readonly RunRecord[];

/** What the chart of a comparison shows. */
interface Choice {
  x: XUnit;
  /** Validation instead of training loss. */
  validation: boolean;
  /** Seeds each by itself. */
  apart: boolean;
}

interface Compared {
  /** Every run with what was measured of it, the newest first. */
  sources: readonly ChartSource[];
  /** What is drawn of that. */
  lines: readonly ChartLine[];
}

/** Groups of several seeds of which a run is compared. */
export function repeatedAmong(runs: readonly RunRecord[], groups: readonly Group[]): readonly Group[] {
  return groups.filter((group) => isRepeated(group) && group.some((run) => runs.includes(run)));
}

/**
 * The losses of compared runs. Of a run that was repeated with other seeds these are drawn as well: as one line, their mean
 * in a band from the lowest to the highest, or each by itself in the look of the run.
 *
 * @param repeated groups of several seeds, each with a compared run at least
 * @param rows what configurations with several seeds are called
 */
export function comparedLines(
  runs: readonly RunRecord[],
  repeated: readonly Group[],
  rows: readonly SeedRow[],
  looks: RunLooks,
  choice: Choice,
): Compared {
  const sources: ChartSource[] = [];
  const lines: ChartLine[] = [];
  const done = new Set<Group>();
  for (const run of runs.toReversed()) {
    const group = repeated.find((each) => each.includes(run)) ?? [run];
    if (done.has(group)) continue;
    done.add(group);
    const each = group.toReversed().map((seed) => sourceOf(seed, looks, choice));
    const own = each.flatMap((source) => source.lines);
    sources.push(...each);
    // On an axis of time, the mean is of runs that all have theirs.
    const isMean = isRepeated(group) && !choice.apart && own.length === group.length;
    lines.push(...(isMean ? [meanLine(run, group, rows, looks, choice)] : own));
  }
  return { sources, lines };
}

function meanLine(run: RunRecord, group: Group, rows: readonly SeedRow[], looks: RunLooks, choice: Choice): ChartLine {
  const row = rows.find(({ runs }) => runs.includes(run));
  const name = row === undefined ? run.name : nameOf(row, run);
  const [line] = sourceOf(run, looks, choice).lines;
  return {
    ...line,
    name: `${name}, mean of ${group.length} seeds`,
    ...meanCurve(group, choice.x, choice.validation),
  };
}

/** A legend has no room for a model that is all other than its preset. */
const LONGEST_LABEL = 48;

function nameOf({ letter, label }: SeedRow, { name }: RunRecord): string {
  return label.length <= LONGEST_LABEL ? `${letter}: ${label}` : `${letter}: ${name}`;
}

function sourceOf(run: RunRecord, looks: RunLooks, { x, validation }: Choice): ChartSource {
  const { metrics, name } = run;
  const look = lookOf(run, looks);
  const at = placements(run, x);
  // Without its time a run has no place on an axis of time.
  if (x === 'time' && !isTimed(metrics)) return { run, lines: [] };
  const line: ChartLine = validation
    ? {
        name,
        ...look,
        column: 'validation_bits_per_byte',
        series: metrics.validation,
        at: at.validation,
        style: 'joined',
      }
    : {
        name,
        ...look,
        column: lossColumn(run, 'train_bits_per_byte'),
        series: metrics.train,
        at: at.steps,
        style: overlayStyle(run),
      };
  return { run, lines: [line] };
}
