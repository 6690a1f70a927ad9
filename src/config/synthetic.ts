/** Texts that a rule makes, on every machine the same, by their names; src/data/synthetic has the rules. */
export const syntheticNames = { copy: 'Copying', sort: 'Sorting', recall: 'Recall', brackets: 'Brackets' } as const;

export type SyntheticId = keyof typeof syntheticNames;

export const SYNTHETIC = Object.keys(syntheticNames) as SyntheticId[];

export function isSynthetic(dataset: string): dataset is SyntheticId {
  return (SYNTHETIC as string[]).includes(dataset);
}
