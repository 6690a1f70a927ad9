import { NAME_KEY, VERSUS_KEY } from './codec/compared-keys.ts';
import { CURVE_KEY } from './codec/curve-key.ts';
import { UI_KEY } from './codec/ui-key.ts';
import type { Field } from './field.ts';
import { dataField, laterFields, lossFields, modelFields, routingFields, trainingFields } from './run-fields.ts';
import type { RunConfig } from './types.ts';

export { factorField, hierarchyFields, MAX_HIERARCHIES } from './hierarchy-fields.ts';

/** Every setting outside the hierarchies, in the order in which a link writes them. */
export const runFields: readonly Field<RunConfig>[] = [
  ...modelFields,
  ...trainingFields,
  ...lossFields,
  ...routingFields,
  dataField,
  ...laterFields,
];

/**
 * Keys of a link that are not settings: its version, the preset, all hierarchies, a curve, a name, other runs, the form of the page.
 * Never given to a setting.
 */
export const reservedKeys: readonly string[] = ['v', 'p', 'h', CURVE_KEY, NAME_KEY, VERSUS_KEY, UI_KEY];

/** The setting of that name (`depth`, `batchSize` ...), which is how problems call it. */
export function runField(name: string): Field<RunConfig> {
  const found = runFields.find((field) => field.name === name);
  if (found === undefined) throw new Error(`runField: given ${name}, needs the name of a setting`);
  return found;
}
