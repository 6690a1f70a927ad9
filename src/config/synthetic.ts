/** Texts that a rule makes, on every machine the same, by their names; src/data/synthetic has the rules. */
export const syntheticNames = { copy: 'Copying', sort: 'Sorting', recall: 'Recall', brackets: 'Brackets' } as const;

export type SyntheticId = keyof typeof syntheticNames;

export const SYNTHETIC = Object.keys(syntheticNames) as SyntheticId[];

export function isSynthetic(dataset: string): dataset is SyntheticId {
  return (SYNTHETIC as string[]).includes(dataset);
}

/** What a text that a rule made tells of itself. */
export interface SyntheticFacts {
  /** Bits per byte of a model that knows the rule and all that came before: none can do better. */
  floorBits: number;
  /** Some lines that nothing is trained on. */
  passage: string;
  /** The beginning of a line, whose rest follows from it where the rule says how. */
  prompt: string;
}
