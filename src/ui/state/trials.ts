import { changedSince } from './marks.ts';
import { settingsKey, seedKey } from '../compare/seeds/seed-groups.ts';
import type { ConfigState } from './config-store.ts';
import { seedAfter, withSeed } from './more-seeds.ts';
import { whyNoRoom } from './queued-run.ts';
import type { QueuedRun, Readiness } from './queued-run.ts';
import type { RunRecord, RunsState } from './runs.ts';
import { startBlocker } from './start-blocker.ts';

/** A configuration that is to be held against others. */
export type Contender = Pick<ConfigState, 'config' | 'preset'>;

/** What is trained already, is being trained, or waits. */
export type Begun = Pick<RunsState, 'runs'> & {
  /** The run under way, or that was cut off and may begin again; null where there is none. */
  activeId: number | null;
  waiting: readonly QueuedRun[];
};

/**
 * Configurations with the same seeds each, turn by turn: so many seeds from the first one's own on of which one of them lacks a
 * run, and of these what is lacking.
 */
export function trialsOf(
  contenders: readonly Contender[],
  count: number,
  text: QueuedRun['text'],
  page: Begun,
): readonly QueuedRun[] {
  const begun = trialsBegun(page);
  const trials: QueuedRun[][] = [];
  for (let { seed } = contenders[0].config.training; trials.length < count; seed = seedAfter(seed)) {
    const lacking = contenders.map((each) => withSeed(each, seed, text)).filter((each) => !begun.has(trialKey(each)));
    if (lacking.length > 0) trials.push(lacking);
  }
  return trials.flat();
}

/** The trials that need no other: through, under way, or waiting. */
export function trialsBegun({ runs, activeId, waiting }: Begun): ReadonlySet<string> {
  const counts = (run: RunRecord): boolean =>
    seedKey(run) !== null || (run.id === activeId && changedSince(run.metrics.marks).size === 0);
  return new Set([...runs.filter(counts), ...waiting].map(trialKey));
}

/** Why these cannot wait for their turn, as a sentence; null when they can. */
export function whyNotTried(
  trials: readonly QueuedRun[],
  drafts: ConfigState['drafts'],
  page: Readiness,
  waiting: readonly QueuedRun[],
): string | null {
  for (const { config } of trials) {
    const blocker = startBlocker({ config, drafts }, page);
    if (blocker !== null) return blocker.reason;
  }
  if (trials.some((trial) => settingsKey(trial) === null)) return 'The text cannot be told from others.';
  return whyNoRoom(waiting, trials.length);
}

/** The same for runs of the same settings, seed included, on the same text. */
export function trialKey(
  run: Pick<QueuedRun, 'config'> & Pick<RunRecord, 'firstWeights'> & { text: QueuedRun['text'] | null },
): string {
  return `${settingsKey(run)} ${run.config.training.seed}`;
}
