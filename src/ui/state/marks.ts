import type { HotName } from '../../config/hot-settings.ts';
import { shortestDecimal } from '../../config/number-text.ts';
import type { HotSettings } from '../../config/types.ts';
import { runControl } from './controls.ts';

/** Something to see in the curve of a run: what happened after a step. */
export interface Mark {
  step: number;
  name: string;
  /** Settings that have another value from there on. */
  settings?: readonly HotName[];
}

/** `Learning rate` as it stands within a sentence. */
function settingName(name: HotName): string {
  const { label } = runControl(name);
  return label.charAt(0).toLowerCase() + label.slice(1);
}

/** `learning rate 1e-3, next-embedding weight 0.5`. */
export function settingPhrase(settings: Partial<HotSettings>): string {
  const entries = Object.entries(settings) as [HotName, number][];
  return entries.map(([name, value]) => `${settingName(name)} ${shortestDecimal(value)}`).join(', ');
}

/** A mark for settings that a run has taken up after a step. */
export function changeMark(step: number, changed: Partial<HotSettings>): Mark {
  return { step, name: settingPhrase(changed), settings: Object.keys(changed) as HotName[] };
}

/** Marks with one more, which replaces an earlier change of the same settings at that step. */
export function withMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const isReplaced = ({ step, settings }: Mark): boolean =>
    step === mark.step && settings !== undefined && settings.every((name) => mark.settings?.includes(name));
  return [...marks.filter((known) => !isReplaced(known)), mark];
}

/** Marks of a run that is taken back to a step. Settings that it took up later have their new values from there on. */
export function marksUpTo(marks: readonly Mark[], step: number): readonly Mark[] {
  return marks.reduce<readonly Mark[]>((kept, mark) => {
    if (mark.step <= step) return [...kept, mark];
    return mark.settings === undefined ? kept : withMark(kept, { ...mark, step });
  }, []);
}

/** What marks say at each step that has any, a phrase once. */
export function marksByStep(marks: readonly Mark[]): Mark[] {
  const steps = [...new Set(marks.map(({ step }) => step))];
  return steps.map((step) => {
    const names = [...new Set(marks.filter((mark) => mark.step === step).map(({ name }) => name))];
    const isSaid = (name: string): boolean => names.some((other) => other !== name && other.includes(name));
    return { step, name: names.filter((name) => !isSaid(name)).join(', ') };
  });
}

/** From which step on settings have the values that they have now; only of those that were changed on the way. */
export function changedSince(marks: readonly Mark[]): ReadonlyMap<HotName, number> {
  return new Map(marks.flatMap(({ step, settings }) => (settings ?? []).map((name) => [name, step] as const)));
}
