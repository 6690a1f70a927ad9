import { encodeQuery } from '../../config/codec/encode.ts';
import type { PresetId } from '../../config/presets.ts';
import type { RunConfig } from '../../config/types.ts';
import { comparedRuns } from '../state/runs.ts';
import type { RunRecord, RunsState } from '../state/runs.ts';
import { experiments, withStreamsOf } from './experiments.ts';

/** A thing that was tried, and the model that it is measured against. */
export interface TriedRun {
  /** Which of the two the present run is, and what there is to look for. */
  about: string;
  preset: PresetId;
  /** The model as it was: the preset's streams, with all else as what was tried has it. */
  former: RunConfig;
  /** What the present run, which is one of the two, is to be compared with; null while that was not trained. */
  other: Pick<RunRecord, 'name'> | null;
  /** What Compare does not draw of the two. */
  undrawn: readonly string[];
}

/** Which of the things to try the present run belongs to; null where it is no part of one. */
export function triedRun({ runs, presentId }: Pick<RunsState, 'runs' | 'presentId'>): TriedRun | null {
  const present = runs.find(({ id }) => id === presentId);
  if (present === undefined) return null;
  const others = runs.filter((run) => run !== present && run.origin === 'visit');
  const drawn = comparedRuns({ runs });
  const undrawnOf = (...both: RunRecord[]): string[] =>
    both.filter((run) => !drawn.includes(run)).map(({ name }) => name);
  const tried = askedBy(present);
  if (tried !== null) {
    const { question: about, preset, former } = tried;
    // Of several the newest counts.
    const other = others.findLast(({ config }) => areSame(config, former)) ?? null;
    return { about, preset, former, other, undrawn: other === null ? [] : undrawnOf(present, other) };
  }
  for (const other of others.toReversed()) {
    const asked = askedBy(other);
    if (asked === null || !areSame(asked.former, present.config)) continue;
    const { label, preset, former } = asked;
    const about = `The model as it was, to hold “${label}” against.`;
    return { about, preset, former, other, undrawn: undrawnOf(present, other) };
  }
  return null;
}

interface Asked {
  label: string;
  question: string;
  preset: PresetId;
  former: RunConfig;
}

function askedBy({ preset, config }: RunRecord): Asked | null {
  const former = withStreamsOf(preset, config);
  const experiment = experiments(former).find((each) => areSame(each.config, config));
  return experiment === undefined ? null : { label: experiment.label, question: experiment.question, preset, former };
}

function areSame(a: RunConfig, b: RunConfig): boolean {
  return encodeQuery(a) === encodeQuery(b);
}
