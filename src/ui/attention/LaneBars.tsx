import { hueOf } from '../hue.ts';
import type { StreamLane } from './scene.ts';
import { strongestBin } from './read-out.ts';

interface LaneBarsProps {
  lane: StreamLane;
  before: StreamLane | null;
  top: number;
  height: number;
  /** Pixels of a byte. */
  width: number;
  mask: boolean;
  /** Place of the key under the pointer. */
  pointed: number | null;
}

/** Keys of the query's phase, each as wide as the bytes that it stands for and as high as its share of the largest weight. */
export function LaneBars({ lane: stream, before, top, height, width, mask, pointed }: LaneBarsProps) {
  const { geometry, lane, row } = stream;
  const bottom = top + height;
  const strongest = row && strongestBin(lane, row);
  const strongestBefore = before?.row ? strongestBin(before.lane, before.row) : null;
  const most = Math.max(
    1 / 255,
    strongest ? row[strongest.index] : 0,
    strongestBefore ? before!.row![strongestBefore.index] : 0,
  );
  return (
    <g
      className="lane-bars"
      data-compared={before !== null || undefined}
      data-factor={geometry.factor}
      style={{ '--hue': hueOf(geometry.factor) }}
    >
      {lane.bins.map(({ index, token, start, end, seen }) => {
        const x = start * width;
        const binWidth = Math.max(1, (end - start + 1) * width - 1);
        const weight = seen && row ? row[index] : 0;
        const share = weight / most;
        const old = seen ? before?.row?.[index] : undefined;
        return (
          <g
            key={index}
            data-token={token}
            data-from={start}
            data-to={end}
            data-weight={seen ? weight.toFixed(4) : undefined}
            data-seen={seen}
            data-pointed={pointed === index || undefined}
          >
            <rect className="bin" x={x} y={top} width={binWidth} height={height} />
            {!seen && mask && <rect fill="url(#outside)" x={x} y={top} width={binWidth} height={height} />}
            {seen && (
              <rect
                className="bar"
                x={x}
                y={bottom - share * (height - 2)}
                width={binWidth}
                height={share * (height - 2)}
                fillOpacity={0.4 + 0.6 * share}
              />
            )}
            {old !== undefined && (
              <rect
                className={weight >= old ? 'bar-more' : 'bar-less'}
                x={x}
                y={bottom - (Math.max(weight, old) / most) * (height - 2)}
                width={binWidth}
                height={(Math.abs(weight - old) / most) * (height - 2)}
              />
            )}
            {old !== undefined && (
              <line
                className="bar-before"
                x1={x}
                x2={x + binWidth}
                y1={bottom - (old / most) * (height - 2)}
                y2={bottom - (old / most) * (height - 2)}
              />
            )}
          </g>
        );
      })}
      {lane.stale !== null && (
        <rect
          className="stale"
          x={lane.stale.start * width}
          y={top + 0.5}
          width={(lane.stale.end - lane.stale.start + 1) * width - 1}
          height={height - 1}
        />
      )}
    </g>
  );
}
