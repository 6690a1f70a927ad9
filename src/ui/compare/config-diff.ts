import type { Field } from '../../config/field.ts';
import { hierarchyFields, runField, runFields } from '../../config/fields.ts';
import type { HotName } from '../../config/hot-settings.ts';
import { presetConfig, presets } from '../../config/presets.ts';
import type { PresetId } from '../../config/presets.ts';
import { dataField } from '../../config/run-fields.ts';
import { sorted } from '../../config/problem.ts';
import { shortestDecimal } from '../../config/number-text.ts';
import type { HierarchyConfig } from '../../config/types.ts';
import type { FirstWeights } from '../../protocol/first-weights.ts';
import { exact } from '../format/quantity.ts';
import type { SettingChange } from '../state/marks.ts';
import { textNames } from './run-text.ts';
import type { Described } from '../../comparison/same-bytes.ts';

/** One setting across several configurations, as texts. */
export interface SettingRow {
  /** `Learning rate`, `4× width`. */
  label: string;
  /** One text for each configuration; null where it has no such hierarchy. */
  values: (string | null)[];
  differs: boolean;
}

/** What was set for a run, and since when if it has not always had all of it. */
interface Settings extends Described {
  since?: Since;
  firstWeights?: FirstWeights;
}

/** Every setting of some runs, hierarchies by factor, in the order of the form. */
export function settingRows(runs: readonly Settings[]): SettingRow[] {
  const configs = runs.map(({ config }) => config);
  const factors = [...new Set(configs.flatMap(({ model }) => model.hierarchies.map(({ factor }) => factor)))];
  const hierarchyRows = factors
    .sort((a, b) => a - b)
    .flatMap((factor) =>
      hierarchyFields.map((field) =>
        settingRow(
          `${factor}× ${field.label.toLowerCase()}`,
          configs.map(({ model }) => {
            const hierarchy = model.hierarchies.find((each) => each.factor === factor);
            return hierarchy === undefined ? null : valueText(field, hierarchy);
          }),
        ),
      ),
    );
  const texts = textNames(runs);
  const rows = runFields.map((field) =>
    settingRow(
      field.label,
      runs.map(({ config, since = NEVER }, at) => {
        const value = field === dataField ? texts[at] : valueText(field, config);
        const changes = byLabel(since).get(field.label);
        return changes === undefined ? value : courseOf(value, changes);
      }),
    ),
  );
  return [...hierarchyRows, ...rows, ...firstWeightsRow(runs)];
}

/** Which weights runs began with; nothing where all were drawn. */
function firstWeightsRow(runs: readonly Settings[]): SettingRow[] {
  if (runs.every(({ firstWeights }) => firstWeights === undefined)) return [];
  const plain = runs.map(({ firstWeights: given }) => (given ? `${given.name}, step ${exact(given.step)}` : 'drawn'));
  const texts = runs.map(({ firstWeights: given }, at) => {
    const hasNamesake = plain.some((text, i) => text === plain[at] && runs[i].firstWeights?.sha256 !== given?.sha256);
    return hasNamesake && given ? `${plain[at]} (${given.sha256.slice(0, 6)})` : plain[at];
  });
  return [settingRow('First weights', texts)];
}

function settingRow(label: string, values: (string | null)[]): SettingRow {
  return { label, values, differs: values.some((value) => value !== values[0]) };
}

/** A setting as one reads it, where the link has a letter. */
function valueText<Owner>(field: Field<Owner>, owner: Owner): string {
  const text = field.read(owner);
  if (field.kind === 'window') return text === 'f' ? 'full' : text === '0' ? 'off' : text;
  if (field.kind === 'boolean') return text === '1' ? 'yes' : 'no';
  if (field.kind === 'choice') return field.choices.find(({ value }) => value === text)?.label ?? text;
  return text;
}

/**
 * What makes a run another than `base`, one short text each: `+8×`, `4× width 96→128`. Settings that a run has had only
 * since a step are told with it, also where they came back to what they are in `base`.
 */
export function differences({ since = NEVER, ...run }: Settings, base: Settings): string[] {
  const changed = byLabel(since);
  const now = sorted(run.config.model.hierarchies);
  const before = sorted(base.config.model.hierarchies);
  const has = (hierarchies: readonly HierarchyConfig[], factor: number): boolean =>
    hierarchies.some((hierarchy) => hierarchy.factor === factor);
  return [
    ...now.filter(({ factor }) => !has(before, factor)).map(({ factor }) => `+${factor}×`),
    ...before.filter(({ factor }) => !has(now, factor)).map(({ factor }) => `−${factor}×`),
    ...settingRows([base, run])
      .filter(({ label, differs, values }) => (differs || changed.has(label)) && !values.includes(null))
      .map(({ label, differs, values: [from, to] }) => {
        const changes = changed.get(label) ?? [];
        const setting = `${label.charAt(0).toLowerCase()}${label.slice(1)}`;
        const [first] = changes;
        const isTold = changes.length > 1 || (first?.from !== undefined && shortestDecimal(first.from) !== from);
        if (isTold && isKnown(changes)) return `${setting} ${courseOf(to!, changes)}`;
        const change = `${setting} ${differs ? `${from}→${to}` : `again ${to}`}`;
        return first === undefined ? change : fromStep(change, changes.at(-1)!.step);
      }),
  ];
}

/** How a run's settings were changed on the way. */
type Since = ReadonlyMap<HotName, readonly SettingChange[]>;

const NEVER: Since = new Map();

/** The same by the labels of settings. */
function byLabel(since: Since): ReadonlyMap<string, readonly SettingChange[]> {
  return new Map([...since].map(([name, changes]) => [runField(name).label, changes]));
}

/** Of more changes than these only the last ones are told. */
const MOST_CHANGES = 3;

/** `3e-3, 900 from step 18, 3e-3 from step 780`: all the values that a setting has had, if they are known, else the last. */
function courseOf(value: string, changes: readonly SettingChange[]): string {
  if (!isKnown(changes)) return fromStep(value, changes.at(-1)!.step);
  const later = changes.map(({ step, to }) => fromStep(shortestDecimal(to), step));
  const told = later.length > MOST_CHANGES ? ['…', ...later.slice(1 - MOST_CHANGES)] : later;
  return [shortestDecimal(changes[0].from), ...told].join(', ');
}

function isKnown(changes: readonly SettingChange[]): changes is readonly Required<SettingChange>[] {
  return changes.every(({ from, to }) => from !== undefined && to !== undefined);
}

function fromStep(text: string, step: number): string {
  return `${text} from step ${exact(step)}`;
}

/** A run that another may be told by. */
export interface Told extends Settings {
  name: string;
}

/** One line: what a run changes of its preset, or of the run before it, whichever is the shorter story. */
export function differenceLine(run: Settings & { preset: PresetId }, before: Told | null): string {
  const { preset } = run;
  const label = presets.find(({ id }) => id === preset)?.label ?? preset;
  const fromPreset = differences(run, { config: presetConfig(preset) });
  if (fromPreset.length === 0) return label;
  const fromBefore = before === null ? null : differences(run, before);
  if (fromBefore !== null && before !== null && fromBefore.length < fromPreset.length) {
    return fromBefore.length === 0 ? `as ${before.name}` : `${before.name}: ${fromBefore.join(', ')}`;
  }
  return `${label}: ${fromPreset.join(', ')}`;
}
