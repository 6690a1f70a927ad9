import { runField } from '../../config/fields.ts';
import { withTraining } from '../../config/problem.ts';
import { settingsKey } from '../compare/seeds/seed-groups.ts';
import type { Seeded } from '../compare/seeds/seed-groups.ts';
import { changedSince } from './marks.ts';
import { whyNotNow } from './queued-run.ts';
import type { QueuedRun, Readiness } from './queued-run.ts';

/** Why a run cannot be trained again with other seeds, as a sentence; null when it can. */
export function whyNotRepeated(run: Seeded, page: Readiness): string | null {
  if (run.origin === 'link') return 'It came with a link: train its settings here first.';
  if (changedSince(run.metrics.marks).size > 0) return 'Its settings were changed while it trained.';
  if (run.firstWeights) return 'It began with trained weights, which runs that wait do not have.';
  if (settingsKey(run) === null) return 'Its text cannot be told from others.';
  return whyNotNow(run, page);
}

type Begun = Pick<Seeded, 'config' | 'text' | 'firstWeights'>;

/** The first so many seeds after a run's own that none of the others has which were begun with the same settings. */
export function nextSeeds(run: Begun, count: number, others: readonly Begun[]): readonly number[] {
  const key = settingsKey(run);
  const taken = new Set(others.filter((other) => settingsKey(other) === key).map(seedOf));
  const seeds: number[] = [];
  for (let seed = seedAfter(seedOf(run)); seeds.length < count; seed = seedAfter(seed)) {
    if (!taken.has(seed)) seeds.push(seed);
  }
  return seeds;
}

/** A run with another seed, on the text that is loaded. */
export function withSeed(
  { config, preset }: Omit<QueuedRun, 'text'>,
  seed: number,
  text: QueuedRun['text'],
): QueuedRun {
  return { config: withTraining(config, { seed }), preset, text };
}

function seedOf({ config }: Begun): number {
  return config.training.seed;
}

/** After the last seed that there is comes the first. */
export function seedAfter(seed: number): number {
  return runField('seed').check(seed + 1) === null ? seed + 1 : 0;
}
