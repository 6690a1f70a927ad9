import { useRef } from 'react';
import { CopyButton } from '../shell/CopyButton.tsx';

interface TextToCopyProps {
  text: string;
  rows: number;
  /** What it is. */
  label: string;
  /** What its button says. */
  copy: string;
}

/** A text of several lines, to be read and copied; selected where the browser does not let the page copy it. */
export function TextToCopy({ text, rows, label, copy }: TextToCopyProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  return (
    <div className="share-link">
      <textarea
        ref={field}
        readOnly
        rows={rows}
        value={text}
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton label={copy} text={text} onRefused={() => field.current?.select()} />
    </div>
  );
}
