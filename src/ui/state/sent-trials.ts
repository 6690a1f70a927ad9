import type { RunText } from '../../comparison/same-bytes.ts';
import type { CorpusInfo } from '../../protocol/events.ts';
import { settingsKey } from '../compare/seeds/seed-groups.ts';
import { seedAfter, withSeed } from './more-seeds.ts';
import { whyNotNow } from './queued-run.ts';
import type { QueuedRun, Readiness } from './queued-run.ts';
import type { SentRun } from './sent-runs.ts';
import { trialKey, trialsBegun } from './trials.ts';
import type { Begun } from './trials.ts';

/** Why a run of a link cannot be trained here now, as a sentence; null when it can. */
export function whyNotSent({ config, complaints }: SentRun, page: Readiness): string | null {
  if (complaints.length > 0) return `${complaints.map((each) => each.replace(/\.$/, '')).join('; ')}.`;
  const text = textFor({ config }, page.corpus);
  const why = whyNotNow({ config, text }, page);
  // Whose own text it was no link tells: any is taken that can be told from others.
  const isAnyOwn = why !== null && page.corpus?.dataset === 'own' && config.dataset === 'own' && !page.corpus.sha256;
  return isAnyOwn ? 'The text cannot be told from others.' : why;
}

/** The text that is loaded, where that is the one to train on. */
function textFor({ config }: Pick<SentRun, 'config'>, corpus: CorpusInfo | null): RunText | null {
  return corpus?.dataset === config.dataset ? corpus : null;
}

/**
 * The runs of a link as what is to be trained of them here, turn by turn, without what has been begun: each with its own seed and
 * name, and settings with fewer seeds than `count` with those that come next.
 */
export function sentTrials(sent: readonly SentRun[], count: number, text: RunText, page: Begun): readonly QueuedRun[] {
  const begun = trialsBegun(page);
  const groups = new Map<string, QueuedRun[]>();
  for (const { config, preset, name } of sent) {
    const key = settingsKey({ config, text });
    if (key === null) continue;
    const group = groups.get(key) ?? [];
    const isTwin = group.some((each) => each.config.training.seed === config.training.seed);
    groups.set(key, isTwin ? group : [...group, { config, preset, text, name }]);
  }
  const turns = [...groups.values()].map((own) => withMoreSeeds(own, count));
  const most = Math.max(0, ...turns.map(({ length }) => length));
  return Array.from({ length: most }, (_, turn) => turns.flatMap((group) => group.slice(turn, turn + 1)))
    .flat()
    .filter((trial) => !begun.has(trialKey(trial)));
}

function withMoreSeeds(own: readonly QueuedRun[], count: number): readonly QueuedRun[] {
  const trials = [...own];
  const seeds = new Set(own.map(({ config }) => config.training.seed));
  for (let seed = own[0].config.training.seed; trials.length < count;) {
    seed = seedAfter(seed);
    if (seeds.has(seed)) continue;
    trials.push(withSeed(own[0], seed, own[0].text));
  }
  return trials;
}
