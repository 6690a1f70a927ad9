import type { RunConfig } from '../config/types.ts';
import type { CorpusInfo } from '../protocol/events.ts';

/** The text that a run learned from. */
export type RunText = Pick<CorpusInfo, 'name' | 'sha256'>;

/** A configuration with the text that it was trained on: `own` may be any. */
export interface Described {
  config: RunConfig;
  /** Null or left out where it is not known. */
  text?: RunText | null;
}

/** Whether two runs are known to have learned from the same text, whatever they call it; one without a digest may be any. */
export function haveSameText(a: Described, b: Described): boolean {
  if (a.text?.sha256 && b.text?.sha256) return a.text.sha256 === b.text.sha256;
  return a.config.dataset === b.config.dataset && a.config.dataset !== 'own';
}

/** Why losses of some runs are no contest, as the end of a sentence; null when they were measured on the same bytes. */
export function incomparable([first, ...others]: readonly Described[]): string | null {
  const differ = (isOther: (other: Described) => boolean): boolean => others.some(isOther);
  const reasons = [
    ...(differ((other) => !haveSameText(other, first)) ? ['text'] : []),
    ...(differ(({ config }) => config.model.contextLength !== first.config.model.contextLength)
      ? ['context length']
      : []),
    ...(differ(({ config }) => config.model.ignoreIndex !== first.config.model.ignoreIndex) ? ['ignored byte'] : []),
  ];
  return reasons.length === 0 ? null : reasons.join(' and ');
}
