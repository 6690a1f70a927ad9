import { flushSync } from 'react-dom';
import { controlId } from '../form/control-id.ts';
import type { Session } from '../session.ts';
import { openTab } from '../state/view.ts';
import { showConfigure } from './configure-panel.ts';

/** Shows the control of that name, wherever it is, and puts the focus on it. */
export function goToControl(session: Pick<Session, 'shell' | 'view'>, control: string): void {
  // Render what holds the control before looking for it.
  flushSync(() => {
    if (control !== 'dataset') showConfigure(session);
    // Both Watch and Data have it.
    else if (document.getElementById(controlId(control)) === null) openTab(session.view, 'watch');
  });
  const target = document.getElementById(controlId(control));
  for (let section = target?.closest('details'); section; section = section.parentElement?.closest('details')) {
    section.open = true;
  }
  target?.scrollIntoView({ block: 'center' });
  target?.focus();
}
