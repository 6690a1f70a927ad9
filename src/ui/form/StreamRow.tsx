import { hueOf } from '../hue.ts';
import { STRIP } from './strip-layout.ts';
import type { StripRow } from './strip-layout.ts';

const LEAST_LINE = 14;
/** Where a token that begins further left is interrupted. */
const CUTS = [5, 10, 15];

/** One stream: its factor, its tokens, a mark wherever a token ends, and how far it sees. */
export function StreamRow({ row, bytes }: { row: StripRow; bytes: number }) {
  const unit = STRIP.tokens / bytes;
  const middle = row.height / 2;
  const ends = Array.from({ length: Math.floor(bytes / row.stride) }, (_, back) => bytes - back * row.stride);
  return (
    <g transform={`translate(0 ${row.top})`} fill={hueOf(row.factor)}>
      <title>{row.about}</title>
      <rect width={STRIP.width} height={Math.max(LEAST_LINE, row.height)} fill="transparent" />
      <text className="strip-factor" y={middle + 4}>
        {row.factor}×
      </text>
      {row.tokens.map(({ end, span, inReach }) => (
        <rect
          key={end}
          x={STRIP.left + unit * (end - span) + 0.75}
          width={Math.max(0.5, unit * span - 1.5)}
          height={row.height}
          rx={1.5}
          opacity={inReach ? 1 : 0.28}
        />
      ))}
      {row.tokens
        .filter(({ isCut }) => isCut)
        .map(({ end, span }) => (
          <path
            key={end}
            className="strip-cut"
            d={CUTS.map((x) => `M${(STRIP.left + unit * (end - span) + x).toFixed(2)} -1v${row.height + 2}`).join('')}
          />
        ))}
      {row.factor > 1 && (
        <path
          className="strip-ends"
          stroke={hueOf(row.factor)}
          d={ends.map((end) => `M${(STRIP.left + unit * end - 1).toFixed(2)} ${row.height + 2}v3`).join('')}
        />
      )}
      <text className="strip-reach" x={STRIP.width} y={middle + 4} textAnchor="end">
        {row.reach}
      </text>
    </g>
  );
}
