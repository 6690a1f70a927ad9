import { useState } from 'react';
import type { MouseEvent } from 'react';
import { copyText } from './copy-text.ts';

interface CopyButtonProps {
  label: string;
  text: string;
  primary?: boolean;
  /** Has the focus when its dialog opens. */
  first?: boolean;
  /** Called when the browser does not let the page write to the clipboard. */
  onRefused?(): void;
}

/** Copies a text and says that it did. */
export function CopyButton({ label, text, primary, first, onRefused }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<{ text: string; copied: boolean } | null>(null);
  const shown = outcome?.text === text ? (outcome.copied ? 'Copied' : 'Could not copy') : label;
  const copy = async (event: MouseEvent<HTMLElement>): Promise<void> => {
    const copied = await copyText(text, event.currentTarget);
    setOutcome({ text, copied });
    if (!copied) onRefused?.();
  };
  return (
    <button
      type="button"
      className={primary ? 'button primary' : 'button'}
      aria-live="polite"
      data-first={first || undefined}
      onClick={(event) => void copy(event)}
    >
      {shown}
    </button>
  );
}
