import { useRef } from 'react';
import type { ReactNode } from 'react';

interface FilePickerOptions {
  /** What a file may be, as in the `accept` of an input. */
  accept: string;
  /** What the file is, for those who cannot see. */
  label: string;
  onFile(file: File): void;
}

/** Asks for a file of the visitor's; `picker` is to be rendered unseen. */
export function useFilePicker({ accept, label, onFile }: FilePickerOptions): { ask: () => void; picker: ReactNode } {
  const input = useRef<HTMLInputElement>(null);
  const picker = (
    <input
      ref={input}
      className="visually-hidden"
      type="file"
      accept={accept}
      aria-label={label}
      tabIndex={-1}
      onChange={({ target }) => {
        const file = target.files?.[0];
        if (file !== undefined) onFile(file);
        // The same file again is a change as well.
        target.value = '';
      }}
    />
  );
  return { ask: () => input.current?.click(), picker };
}
