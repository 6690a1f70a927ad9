import type { RunRecord } from '../state/runs.ts';

/** Dash is run, on every chart: one for each pin, and none for the present run. */
const DASHES = ['7 4', '2 3', '11 3 2 3', '5 2 1.5 2 1.5 2'];
/** A run that is compared without a pin. */
const UNPINNED = '1.5 5';

export function dashOf(run: Pick<RunRecord, 'id' | 'pin'>, solidId: number | null): string | undefined {
  if (run.id === solidId) return undefined;
  return run.pin === null ? UNPINNED : DASHES[run.pin % DASHES.length];
}
