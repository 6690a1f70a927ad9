import { useState } from 'react';

interface CopyButtonProps {
  label: string;
  text: string;
  primary?: boolean;
  /** Called when the browser does not let the page write to the clipboard, as on pages without https. */
  onRefused?(): void;
}

/** Copies a text and says that it did. */
export function CopyButton({ label, text, primary, onRefused }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<{ text: string; copied: boolean } | null>(null);
  const shown = outcome?.text === text ? (outcome.copied ? 'Copied' : 'Could not copy') : label;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome({ text, copied: true });
    } catch {
      setOutcome({ text, copied: false });
      onRefused?.();
    }
  };
  return (
    <button
      type="button"
      className={primary ? 'button primary' : 'button'}
      aria-live="polite"
      onClick={() => void copy()}
    >
      {shown}
    </button>
  );
}
