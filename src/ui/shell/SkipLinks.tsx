import { useSession } from '../session.ts';
import { findSetting } from './configure-panel.ts';
import { PANEL_ID } from './panel-id.ts';

/** Ways past the header for who goes by keyboard, unseen until then: settings come last in the page's order. */
export function SkipLinks() {
  const session = useSession();
  return (
    <div className="skip-links">
      <button type="button" className="button" onClick={() => document.getElementById(PANEL_ID)?.focus()}>
        Skip to the view
      </button>
      <button type="button" className="button" onClick={() => findSetting(session)}>
        Skip to the settings
      </button>
    </div>
  );
}
