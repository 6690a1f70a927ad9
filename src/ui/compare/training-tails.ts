import type { Estimate } from '../../protocol/test-score.ts';
import { lastAtMost } from '../chart/search.ts';
import type { RunRecord } from '../state/runs.ts';
import { stepFlops } from './run-figures.ts';
import { incomparable } from '../../comparison/same-bytes.ts';
import { readSameBatches } from '../../comparison/same-batches.ts';
import { TAIL_SHARE } from '../../comparison/training-tail.ts';
import { meanOf, varianceOf } from '../../comparison/variance.ts';
import { NO_VERDICT, SURE, verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** The last steps of a run within some work, and what the text cost in them, in bits per byte. */
interface Tail {
  steps: Float64Array;
  losses: Float64Array;
}

export interface TrainingTails {
  /** First and last step, and the mean over all of them; null where a run has none there. */
  tails: ({ from: number; to: number; mean: number } | null)[];
  verdict: Verdict;
  /** Why no run may be called the best, in a few words; null where one may. */
  obstacle: string | null;
}

const FEWEST_STEPS = 10;
/** By how much the work of two runs may differ at the steps that they are compared over; a flat baseline is closer. */
const SAME_WORK = 0.01;
/** Part of the work that tells how fast a loss falls: over a tenth of it hard batches would. */
const SLOPE_SHARE = 1 / 2;
/** So many of its steps tell that, of a run of a million too: it is asked several times a second. */
const SLOPE_STEPS = 2000;
/** Steps whose work adds up to some work, in floating-point numbers. */
const ROUNDING = 1 + 1e-12;

/**
 * The training losses of runs over the last tenth of so much work. Runs that read the same batches are compared over the same
 * steps, if that is nearly the same work: what makes a batch hard then makes no difference.
 */
export function trainingTails(runs: readonly RunRecord[], flops: number): TrainingTails {
  const smoothed = runs.some(({ origin }) => origin === 'link');
  const own = runs.map((run) => lastOf(run, TAIL_SHARE, flops, smoothed));
  const shared = smoothed || !readSameBatches(runs) || !costTheSame(runs) ? null : overSameSteps(own);
  const tails = shared ?? own;
  const told = tails.map((tail) => tail && { from: tail.steps[0], to: tail.steps.at(-1)!, mean: meanOf(tail.losses) });
  const without = (obstacle: string | null): TrainingTails => ({ tails: told, verdict: NO_VERDICT, obstacle });
  if (smoothed) return without('some smoothed: no best');
  if (incomparable(runs) !== null) return without(null);
  if (own.some((tail) => (tail?.steps.length ?? 0) < FEWEST_STEPS)) {
    return without(`under ${FEWEST_STEPS} steps: no best`);
  }
  const verdict = verdictOf(
    told.flatMap((tail, at) => (tail === null ? [] : [{ at, mean: tail.mean }])),
    (at, than) => difference(tails[at]!, tails[than]!, shared !== null),
  );
  const unequal = shared === null ? TAIL_SHARE * flops : unequalWork(runs, shared[0]);
  const drift = unequal * Math.max(...runs.map((run) => slopeOf(run, flops)));
  const isSure = ({ mean, error }: Estimate): boolean => mean > drift + SURE * (error ?? 0);
  if (verdict.best !== null && ![...verdict.more.values()].every(isSure)) {
    return without('losses fall by more than they differ: no best');
  }
  return { tails: told, verdict, obstacle: null };
}

/** The steps of a run in the last part of some work; null where there are none. */
function lastOf(run: RunRecord, share: number, flops: number, smoothed: boolean): Tail | null {
  const { step, train } = run.metrics;
  const cost = stepFlops(run);
  const last = lastAtMost(step, (flops / cost) * ROUNDING);
  const first = lastAtMost(step, (((1 - share) * flops) / cost) * ROUNDING) + 1;
  if (first > last) return null;
  const losses = smoothed ? train.smoothed : train.y;
  return { steps: step.view().slice(first, last + 1), losses: losses.view().slice(first, last + 1) };
}

/** Whether at one step every run has had nearly the same work: more would be an advantage. */
function costTheSame(runs: readonly RunRecord[]): boolean {
  const costs = runs.map((run) => stepFlops(run));
  return Math.max(...costs) <= (1 + SAME_WORK) * Math.min(...costs);
}

/** Tails cut down to the steps that all of them have; null where the curve of one has a gap there. */
function overSameSteps(tails: readonly (Tail | null)[]): Tail[] | null {
  const known = tails.filter((tail) => tail !== null);
  if (known.length < tails.length) return null;
  const from = Math.max(...known.map(({ steps }) => steps[0]));
  const to = Math.min(...known.map(({ steps }) => steps.at(-1)!));
  const cut = known.map(({ steps, losses }): Tail => {
    const isCommon = (_: number, at: number): boolean => steps[at] >= from && steps[at] <= to;
    return { steps: steps.filter(isCommon), losses: losses.filter(isCommon) };
  });
  const [{ steps: common }] = cut;
  const isCommon = ({ steps }: Tail): boolean =>
    steps.length === common.length && steps.every((step, at) => step === common[at]);
  return common.length > 0 && cut.every(isCommon) ? cut : null;
}

/** The most work by which runs differ at some steps. */
function unequalWork(runs: readonly RunRecord[], { steps }: Tail): number {
  const costs = runs.map((run) => stepFlops(run));
  return (Math.max(...costs) - Math.min(...costs)) * steps.at(-1)!;
}

/** Some of the steps, at equal distances. */
function thinned({ steps, losses }: Tail): Tail {
  const every = Math.ceil(steps.length / SLOPE_STEPS);
  const length = Math.ceil(steps.length / every);
  const pick = (column: Float64Array): Float64Array => Float64Array.from({ length }, (_, at) => column[at * every]);
  return { steps: pick(steps), losses: pick(losses) };
}

/** By how much the loss of a run changes per FLOP, as a straight line through its later losses does. */
function slopeOf(run: RunRecord, flops: number): number {
  const tail = lastOf(run, SLOPE_SHARE, flops, false);
  if (tail === null) return 0;
  const { steps, losses } = thinned(tail);
  const middle = meanOf(steps);
  const together = losses.reduce((sum, loss, at) => sum + loss * (steps[at] - middle), 0);
  const spread = steps.reduce((sum, step) => sum + (step - middle) ** 2, 0);
  return spread === 0 ? 0 : Math.abs(together / spread) / stepFlops(run);
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
  return varianceOf(values) / values.length;
}
