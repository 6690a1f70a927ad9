import type { ChartLine } from '../chart/chart-line.ts';
import type { RunRecord } from '../state/runs.ts';

/** Dash is run, on every chart: one for each pin, and none for the present run. */
const DASHES = ['7 4', '2 3', '11 3 2 3', '5 2 1.5 2 1.5 2'];
/** A run that is compared without a pin. */
const UNPINNED = '1.5 5';

export function dashOf(run: Pick<RunRecord, 'id' | 'pin'>, solidId: number | null): string | undefined {
  if (run.id === solidId) return undefined;
  return run.pin === null ? UNPINNED : DASHES[run.pin % DASHES.length];
}

/** The run of a comparison that is drawn solid: the newest of this visit. */
export function solidId(runs: readonly RunRecord[]): number | null {
  return runs.findLast(({ origin }) => origin === 'visit')?.id ?? null;
}

/** A curve that came with a link is fainter than what was trained here. */
export function inkOf({ origin }: Pick<RunRecord, 'origin'>): string {
  return origin === 'link' ? 'var(--faint)' : 'var(--ink)';
}

/** What a training loss of a run is called in a file: a link brings it smoothed, which is no measurement. */
export function lossColumn({ origin }: Partial<Pick<RunRecord, 'origin'>>, name: string): string {
  return origin === 'link' ? `${name}_smoothed` : name;
}

/** A curve of a link was smoothed before it was sent, and is drawn as it came. */
export function overlayStyle({ origin }: Pick<RunRecord, 'origin'>): ChartLine['style'] {
  return origin === 'link' ? 'exact' : 'overlay';
}
