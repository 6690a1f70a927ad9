import type { Session } from '../session.ts';

export const CONFIGURE_ID = 'configure';
/** Below this width settings are a drawer; form.css and watch.css have the same. */
export const NARROW = '(max-width: 899px)';

/** Shows or hides the settings: beside the tabs, or as a drawer where there is no room for that. */
export function toggleConfigure({ shell }: Pick<Session, 'shell'>): void {
  const panel = document.getElementById(CONFIGURE_ID);
  if (panel?.popover == null) shell.setState(({ configure }) => ({ configure: !configure }));
  else panel.togglePopover();
}

/** Makes sure that the settings can be seen and focused. */
export function showConfigure({ shell }: Pick<Session, 'shell'>): void {
  const panel = document.getElementById(CONFIGURE_ID);
  if (panel?.popover == null) shell.setState({ configure: true });
  else if (!panel.matches(':popover-open')) panel.showPopover();
}
