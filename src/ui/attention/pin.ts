import type { Session } from '../session.ts';
import type { Capture } from '../state/inspection.ts';
import { initialRunState } from '../state/run-state.ts';
import type { RunRecord } from '../state/runs.ts';
import { setDetail } from '../state/view.ts';
import { formatPosition } from './position.ts';
import type { Position } from './position.ts';

/** Keeps a capture as A, or keeps none; the address says which step it is. */
export function pinCapture(
  { inspector, view }: Pick<Session, 'inspector' | 'view'>,
  position: Position,
  capture: Capture | null,
): void {
  inspector.pin(capture);
  setDetail(view, 'attn', formatPosition({ ...position, pin: capture?.step ?? null, shown: 'diff' }));
}

/** `step 50`, and of which run when that is not the one on the page. */
export function captureName(
  { runId, step }: Capture,
  present: number,
  runs: readonly Pick<RunRecord, 'id' | 'name'>[],
): string {
  if (runId === present) return `step ${step}`;
  // Before the first run of a visit, what is shown is the recorded one.
  const unlisted = runId === initialRunState.runId ? 'the recorded run' : 'an earlier run';
  return `step ${step} of ${runs.find(({ id }) => id === runId)?.name ?? unlisted}`;
}
