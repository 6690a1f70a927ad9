import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import type { ShellState } from '../state/shell.ts';
import { lazyPart } from './lazy-part.tsx';
import { WhenLoaded } from './WhenLoaded.tsx';

const KeysDialog = lazyPart(
  () => import('./KeysDialog.tsx'),
  (it) => it.KeysDialog,
);
const ShareDialog = lazyPart(
  () => import('../share/ShareDialog.tsx'),
  (it) => it.ShareDialog,
);

const DIALOGS = {
  share: { what: 'Sharing', Content: ShareDialog },
  keys: { what: 'The list of keys', Content: KeysDialog },
} satisfies Record<NonNullable<ShellState['dialog']>, object>;

/** The open dialog, if any; loaded when it is opened. Where that fails, a notice stands here. */
export function Dialogs() {
  const { shell } = useSession();
  const dialog = useStore(shell, (state) => state.dialog);
  if (dialog === null) return null;
  const { what, Content } = DIALOGS[dialog];
  return (
    <WhenLoaded key={dialog} what={what} onClose={() => shell.setState({ dialog: null })}>
      <Content />
    </WhenLoaded>
  );
}
