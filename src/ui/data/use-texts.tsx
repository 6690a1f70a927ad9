import type { ReactNode } from 'react';
import type { DatasetId } from '../../config/types.ts';
import { useSession } from '../session.ts';
import { useFilePicker } from '../shell/use-file-picker.tsx';

/** Opens a text; one of the visitor's own is asked for by the picker, which is to be rendered unseen. */
export function useTexts(): { open: (id: DatasetId) => void; picker: ReactNode } {
  const { controller } = useSession();
  const { ask, picker } = useFilePicker({
    accept: '.txt,.gz,.zip,text/*',
    label: 'Text file',
    onFile: (file) => void controller.openFile(file, file.name),
  });
  const open = (id: DatasetId): void => {
    if (id === 'sample') controller.openSample();
    else if (id === 'enwik8') controller.openEnwik8();
    else ask();
  };
  return { open, picker };
}
