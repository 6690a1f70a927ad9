import { hueOf } from '../hue.ts';

const CELL = 26;
const GAP = 3;
const LEFT = 58;
const BYTES = 'hello world.'.split('');
/** Streams from the coarsest down, each with the place of its row. */
const STREAMS = [
  { factor: 4, y: 30, reach: 3 },
  { factor: 2, y: 76, reach: 4 },
  { factor: 1, y: 122, reach: 5 },
];
const END = LEFT + BYTES.length * CELL;

/** Three streams over one line of text: what a token stands for, how far its stream sees, and what is merged. */
export function HierarchyDiagram() {
  return (
    <svg
      className="hierarchy-diagram"
      viewBox="0 0 440 200"
      role="img"
      aria-label="Twelve bytes of text below three streams of tokens: 1× with a token for each byte, 2× with one for two, 4× with one for four. Tokens that the last one of its stream sees are filled. Arrows lead from all streams into a merge, and from it to the next byte."
    >
      {STREAMS.map(({ factor, y, reach }) => (
        <g key={factor}>
          <text x={LEFT - 12} y={y + 19} className="diagram-label" textAnchor="end" fill={hueOf(factor)}>
            {factor}×
          </text>
          {Array.from({ length: BYTES.length / factor }, (_, back) => (
            <rect
              key={back}
              x={END - (back + 1) * factor * CELL + GAP / 2}
              y={y}
              width={factor * CELL - GAP}
              height={28}
              rx={3}
              fill={hueOf(factor)}
              opacity={back < reach ? 1 : 0.25}
            />
          ))}
          <path d={`M${END + 6} ${y + 14}H${END + 34}`} stroke={hueOf(factor)} className="diagram-arrow" />
        </g>
      ))}
      <text x={LEFT - 12} y={184} className="diagram-note" textAnchor="end">
        bytes
      </text>
      {BYTES.map((byte, at) => (
        <text
          // oxlint-disable-next-line react/no-array-index-key -- The line never changes.
          key={at}
          x={LEFT + (at + 0.5) * CELL}
          y={184}
          className="diagram-byte"
          textAnchor="middle"
        >
          {byte === ' ' ? '·' : byte}
        </text>
      ))}
      <text x={END} y={18} className="diagram-note" textAnchor="end">
        filled: what the last token sees
      </text>
      <rect x={END + 36} y={30} width={22} height={120} rx={4} className="diagram-merge" />
      <text transform={`translate(${END + 51} 90) rotate(-90)`} className="diagram-note" textAnchor="middle">
        merge
      </text>
      <path d={`M${END + 47} 152V178H${END + 22}`} className="diagram-arrow diagram-out" />
      <text x={END + 4} y={184} className="diagram-byte">
        ?
      </text>
    </svg>
  );
}
