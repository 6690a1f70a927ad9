import type { Session } from '../session.ts';
import type { Blocker } from '../state/start-blocker.ts';
import { goToControl } from './go-to-control.ts';

/** Starts a run of the form in place of the present one; where that cannot start, goes to the control at fault. */
export function startOver(session: Pick<Session, 'controller' | 'shell' | 'view'>): void {
  goToBlocker(session, session.controller.startOver());
}

/** Goes to the control that keeps a run from starting, if there is one. */
export function goToBlocker(session: Pick<Session, 'shell' | 'view'>, blocker: Blocker | null): void {
  if (blocker !== null && blocker.control !== null) goToControl(session, blocker.control);
}
