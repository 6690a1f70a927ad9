import type { CorpusInfo } from '../../protocol/events.ts';
import { loss } from '../format/quantity.ts';

/** What each byte costs a model that knows nothing. */
export const UNIFORM = 8;
const WIDTH = 800;
const TICKS = Array.from({ length: UNIFORM + 1 }, (_, bits) => bits);

interface Mark {
  name: string;
  bits: number;
}

/** Bits per byte from 0 to 8, with what means that learn nothing reach on this text, and the best possible where that is known. */
export function BitsRuler({ corpus: { gzipBits, order0Bits, synthetic } }: { corpus: CorpusInfo }) {
  const marks: Mark[] = [
    ...(synthetic ? [{ name: 'best possible', bits: synthetic.floorBits }] : []),
    ...(gzipBits === null || gzipBits > UNIFORM ? [] : [{ name: 'gzip', bits: gzipBits }]),
    { name: 'byte frequencies', bits: order0Bits },
    { name: 'uniform', bits: UNIFORM },
  ];
  return (
    <div
      className="bits-ruler"
      role="img"
      aria-label={`Bits per byte: ${marks.map(({ name, bits }) => `${name} ${loss(bits)}`).join(', ')}`}
    >
      <ul aria-hidden="true">
        {marks.map(({ name, bits }) => (
          <li
            key={name}
            style={{ left: `${(100 * bits) / UNIFORM}%` }}
            data-side={bits > UNIFORM / 4 ? 'left' : 'right'}
          >
            <strong>{loss(bits)}</strong> {name}
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
