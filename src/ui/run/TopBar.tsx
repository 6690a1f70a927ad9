import { useStore } from 'zustand';
import { Icon } from '../Icon.tsx';
import { useSession } from '../session.ts';
import { ConfigureButton } from '../shell/ConfigureButton.tsx';
import { nextTheme } from '../state/theme.ts';
import { PresetSelect } from './PresetSelect.tsx';
import { Progress } from './Progress.tsx';
import { Transport } from './Transport.tsx';

/** Name, preset, transport and progress: what is at hand at any time. */
export function TopBar() {
  return (
    <div className="top-bar">
      <h1 className="brand">
        <svg viewBox="0 0 22 20" width="22" height="20" aria-hidden="true">
          <rect x="0" y="0" width="22" height="5.4" rx="1.4" fill="var(--hue-4)" />
          <rect x="0" y="7.2" width="10" height="5.4" rx="1.4" fill="var(--hue-2)" />
          <rect x="12" y="7.2" width="10" height="5.4" rx="1.4" fill="var(--hue-2)" />
          {[0, 6, 12, 18].map((x) => (
            <rect key={x} x={x} y="14.4" width="4" height="5.4" rx="1.4" fill="var(--hue-1)" />
          ))}
        </svg>
        Strata
      </h1>
      <PresetSelect />
      <Transport />
      <Progress />
      <div className="tools">
        <ConfigureButton />
        <DialogButtons />
        <ThemeButton />
      </div>
    </div>
  );
}

function DialogButtons() {
  const { shell } = useSession();
  return (
    <>
      <button
        type="button"
        className="button quiet"
        aria-keyshortcuts="s"
        aria-haspopup="dialog"
        title="Share (S)"
        onClick={() => shell.setState({ dialog: 'share' })}
      >
        Share
      </button>
      <button
        type="button"
        className="button quiet icon-only keys-button"
        aria-keyshortcuts="?"
        aria-haspopup="dialog"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={() => shell.setState({ dialog: 'keys' })}
      >
        ?
      </button>
    </>
  );
}

function ThemeButton() {
  const { theme: store } = useSession();
  const { theme } = useStore(store);
  const next = nextTheme(theme);
  return (
    <button
      type="button"
      className="button quiet icon-only theme"
      aria-label={`Theme: ${theme}. Switch to ${next}.`}
      title={`Theme: ${theme}`}
      onClick={() => store.setState({ theme: next })}
    >
      <Icon name={theme} />
    </button>
  );
}
