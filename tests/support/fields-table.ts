import type { Field } from '../../src/config/field.ts';
import { factorField, hierarchyFields, runFields } from '../../src/config/fields.ts';
import { presetConfig } from '../../src/config/presets.ts';

const HEADER = ['| key | setting | default | allowed | unit | takes effect | what it does |', '|--|--|--|--|--|--|--|'];

function row<Owner>(field: Field<Owner>, owner: Owner): string {
  const effect = field.applies === 'hot' ? 'at once' : 'after a restart';
  const cells = [
    `\`${field.key}\``,
    field.label,
    `\`${field.read(owner)}\``,
    field.allowed,
    field.unit,
    effect,
    field.help,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Every setting as two Markdown tables, the run's and a hierarchy's, with the defaults of the default preset. */
export function fieldsTable(): string {
  const defaults = presetConfig('quick');
  const first = defaults.model.hierarchies[0];
  return [
    ...HEADER,
    ...runFields.map((field) => row(field, defaults)),
    '',
    'Within `h`, hierarchies are joined by `_` and their fields by `-`; the factor comes first, without a letter:',
    '',
    ...HEADER,
    ...[factorField, ...hierarchyFields].map((field) => row(field, first)),
    '',
  ].join('\n');
}
