import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import { ShareDialog } from '../share/ShareDialog.tsx';
import { KeysDialog } from './KeysDialog.tsx';

/** The open dialog, if any. */
export function Dialogs() {
  const dialog = useStore(useSession().shell, (state) => state.dialog);
  switch (dialog) {
    case 'share':
      return <ShareDialog />;
    case 'keys':
      return <KeysDialog />;
    case null:
      return null;
  }
}
