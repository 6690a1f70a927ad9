import { Fragment } from 'react';
import { textSegments } from '../../text/segments.ts';

/** White space has shapes that most fonts know; other bytes keep the label that they come with. */
const SHAPES: Record<string, string> = { '␊': '↵\n', '␉': '⇥\t' };

/** Bytes of any kind as text nodes: control characters and stray bytes get a visible label. */
export function SampleText({ bytes }: { bytes: Uint8Array }) {
  return textSegments(bytes).map(({ kind, text, start }) =>
    kind === 'text' ? (
      <Fragment key={start}>{text}</Fragment>
    ) : (
      <Fragment key={start}>
        <span className="byte-label">{SHAPES[text] ?? text}</span>
      </Fragment>
    ),
  );
}
