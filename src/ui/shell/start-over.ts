import type { Session } from '../session.ts';
import { goToControl } from './go-to-control.ts';

/** Starts a run of the form in place of the present one; where that cannot start, goes to the control at fault. */
export function startOver(session: Pick<Session, 'controller' | 'shell' | 'view'>): void {
  const blocker = session.controller.startOver();
  if (blocker !== null && blocker.control !== null) goToControl(session, blocker.control);
}
