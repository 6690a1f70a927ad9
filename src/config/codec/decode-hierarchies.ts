import { factorField, hierarchyFields, MAX_HIERARCHIES } from '../fields.ts';
import { sorted } from '../problem.ts';
import type { HierarchyConfig } from '../types.ts';
import { baseHierarchy, formatHierarchies } from './hierarchies.ts';
import { quote } from './link-problems.ts';
import type { LinkReport } from './link-problems.ts';

const fieldByLetter = new Map(hierarchyFields.map((field) => [field.key, field]));

/** One entry such as `4-d128-n4-wf`; undefined when it does not start with a factor. */
function decodeHierarchy(
  text: string,
  preset: readonly HierarchyConfig[],
  report: LinkReport,
): HierarchyConfig | undefined {
  const [factorText, ...statements] = text.split('-');
  const factor = factorField.parse(factorText);
  if (!factor.ok) {
    report.add('h', text, '', `\`${quote(text)}\` is no hierarchy: it must start with a factor, which ${factor.error}`);
    return undefined;
  }
  const base = baseHierarchy(preset, factor.value);
  const stated = new Set<string>();
  let hierarchy = base;
  for (const statement of statements) {
    const field = fieldByLetter.get(statement.slice(0, 1));
    if (field === undefined) {
      report.ignore(`h:${statement}`);
      continue;
    }
    const repeated = stated.has(field.key);
    stated.add(field.key);
    const written = repeated
      ? { ok: false as const, error: 'is stated twice' }
      : field.write(hierarchy, statement.slice(1));
    if (written.ok) hierarchy = written.value;
    else {
      const used = field.key + field.read(hierarchy);
      const where = `\`${quote(statement)}\` of ${factor.value}×`;
      report.add('h', statement, used, `${where} is not allowed (${written.error})`, `; using ${used}`);
    }
  }
  return hierarchy;
}

/** Reads the value of `h`, which replaces the preset's hierarchies unless nothing in it is one. */
export function decodeHierarchies(
  text: string,
  preset: readonly HierarchyConfig[],
  report: LinkReport,
): HierarchyConfig[] {
  const entries = text.split('_');
  const used = entries.slice(0, MAX_HIERARCHIES);
  if (!used.some((entry) => factorField.parse(entry.split('-', 1)[0]).ok)) {
    report.refuse('h', text, formatHierarchies(preset, preset), 'names no hierarchy');
    return [...preset];
  }
  if (entries.length > MAX_HIERARCHIES) {
    const complaint = `${entries.length} hierarchies are too many`;
    report.add('h', text, used.map(quote).join('_'), complaint, `; using the first ${MAX_HIERARCHIES}`);
  }
  const decoded = used
    .map((entry) => decodeHierarchy(entry, preset, report))
    .filter((hierarchy) => hierarchy !== undefined);
  return sorted(decoded);
}
