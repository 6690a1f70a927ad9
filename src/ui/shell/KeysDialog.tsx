import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { keyNames } from './action.ts';
import { TabLink } from './TabLink.tsx';
import { actionGroups } from './actions.ts';
import { Dialog } from './Dialog.tsx';
import { focusKeys } from './focus-keys.ts';

/** Every shortcut, and the switch that turns those off which are single characters. */
export function KeysDialog() {
  const { shell } = useSession();
  const shortcuts = useStore(shell, (state) => state.shortcuts);
  return (
    <Dialog title="Keyboard" onClose={() => shell.setState({ dialog: null })}>
      <p className="hint">
        Looking for what all this is? <TabLink tab="about" label="About Strata" />
      </p>
      <div className="key-groups" data-off={!shortcuts || undefined}>
        {actionGroups.map(({ title, actions }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl className="keys">
              {actions.map((action) => (
                <KeyRow key={action.name} keys={keyNames(action)} label={action.label} />
              ))}
            </dl>
          </section>
        ))}
        {focusKeys.map(({ title, rows }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl className="keys">
              {rows.map(({ keys, label }) => (
                <KeyRow key={label} keys={keys} label={label} />
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={shortcuts}
          onChange={({ target }) => shell.setState({ shortcuts: target.checked })}
        />
        Single characters are shortcuts
      </label>
      <p className="hint">Space works either way. In text fields and on buttons keys do what they always do there.</p>
    </Dialog>
  );
}

function KeyRow({ keys, label }: { keys: readonly string[]; label: string }) {
  return (
    <div>
      <dt>
        {keys.map((name) => (
          <kbd key={name}>{name}</kbd>
        ))}
      </dt>
      <dd>{label}</dd>
    </div>
  );
}
