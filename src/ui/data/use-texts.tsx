import type { ReactNode } from 'react';
import type { DatasetId } from '../../config/types.ts';
import { useSession } from '../session.ts';
import { useFilePicker } from '../shell/use-file-picker.tsx';

/** Opens a text; one of the visitor's own is asked for by the picker, which is to be rendered unseen. */
export function useTexts(): { open: (id: DatasetId) => void; picker: ReactNode } {
  const { texts } = useSession();
  const { ask, picker } = useFilePicker({
    accept: '.txt,.gz,.zip,text/*',
    label: 'Text file',
    onFile: (file) => void texts.openFile(file, file.name),
  });
  const open = (id: DatasetId): void => {
    if (id === 'own') ask();
    else texts.open(id);
  };
  return { open, picker };
}
