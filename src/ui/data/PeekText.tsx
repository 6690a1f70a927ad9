import { textSegments } from '../../text/segments.ts';
import { namedLabel } from '../text/byte-name.ts';
import type { SplitPart } from './split-parts.ts';

const LINE_FEED = '␊';

interface PeekTextProps {
  bytes: Uint8Array;
  /** Place of the first byte. */
  offset: number;
  parts: readonly SplitPart[];
}

/** Bytes as the text that they are, lines and all; what has no shape of its own has a label. */
export function PeekText({ bytes, offset, parts }: PeekTextProps) {
  return (
    <pre className="peek-text" tabIndex={0} aria-label="The text here">
      {parts.map(({ name, start, end }) => (
        <span key={name} className={`peek-${name}`}>
          {textSegments(bytes.subarray(start - offset, end - offset)).map(({ kind, text, start: at }) =>
            kind === 'text' ? (
              text
            ) : (
              <span key={at} className="peek-label">
                {namedLabel(text)}
                {text === LINE_FEED && '\n'}
              </span>
            ),
          )}
        </span>
      ))}
    </pre>
  );
}
