import type { CorpusInfo } from '../../protocol/events.ts';
import { loss } from '../format/quantity.ts';

/** What each byte costs a model that knows nothing. */
export const UNIFORM = 8;
const WIDTH = 800;
const TICKS = Array.from({ length: UNIFORM + 1 }, (_, bits) => bits);

/** Of a row of labels, in pixels. */
const ROW = 22;
/** What is beyond has its label on its left, where a phone has room for it. */
const RIGHTMOST = 4;

interface Mark {
  name: string;
  bits: number;
}

/** Bits per byte from 0 to 8, with what means that learn nothing reach on this text, and the best possible where that is known. */
export function BitsRuler({ corpus: { gzipBits, order0Bits, synthetic } }: { corpus: CorpusInfo }) {
  const learned: Mark[] = [
    ...(synthetic ? [{ name: 'best possible', bits: synthetic.floorBits }] : []),
    ...(gzipBits === null || gzipBits > UNIFORM ? [] : [{ name: 'gzip', bits: gzipBits }]),
    { name: 'byte frequencies', bits: order0Bits },
  ].sort((a, b) => a.bits - b.bits);
  const marks = [...learned, { name: 'uniform', bits: UNIFORM }];
  // Each label stands above the lines of those to its right. The last has the first row where that is free.
  const isFree = learned.every(({ bits }) => bits <= RIGHTMOST);
  const rows = isFree ? learned.length : marks.length;
  return (
    <div
      className="bits-ruler"
      role="img"
      aria-label={`Bits per byte: ${marks.map(({ name, bits }) => `${name} ${loss(bits)}`).join(', ')}`}
    >
      <ul aria-hidden="true" style={{ height: rows * ROW }}>
        {marks.map(({ name, bits }, at) => (
          <li
            key={name}
            style={{ left: `${(100 * bits) / UNIFORM}%`, top: (at % rows) * ROW }}
            data-side={bits > RIGHTMOST ? 'left' : 'right'}
          >
            <span>
              <strong>{loss(bits)}</strong> {name}
            </span>
          </li>
        ))}
      </ul>
      <svg viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" aria-hidden="true">
        <path d={`M0 5H${WIDTH}`} />
        {TICKS.map((bits) => (
          <path key={bits} d={`M${(WIDTH * bits) / UNIFORM} 2v6`} />
        ))}
      </svg>
      <ol aria-hidden="true">
        {TICKS.map((bits) => (
          <li key={bits}>{bits}</li>
        ))}
      </ol>
    </div>
  );
}
