interface HelpButtonProps {
  /** Of the text that it shows and hides. */
  helpId: string;
  labelId: string;
  shown: boolean;
  onToggle(): void;
}

/** Shows and hides what a setting does, or how a chart is read. */
export function HelpButton({ helpId, labelId, shown, onToggle }: HelpButtonProps) {
  return (
    <button
      type="button"
      className="tool help"
      aria-expanded={shown}
      aria-controls={helpId}
      aria-label="Help"
      aria-describedby={labelId}
      onClick={onToggle}
    >
      ?
    </button>
  );
}
