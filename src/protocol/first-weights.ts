/** Trained weights that a run began with, in place of some that are drawn from its seed. */
export interface FirstWeights {
  /** What the run is called that they come from. */
  name: string;
  /** Steps that it had made. */
  step: number;
  /** Of the weights themselves: the same for the same numbers, whatever file they came in. */
  sha256: string;
}

/** The file of a run, or of its model alone, whose weights another is to begin with; and what the run is called. */
export interface WeightsFile {
  file: Blob;
  name: string;
}

/** Where the metadata of a run's file has them. Files of runs whose weights were drawn, and older ones, have no such key. */
export const FIRST_WEIGHTS = 'first_weights';

/** What the metadata of a file says of a run's first weights; null where they were drawn. Throws an Error for what is no answer. */
export function readFirstWeights(metadata: Readonly<Record<string, string | undefined>>): FirstWeights | null {
  const text = metadata[FIRST_WEIGHTS];
  if (text === undefined) return null;
  try {
    const { name, step, sha256 } = JSON.parse(text) as Record<string, unknown>;
    if (typeof name === 'string' && typeof step === 'number' && typeof sha256 === 'string') {
      return { name, step, sha256 };
    }
  } catch {
    // Said below.
  }
  throw new Error('it does not say which weights it began with');
}
