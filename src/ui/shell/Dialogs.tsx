import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { KeysDialog } from './KeysDialog.tsx';

const ShareDialog = lazy(() => import('../share/ShareDialog.tsx').then((it) => ({ default: it.ShareDialog })));

/** The open dialog, if any. */
export function Dialogs() {
  const dialog = useStore(useSession().shell, (state) => state.dialog);
  switch (dialog) {
    case 'share':
      return (
        <Suspense fallback={null}>
          <ShareDialog />
        </Suspense>
      );
    case 'keys':
      return <KeysDialog />;
    case null:
      return null;
  }
}
