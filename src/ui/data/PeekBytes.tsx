import { exact } from '../format/quantity.ts';
import { partsWithin } from './parts-within.ts';
import type { SplitPart } from './split-parts.ts';

interface PeekBytesProps {
  bytes: Uint8Array;
  /** Place of the first byte. */
  offset: number;
  parts: readonly SplitPart[];
  /** Bytes in a row. */
  columns: number;
}

/** Bytes by their numbers, and beside them those that are ASCII. */
export function PeekBytes({ bytes, offset, parts, columns }: PeekBytesProps) {
  const starts = Array.from({ length: Math.ceil(bytes.length / columns) }, (_, row) => offset + row * columns);
  const end = offset + bytes.length;
  return (
    <table className="peek-bytes">
      <thead>
        <tr>
          <th scope="col">byte</th>
          <th scope="col">hexadecimal</th>
          <th scope="col">ASCII</th>
        </tr>
      </thead>
      <tbody>
        {starts.map((start) => {
          const within = partsWithin(parts, start, Math.min(end, start + columns));
          const cell = (text: (bytes: Uint8Array) => string) =>
            within.map((part) => (
              <span key={part.name} className={`peek-${part.name}`}>
                {text(bytes.subarray(part.start - offset, part.end - offset))}
              </span>
            ));
          return (
            <tr key={start}>
              <th scope="row">{exact(start)}</th>
              <td>{cell(hexadecimal)}</td>
              <td>{cell(ascii)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `${byte.toString(16).padStart(2, '0')} `).join('');
}

/** One character a byte, a dot for those that are no printable ASCII. */
function ascii(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
}
