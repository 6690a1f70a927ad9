import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import type { ShellState } from '../state/shell.ts';

const KeysDialog = lazy(() => import('./KeysDialog.tsx').then((it) => ({ default: it.KeysDialog })));
const ShareDialog = lazy(() => import('../share/ShareDialog.tsx').then((it) => ({ default: it.ShareDialog })));

/** The open dialog, if any; loaded when it is opened. */
export function Dialogs() {
  const dialog = useStore(useSession().shell, (state) => state.dialog);
  return <Suspense fallback={null}>{dialogOf(dialog)}</Suspense>;
}

function dialogOf(dialog: ShellState['dialog']) {
  switch (dialog) {
    case 'share':
      return <ShareDialog />;
    case 'keys':
      return <KeysDialog />;
    case null:
      return null;
  }
}
