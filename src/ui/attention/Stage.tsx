import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { PointerEvent } from 'react';
import { useSize } from '../chart/use-size.ts';
import { useMedia } from '../shell/use-media.ts';
import type { Capture } from '../state/inspection.ts';
import { KeptAtQuery } from './KeptAtQuery.tsx';
import { KeptRows } from './KeptRows.tsx';
import { keptOf } from './kept.ts';
import { LaneBars } from './LaneBars.tsx';
import { LaneLabels } from './LaneLabels.tsx';
import { RowFigures } from './RowFigures.tsx';
import { BinReadout } from './BinReadout.tsx';
import { PassageRows } from './PassageRows.tsx';
import type { Position } from './position.ts';
import { keyAt } from './scene.ts';
import type { LanePlace, PlacedBin, StreamLane } from './scene.ts';
import { laneAtHeight, stageLayout } from './stage-layout.ts';

interface StageProps {
  capture: Capture;
  lanes: readonly StreamLane[];
  /** The same of the capture to compare with; null without one. */
  lanesBefore: readonly StreamLane[] | null;
  position: Position;
  query: number;
  onHover(query: number): void;
  onGo(change: Partial<Position>): void;
}

/** Pixels that a byte needs to be legible, and to be touched. */
const LEAST_BYTE_WIDTH = 7.5;
const TOUCHED_BYTE_WIDTH = 14;
const MOST_BYTE_WIDTH = 26;

/** The passage and one lane for each hierarchy, all above the same byte axis. */
export function Stage({ capture, lanes, lanesBefore, position, query, onHover, onGo }: StageProps) {
  const { inspection } = capture;
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const coarse = useMedia('(pointer: coarse)');
  // The place and not its key, which is another one as soon as the query moves under a pointer at rest.
  const [pointer, setPointer] = useState<LanePlace | null>(null);
  const pointed = pointer && keyAt(lanes, pointer);
  const bytes = inspection.text.length;
  const hasWorth = lanes.some(({ lost }) => lost !== null);
  const kept = useMemo(() => keptOf(inspection), [inspection]);
  const layout = useMemo(() => stageLayout(lanes.length, hasWorth, kept.length), [lanes.length, hasWorth, kept.length]);
  const least = coarse ? TOUCHED_BYTE_WIDTH : LEAST_BYTE_WIDTH;
  const width = Math.min(MOST_BYTE_WIDTH, Math.max(least, (size?.width ?? 0) / bytes));
  const locked = position.query !== null;

  const bringIntoView = useEffectEvent(() => {
    const box = scroller.current;
    if (box === null) return;
    const x = query * width;
    if (x < box.scrollLeft + 2 * width || x > box.scrollLeft + box.clientWidth - 3 * width) {
      box.scrollLeft = x - box.clientWidth / 2;
    }
  });
  // One that follows the pointer is where one looks, but for the first drawing and a change of size.
  useEffect(() => bringIntoView(), [bytes, width, size?.width]);
  useEffect(() => {
    if (locked) bringIntoView();
  }, [query, locked]);

  const place = (event: PointerEvent<SVGSVGElement>): { byte: number; hierarchy: number | null } => {
    const box = event.currentTarget.getBoundingClientRect();
    const byte = Math.max(0, Math.min(bytes - 1, Math.floor((event.clientX - box.left) / width)));
    return { byte, hierarchy: laneAtHeight(layout, lanes.length, event.clientY - box.top) };
  };
  const onPointerMove = (event: PointerEvent<SVGSVGElement>): void => {
    const { byte, hierarchy } = place(event);
    if (!locked && event.pointerType !== 'touch') onHover(byte);
    setPointer(hierarchy === null ? null : { hierarchy, byte });
  };
  return (
    <>
      <div className="stage">
        <LaneLabels lanes={lanes} kept={kept} layout={layout} position={position} hasWorth={hasWorth} onGo={onGo} />
        <div ref={scroller} className="stage-scroll" role="application" aria-label={LABEL} tabIndex={0}>
          {size !== null && (
            <svg
              className="stage-svg"
              width={Math.ceil(bytes * width)}
              height={layout.height}
              aria-hidden="true"
              data-locked={locked || undefined}
              onPointerMove={onPointerMove}
              onPointerLeave={() => setPointer(null)}
              onClick={(event) => onGo({ query: place(event as unknown as PointerEvent<SVGSVGElement>).byte })}
            >
              <defs>
                <pattern id="outside" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                  <line className="hatch" x1="0" y1="0" x2="0" y2="6" />
                </pattern>
              </defs>
              <QueryMarks {...{ layout, query, width, bytes, pointed }} />
              <PassageRows inspection={inspection} lanes={lanes} layout={layout} width={width} />
              <KeptRows text={inspection.text} rows={kept} layout={layout} width={width} />
              {lanes.map((lane, at) => (
                <LaneBars
                  key={lane.hierarchy}
                  lane={lane}
                  before={lanesBefore?.[at] ?? null}
                  top={layout.laneTop(at)}
                  height={layout.laneHeight}
                  width={width}
                  mask={position.mask}
                  pointed={pointed?.hierarchy === at ? pointed.bin.index : null}
                />
              ))}
            </svg>
          )}
        </div>
        <RowFigures lanes={lanes} kept={kept} layout={layout} next={query + 1} />
      </div>
      <BinReadout
        capture={capture}
        lanes={lanes}
        lanesBefore={lanesBefore}
        position={position}
        query={query}
        pointed={pointed}
      />
      <KeptAtQuery text={inspection.text} rows={kept} query={query} />
    </>
  );
}

const LABEL =
  'Lanes of all hierarchies. Arrow left and right: query byte, with Shift by 16. Arrow up and down: layer. H: hierarchy. ' +
  'Brackets: head. A: average. D: view. K: mask. P: pin. Escape: release.';

interface QueryMarksProps {
  layout: ReturnType<typeof stageLayout>;
  query: number;
  width: number;
  bytes: number;
  /** The key under the pointer. */
  pointed: PlacedBin | null;
}

/** The query's column, the byte after it, and the bytes of the key under the pointer. */
function QueryMarks({ layout, query, width, bytes, pointed }: QueryMarksProps) {
  const { textTop, textHeight, height } = layout;
  return (
    <g>
      <rect className="query-column" data-query={query} x={query * width} y={0} width={width} height={height} />
      {query + 1 < bytes && (
        <rect
          className="next-byte"
          x={(query + 1) * width + 0.5}
          y={textTop + 2.5}
          width={Math.max(1, width - 1)}
          height={textHeight - 5}
        />
      )}
      {pointed !== null && (
        <rect
          className="pointed-span"
          x={pointed.bin.start * width}
          y={textTop}
          width={(pointed.bin.end - pointed.bin.start + 1) * width}
          height={textHeight}
        />
      )}
    </g>
  );
}
