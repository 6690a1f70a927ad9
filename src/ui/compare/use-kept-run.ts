import { useRun } from '../session.ts';
import type { EarlierRun } from '../state/run-state.ts';

/** A run of this visit as it is kept, if it can be opened again now: one that trains is not to be ended by that. */
export function useKeptRun(id: number): EarlierRun | null {
  return useRun(({ phase: { name }, earlier }) =>
    name === 'compiling' || name === 'training' ? null : (earlier.find(({ inPlaceOf }) => inPlaceOf === id) ?? null),
  );
}
