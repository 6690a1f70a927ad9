import { Fragment } from 'react';
import { textSegments } from '../../text/segments.ts';
import { namedLabel } from '../text/byte-name.ts';

/** What follows a label so that the text keeps its lines and columns. */
const SPACING: Record<string, string> = { '␊': '\n', '␉': '\t' };

/** Bytes of any kind as text nodes: control characters and stray bytes get a visible label. */
export function SampleText({ bytes }: { bytes: Uint8Array }) {
  return textSegments(bytes).map(({ kind, text, start }) =>
    kind === 'text' ? (
      <Fragment key={start}>{text}</Fragment>
    ) : (
      <span key={start} className="byte-label">
        {kind === 'control' ? namedLabel(text) : text}
        {SPACING[text]}
      </span>
    ),
  );
}
