import { useRun } from '../session.ts';
import type { EarlierRun, RunPhase } from '../state/run-state.ts';

/** Whether one of the runs that are kept in this browser can be opened now. */
export function useCanOpenKept(): boolean {
  return useRun(({ phase, earlier }) => earlier.length > 0 && !trains(phase));
}

/** A run of this visit as it is kept, if it can be opened again now: one that trains is not to be ended by that. */
export function useKeptRun(id: number): EarlierRun | null {
  return useRun(({ phase, earlier }) =>
    trains(phase) ? null : (earlier.find(({ inPlaceOf }) => inPlaceOf === id) ?? null),
  );
}

function trains({ name }: RunPhase): boolean {
  return name === 'compiling' || name === 'training';
}
