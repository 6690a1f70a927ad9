import { flushSync } from 'react-dom';
import type { Session } from '../session.ts';

export const CONFIGURE_ID = 'configure';
export const FIND_ID = 'find-setting';
/** Below this width settings are a drawer; form.css and watch.css have the same. */
export const NARROW = '(max-width: 899px)';

/** Shows or hides the settings: beside the tabs, or as a drawer where there is no room for that. */
export function toggleConfigure({ shell }: Pick<Session, 'shell'>): void {
  const panel = document.getElementById(CONFIGURE_ID);
  if (panel?.popover == null) shell.setState(({ configure }) => ({ configure: !configure }));
  else panel.togglePopover();
}

/** Makes sure that all settings can be seen and focused. */
export function showConfigure({ shell }: Pick<Session, 'shell'>): void {
  const panel = document.getElementById(CONFIGURE_ID);
  shell.setState({ configure: true, search: '' });
  if (panel?.popover != null && !panel.matches(':popover-open')) panel.showPopover();
}

/** Puts the cursor where settings are searched for. */
export function findSetting(session: Pick<Session, 'shell'>): void {
  flushSync(() => showConfigure(session));
  document.getElementById(FIND_ID)?.focus();
}
