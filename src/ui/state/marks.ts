import { hotNames, type HotName } from '../../config/hot-settings.ts';
import { shortestDecimal } from '../../config/number-text.ts';
import type { HotSettings } from '../../config/types.ts';
import type { ChangedValue, Mark } from '../../protocol/run-history.ts';
import { runControl } from './controls.ts';

/** A value that a setting got after a step; without values where nobody knows them any more. */
export interface SettingChange extends Partial<ChangedValue> {
  step: number;
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

/** A mark for settings that a run, which had those of `before`, has taken up after a step. */
export function changeMark(step: number, changed: Partial<HotSettings>, before: HotSettings): Mark {
  const entries = Object.entries(changed) as [HotName, number][];
  return {
    step,
    name: settingPhrase(changed),
    settings: entries.map(([name]) => name),
    values: Object.fromEntries(entries.map(([name, to]) => [name, { from: before[name], to }])),
  };
}

/** Marks with one more, which replaces an earlier change of the same settings at that step. */
export function withMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const isReplaced = ({ step, settings }: Mark): boolean =>
    step === mark.step && settings !== undefined && settings.every((name) => mark.settings?.includes(name));
  const replaced = marks.filter(isReplaced);
  const values = { ...mark.values };
  for (const name of hotNames) {
    const first = replaced.find((known) => known.values?.[name] !== undefined)?.values?.[name];
    if (values[name] && first) values[name] = { ...values[name], from: first.from };
  }
  return [...marks.filter((known) => !isReplaced(known)), mark.values ? { ...mark, values } : mark];
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

/** How settings were changed on the way, the oldest change first; only those that were. */
export function changedSince(marks: readonly Mark[]): ReadonlyMap<HotName, readonly SettingChange[]> {
  const changes = new Map<HotName, SettingChange[]>();
  for (const { step, settings = [], values } of marks) {
    for (const name of settings) {
      const value = values?.[name];
      // One that was taken back at once.
      if (value && value.from === value.to) continue;
      changes.set(name, [...(changes.get(name) ?? []), { step, ...value }]);
    }
  }
  return changes;
}
