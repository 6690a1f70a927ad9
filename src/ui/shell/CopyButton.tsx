import { useState } from 'react';
import type { MouseEvent } from 'react';
import { copyText } from './copy-text.ts';

interface CopyButtonProps {
  label: string;
  /** What is copied; one that changes all the time is told at the press. */
  text: string | (() => string);
  primary?: boolean;
  /** Has the focus when its dialog opens. */
  first?: boolean;
  /** Called when the browser does not let the page write to the clipboard. */
  onRefused?(text: string): void;
}

/** Copies a text and says that it did. */
export function CopyButton({ label, text, primary, first, onRefused }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<{ of: CopyButtonProps['text']; copied: boolean } | null>(null);
  const shown = outcome?.of === text ? (outcome.copied ? 'Copied' : 'Could not copy') : label;
  const copy = async (event: MouseEvent<HTMLElement>): Promise<void> => {
    const now = typeof text === 'string' ? text : text();
    const copied = await copyText(now, event.currentTarget);
    setOutcome({ of: text, copied });
    if (!copied) onRefused?.(now);
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
