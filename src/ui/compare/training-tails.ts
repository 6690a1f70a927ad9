import type { Estimate } from '../../protocol/test-score.ts';
import { lastAtMost } from '../chart/search.ts';
import type { RunRecord } from '../state/runs.ts';
import { stepFlops } from './run-figures.ts';
import { incomparable } from './run-text.ts';
import { NO_VERDICT, verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** The last steps of a run within some work, and what the text cost in them, in bits per byte. */
interface Tail {
  steps: Float64Array;
  losses: Float64Array;
}

export interface TrainingTails {
  /** First and last step, and the mean over all of them; null where a run had made none. */
  tails: ({ from: number; to: number; mean: number } | null)[];
  verdict: Verdict;
  /** Whether the losses are those of links, smoothed, so that nobody can tell how much is chance. */
  smoothed: boolean;
}

/** A batch is easier or harder than the next by far more than models differ: one step says nothing. */
const SHARE = 1 / 10;
const FEWEST_STEPS = 10;

/**
 * The training losses of runs just before they had had so much work. Runs that read the same batches are compared over the same
 * steps, where that is nearly the same work: what makes a batch hard then makes no difference.
 */
export function trainingTails(runs: readonly RunRecord[], flops: number): TrainingTails {
  const smoothed = runs.some(({ origin }) => origin === 'link');
  const dearest = Math.max(...runs.map((run) => stepFlops(run)));
  const from = flops - Math.max(SHARE * flops, FEWEST_STEPS * dearest);
  const own = runs.map((run) => tailOf(run, from, flops, smoothed));
  const shared = smoothed || !readSameBatches(runs) ? null : overSameSteps(own);
  const tails = shared ?? own;
  const known = tails.flatMap((tail, at) => (tail === null ? [] : [{ at, mean: meanOf(tail.losses) }]));
  const bitsMore = (at: number, than: number): Estimate => difference(tails[at]!, tails[than]!, shared !== null);
  return {
    tails: tails.map((tail) => tail && { from: tail.steps[0], to: tail.steps.at(-1)!, mean: meanOf(tail.losses) }),
    verdict: smoothed || incomparable(runs) !== null ? NO_VERDICT : verdictOf(known, bitsMore),
    smoothed,
  };
}

function tailOf(run: RunRecord, from: number, to: number, smoothed: boolean): Tail | null {
  const { step, train } = run.metrics;
  const last = lastAtMost(step, (to / stepFlops(run)) * (1 + 1e-12));
  if (last < 0) return null;
  // Of a link there may be no point in there.
  const first = Math.min(last, lastAtMost(step, from / stepFlops(run)) + 1);
  const losses = smoothed ? train.smoothed : train.y;
  return { steps: step.view().slice(first, last + 1), losses: losses.view().slice(first, last + 1) };
}

/** Whether every run has the same bytes before it at a step. */
function readSameBatches([first, ...others]: readonly RunRecord[]): boolean {
  const sequences = ({ config: { training } }: RunRecord): number => training.batchSize * training.accumulation;
  const seed = ({ config: { training } }: RunRecord): number => training.seed;
  return others.every((run) => seed(run) === seed(first) && sequences(run) === sequences(first));
}

/** Tails cut down to the steps that all of them have; null where those are less than half of one. */
function overSameSteps(tails: readonly (Tail | null)[]): Tail[] | null {
  const known = tails.filter((tail) => tail !== null);
  if (known.length < tails.length) return null;
  const sets = known.map(({ steps }) => new Set(steps));
  const common = known[0].steps.filter((step) => sets.every((steps) => steps.has(step)));
  if (known.some(({ steps }) => common.length < steps.length / 2)) return null;
  const isCommon = new Set(common);
  return known.map(({ steps, losses }) => ({
    steps: common,
    losses: losses.filter((_, at) => isCommon.has(steps[at])),
  }));
}

/**
 * By how much `a` needs more than `b`. The standard error comes from how losses differ from step to step: the differences at each
 * of the same steps, else the losses of each run.
 */
function difference(a: Tail, b: Tail, ofSameSteps: boolean): Estimate {
  const mean = meanOf(a.losses) - meanOf(b.losses);
  const squared = ofSameSteps
    ? squaredError(a.losses.map((loss, at) => loss - b.losses[at]))
    : squaredError(a.losses) + squaredError(b.losses);
  return { mean, error: Number.isFinite(squared) ? Math.sqrt(squared) : null };
}

/** Of a mean; not finite for a single value. */
function squaredError(values: Float64Array): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return squares / (values.length - 1) / values.length;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
