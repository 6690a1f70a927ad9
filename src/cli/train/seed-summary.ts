import { arePairs, differenceOverSeeds, type MeasuredSeeds } from '../../comparison/difference-over-seeds.ts';
import { sampleOf } from '../../comparison/sample.ts';
import { isMoreThanChance, meanOverSeeds, type SeedEstimate } from '../../comparison/seed-estimate.ts';
import { shortestQuery } from '../../config/codec/encode.ts';
import { withTraining } from '../../config/problem.ts';
import type { RunConfig } from '../../config/types.ts';
import type { RunLabel } from './planned-runs.ts';
import type { LastFigures, RunOutcome } from './run-outcome.ts';

type Figure = keyof LastFigures;
type PerFigure<Value> = Partial<Record<Figure, Value>>;

/** A mean and what more seeds would come to at 95 %; null where seeds show no spread. */
interface Interval {
  mean: number;
  low: number | null;
  high: number | null;
}

/** What the seeds of a configuration came to. */
export interface OverSeeds extends Interval {
  /** Runs that were measured. */
  count: number;
  /** Standard deviation over seeds; null of a single one. */
  deviation: number | null;
}

/** By how much B needs more than A. */
export interface Difference extends Interval {
  /** Whether it was taken seed by seed; else between the means (Welch). */
  arePairs: boolean;
  isMoreThanChance: boolean;
}

/** The last line of `--json` with `--seeds`, in bits per byte. */
export interface SeedSummary {
  kind: 'seeds';
  /** Figures are null of a run that is not through, and `problem` says why. */
  runs: (RunLabel & PerFigure<number | null> & { problem?: string })[];
  configs: ConfigSummary[];
  /** Null where one of the two has fewer than two measured seeds; left out where there is one configuration. */
  difference?: PerFigure<Difference | null>;
}

export interface ConfigSummary extends PerFigure<OverSeeds | null> {
  config?: RunLabel['config'];
  /** As `--config` takes it, with seed 0. */
  query: string;
}

/** @param test whether runs are measured on the test part */
export function summaryOf(outcomes: readonly RunOutcome[], test: boolean): SeedSummary {
  const names: Figure[] = test ? ['trainBpb', 'valBpb', 'testBpb'] : ['trainBpb', 'valBpb'];
  const each = <Value>(of: (name: Figure) => Value): PerFigure<Value> =>
    Object.fromEntries(names.map((name) => [name, of(name)]));
  const letters = [...new Set(outcomes.map(({ run }) => run.label!.config))];
  const groups = letters.map((letter) => outcomes.filter(({ run }) => run.label!.config === letter));
  return {
    kind: 'seeds',
    runs: outcomes.map(({ run, figures, problem }) => ({
      ...run.label!,
      ...each((name) => figures?.[name] ?? null),
      ...(problem !== null && { problem }),
    })),
    configs: groups.map((group, at) => ({
      ...(letters[at] !== undefined && { config: letters[at] }),
      query: queryOf(group[0].run.config),
      ...each((name) => overSeeds(measured(group, name))),
    })),
    ...(groups.length === 2 && {
      difference: each((name) => differenceOf(measured(groups[1], name), measured(groups[0], name))),
    }),
  };
}

/** A configuration, whatever its seed. */
export function queryOf(config: RunConfig): string {
  return shortestQuery(withTraining(config, { seed: 0 }));
}

/** The runs of a configuration that have a figure, by their seeds. */
function measured(group: readonly RunOutcome[], name: Figure): MeasuredSeeds {
  const known = group.flatMap(({ run, figures }) => {
    const figure = figures?.[name] ?? null;
    return figure === null ? [] : [{ config: run.config, figure }];
  });
  known.sort((a, b) => a.config.training.seed - b.config.training.seed);
  return { runs: known, figures: known.map(({ figure }) => figure) };
}

function overSeeds({ figures }: MeasuredSeeds): OverSeeds | null {
  const sample = sampleOf(figures);
  if (sample === null) return null;
  const { count, deviation } = sample;
  return { count, deviation, ...intervalOf(meanOverSeeds(sample)) };
}

function differenceOf(a: MeasuredSeeds, b: MeasuredSeeds): Difference | null {
  if (a.figures.length < 2 || b.figures.length < 2) return null;
  const difference = differenceOverSeeds(a, b);
  return {
    ...intervalOf(difference),
    arePairs: arePairs(a, b),
    isMoreThanChance: isMoreThanChance({ ...difference, mean: Math.abs(difference.mean) }),
  };
}

function intervalOf({ mean, margin }: SeedEstimate): Interval {
  return margin === null ? { mean, low: null, high: null } : { mean, low: mean - margin, high: mean + margin };
}
