import { idOf, type CaseLists, type KernelCase } from './kernel-case.ts';
import { presetCases } from './preset-cases.ts';
import { quickVariantCases, variantCases } from './variant-cases.ts';

/** Of every file there, so that a new kernel's cases need no other place. */
const FILES = Object.values(import.meta.glob<CaseLists>('./cases/*.ts', { import: 'lists', eager: true }));

/** Ascending in each family, so that what is measured tells whether the next one takes too long. */
export function fullList(): KernelCase[] {
  const all = [...presetCases(), ...FILES.flatMap(({ full }) => full()), ...variantCases()];
  // Some shapes of presets are among the large ones.
  return [...new Map(all.map((kernelCase) => [idOf(kernelCase), kernelCase])).values()];
}

/** One small case of every family: seconds on a software adapter. */
export function quickList(): KernelCase[] {
  return [...FILES.flatMap(({ quick }) => quick()), ...quickVariantCases()];
}
