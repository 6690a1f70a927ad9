import { dataField } from '../../config/run-fields.ts';
import type { RunConfig } from '../../config/types.ts';
import type { CorpusInfo } from '../../protocol/events.ts';

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

/** The texts of some runs, one word for each text: those of one name are told apart by their digest. */
export function textNames(runs: readonly Described[]): string[] {
  const firsts = runs.map((run) => runs.find((other) => haveSameText(other, run)) ?? run);
  return firsts.map((run) => {
    const name = textName(run);
    const hasNamesake = firsts.some((other) => textName(other) === name && other.text?.sha256 !== run.text?.sha256);
    return hasNamesake && run.text?.sha256 ? `${name} (${run.text.sha256.slice(0, 6)})` : name;
  });
}

function textName({ config, text }: Described): string {
  if (config.dataset === 'own' && text) return text.name;
  const value = dataField.read(config);
  return (dataField.kind === 'choice' && dataField.choices.find((each) => each.value === value)?.label) || value;
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
