import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { CONFIGURE_ID, NARROW, toggleConfigure } from './configure-panel.ts';
import { useMedia } from './use-media.ts';

/** Shows or hides the settings. A drawer belongs to its button by `popovertarget`, so that a press on it closes as well. */
export function ConfigureButton() {
  const session = useSession();
  const shown = useStore(session.shell, (state) => state.configure);
  const narrow = useMedia(NARROW);
  return (
    <button
      type="button"
      className="button quiet"
      title="Show or hide the settings (C)"
      aria-keyshortcuts="c"
      aria-controls={CONFIGURE_ID}
      {...(narrow
        ? { popoverTarget: CONFIGURE_ID }
        : { 'aria-expanded': shown, onClick: () => toggleConfigure(session) })}
    >
      Configure
    </button>
  );
}
