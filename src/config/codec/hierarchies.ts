import { factorField, hierarchyFields } from '../fields.ts';
import type { HierarchyConfig } from '../types.ts';

/**
 * Where a hierarchy of a link takes what it does not state: from the preset's hierarchy of the same factor, else from
 * the preset's first.
 */
export function baseHierarchy(preset: readonly HierarchyConfig[], factor: number): HierarchyConfig {
  return { ...(preset.find((hierarchy) => hierarchy.factor === factor) ?? preset[0]), factor };
}

function formatHierarchy(hierarchy: HierarchyConfig, preset: readonly HierarchyConfig[]): string {
  const base = baseHierarchy(preset, hierarchy.factor);
  const stated = hierarchyFields
    .filter((field) => field.read(hierarchy) !== field.read(base))
    .map((field) => `-${field.key}${field.read(hierarchy)}`);
  return factorField.read(hierarchy) + stated.join('');
}

/** `1-d64-w16_4-d128-n4-wf`: the factor, then what differs from the preset, in the order of the fields. */
export function formatHierarchies(hierarchies: readonly HierarchyConfig[], preset: readonly HierarchyConfig[]): string {
  return hierarchies.map((hierarchy) => formatHierarchy(hierarchy, preset)).join('_');
}
