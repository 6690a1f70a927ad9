import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { keyNames } from './action.ts';
import { actionGroups } from './actions.ts';
import { Dialog } from './Dialog.tsx';

/** Every shortcut, and the switch that turns those off which are single characters. */
export function KeysDialog() {
  const { shell } = useSession();
  const shortcuts = useStore(shell, (state) => state.shortcuts);
  return (
    <Dialog title="Keyboard" onClose={() => shell.setState({ dialog: null })}>
      <div className="key-groups" data-off={!shortcuts || undefined}>
        {actionGroups.map(({ title, actions }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl className="keys">
              {actions.map((action) => (
                <div key={action.name}>
                  <dt>
                    {keyNames(action).map((name) => (
                      <kbd key={name}>{name}</kbd>
                    ))}
                  </dt>
                  <dd>{action.label}</dd>
                </div>
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
