import { useRef } from 'react';
import type { ReactNode } from 'react';
import type { DatasetId } from '../../config/types.ts';
import { useSession } from '../session.ts';

/** Opens a text; one of the visitor's own is asked for by the picker, which is to be rendered unseen. */
export function useTexts(): { open: (id: DatasetId) => void; picker: ReactNode } {
  const { controller } = useSession();
  const input = useRef<HTMLInputElement>(null);
  const open = (id: DatasetId): void => {
    if (id === 'sample') controller.openSample();
    else if (id === 'enwik8') controller.openEnwik8();
    else input.current?.click();
  };
  const picker = (
    <input
      ref={input}
      className="visually-hidden"
      type="file"
      accept=".txt,.gz,.zip,text/*"
      aria-label="Text file"
      tabIndex={-1}
      onChange={({ target }) => {
        const file = target.files?.[0];
        if (file !== undefined) controller.openFile(file, file.name);
        // The same file again is a change as well.
        target.value = '';
      }}
    />
  );
  return { open, picker };
}
