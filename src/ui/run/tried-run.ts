import { encodeQuery } from '../../config/codec/encode.ts';
import type { PresetId } from '../../config/presets.ts';
import type { RunConfig } from '../../config/types.ts';
import type { RunRecord, RunsState } from '../state/runs.ts';
import { experiments, withStreamsOf } from './experiments.ts';

/** A thing that was tried, and the model that it is measured against. */
export interface TriedRun {
  question: string;
  preset: PresetId;
  /** The model as it was: the preset's streams, with all else as what was tried has it. */
  former: RunConfig;
  /** What the present run, which is one of the two, is to be compared with; null while that was not trained. */
  other: Pick<RunRecord, 'name'> | null;
}

/** Which of the things to try the present run belongs to; null where it is no part of one. */
export function triedRun({ runs, presentId }: Pick<RunsState, 'runs' | 'presentId'>): TriedRun | null {
  const present = runs.find(({ id }) => id === presentId);
  if (present === undefined) return null;
  const others = runs.filter((run) => run !== present && run.origin === 'visit');
  const tried = askedBy(present);
  if (tried !== null) return { ...tried, other: others.find(({ config }) => areSame(config, tried.former)) ?? null };
  // The newest counts.
  for (const other of others.toReversed()) {
    const asked = askedBy(other);
    if (asked !== null && areSame(asked.former, present.config)) return { ...asked, other };
  }
  return null;
}

function askedBy({ preset, config }: RunRecord): Omit<TriedRun, 'other'> | null {
  const former = withStreamsOf(preset, config);
  const experiment = experiments(former).find((each) => areSame(each.config, config));
  return experiment === undefined ? null : { question: experiment.question, preset, former };
}

function areSame(a: RunConfig, b: RunConfig): boolean {
  return encodeQuery(a) === encodeQuery(b);
}
