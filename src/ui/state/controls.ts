import type { Field } from '../../config/field.ts';
import { factorField, hierarchyFields, runField } from '../../config/fields.ts';
import { controlOf, sorted, withHierarchy, withModel } from '../../config/problem.ts';
import { presetConfig } from '../../config/presets.ts';
import type { PresetId } from '../../config/presets.ts';
import type { HierarchyConfig, RunConfig } from '../../config/types.ts';

/** The outcome of writing a text into a configuration. */
export type Written = { ok: true; value: RunConfig } | { ok: false; error: string };

/** One row of the form: a setting of the run or of one hierarchy, told apart no more. */
export interface Control {
  /** What problems call it: `batchSize`, `hierarchies[1].stride`. */
  name: string;
  /** What stands for it in a link. */
  key: string;
  kind: Field<never>['kind'];
  label: string;
  help: string;
  unit: string;
  allowed: string;
  /** Whether a run takes a change up at once, or only the next one does. */
  applies: 'hot' | 'restart';
  choices: readonly { value: string; label: string }[];
  /** Name of the setting, when all hierarchies can have it alike; null for settings of the run and those that differ. */
  shared: SharedSetting | null;
  read(config: RunConfig): string;
  write(config: RunConfig, text: string): Written;
  /** The text of the preset's own value. */
  presetText(preset: PresetId): string;
}

/** Settings of a hierarchy that people often want alike in all of them. */
const SHARED = ['dim', 'heads', 'dimHead', 'ffMult', 'window'] as const;
export type SharedSetting = (typeof SHARED)[number];

function describe<Owner>(
  field: Field<Owner>,
): Pick<Control, 'key' | 'kind' | 'label' | 'help' | 'unit' | 'allowed' | 'applies' | 'choices'> {
  const { key, kind, label, help, unit, allowed, applies } = field;
  return { key, kind, label, help, unit, allowed, applies, choices: field.kind === 'choice' ? field.choices : [] };
}

export function runControl(name: string): Control {
  const field = runField(name);
  return {
    ...describe(field),
    name,
    shared: null,
    read: (config) => field.read(config),
    write: (config, text) => field.write(config, text),
    presetText: (preset) => field.read(presetConfig(preset)),
  };
}

/** What a hierarchy is measured against: the preset's of the same factor, else the preset's first, as in a link. */
function presetHierarchy(preset: PresetId, factor: number): HierarchyConfig {
  const { hierarchies } = presetConfig(preset).model;
  return hierarchies.find((hierarchy) => hierarchy.factor === factor) ?? hierarchies[0];
}

function hierarchyControl(field: Field<HierarchyConfig>, index: number, factor: number): Control {
  return {
    ...describe(field),
    ...(field.name === 'stride' && { allowed: powersUpTo(factor) }),
    name: controlOf(index, field.name as keyof HierarchyConfig),
    shared: SHARED.find((name) => name === field.name) ?? null,
    read: (config) => field.read(config.model.hierarchies[index]),
    write: (config, text) => {
      const written = field.write(config.model.hierarchies[index], text);
      return written.ok ? { ok: true, value: withHierarchy(config, index, () => written.value) } : written;
    },
    presetText: (preset) => field.read(presetHierarchy(preset, factor)),
  };
}

/** Strides of a hierarchy: what the field would allow at all is more than that. */
function powersUpTo(factor: number): string {
  return Array.from({ length: Math.log2(factor) + 1 }, (_, power) => 2 ** power).join(', ');
}

/** Rows of the card of hierarchy `index`, without its factor. */
export function hierarchyControls(index: number, factor: number): Control[] {
  return hierarchyFields.map((field) => hierarchyControl(field, index, factor));
}

/** A control of the form by its name. */
export function controlNamed(name: string, { model }: RunConfig): Control | undefined {
  const index = Number(/^hierarchies\[(\d+)\]/.exec(name)?.[1] ?? -1);
  if (index < 0) return runControl(name);
  const { factor } = model.hierarchies[index];
  return [factorControl(index, factor), ...hierarchyControls(index, factor)].find((control) => control.name === name);
}

/** The factor of hierarchy `index`. */
export function factorControl(index: number, factor: number): Control {
  return hierarchyControl(factorField, index, factor);
}

/** A configuration whose hierarchies all have the value of that setting that hierarchy `index` has. */
export function withShared(config: RunConfig, setting: SharedSetting, index: number): RunConfig {
  const { [setting]: value } = config.model.hierarchies[index];
  const hierarchies = config.model.hierarchies.map((hierarchy) =>
    hierarchy[setting] === value ? hierarchy : { ...hierarchy, [setting]: value },
  );
  return withModel(config, { hierarchies });
}

/** A configuration with one more hierarchy: the next free factor up, shaped like the coarsest one. */
export function withAddedHierarchy(config: RunConfig): RunConfig {
  const { hierarchies } = config.model;
  const taken = hierarchies.map(({ factor }) => factor);
  let factor = 1;
  while (taken.includes(factor)) factor *= 2;
  const model = sorted(hierarchies).at(-1) ?? presetConfig('quick').model.hierarchies[0];
  const added = { ...model, factor, stride: 1, window: factor === 1 ? 16 : model.window };
  return withModel(config, { hierarchies: sorted([...hierarchies, added]) });
}

export function withoutHierarchy(config: RunConfig, index: number): RunConfig {
  return withModel(config, { hierarchies: config.model.hierarchies.filter((_, at) => at !== index) });
}
