import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useSession } from '../session.ts';
import type { Capture } from '../state/inspection.ts';
import { setDetail } from '../state/view.ts';
import { CausalNote } from './CausalNote.tsx';
import { ComparisonBar } from './ComparisonBar.tsx';
import { HeadGrid } from './HeadGrid.tsx';
import { HeadMap } from './HeadMap.tsx';
import { KeptNote } from './KeptNote.tsx';
import { positionAfterKey } from './keys.ts';
import { MergeRow } from './MergeRow.tsx';
import { captureName, pinCapture } from './pin.ts';
import { PositionControls } from './PositionControls.tsx';
import { clampPosition, firstQuery, formatPosition } from './position.ts';
import type { Position } from './position.ts';
import { QueryLine } from './QueryLine.tsx';
import { RowTable } from './RowTable.tsx';
import { boundsOf, isComparable, laneOf, streamsOf } from './scene.ts';
import { SpokenPosition } from './SpokenPosition.tsx';
import { useAttentionKeys } from './use-attention-keys.ts';
import { Stage } from './Stage.tsx';
import { useExactRow } from './use-exact-row.ts';

interface CaptureViewProps {
  capture: Capture;
  position: Position;
}

/** One capture, from the passage down to a single weight. */
export function CaptureView({ capture, position: wanted }: CaptureViewProps) {
  const session = useSession();
  const { inspector, view } = session;
  const runs = useStore(session.runs, (state) => state.runs);
  const pinned = useStore(inspector.store, (state) => state.pinned);
  const [hovered, setHovered] = useState<number | null>(null);
  const other =
    pinned !== null && pinned !== capture && isComparable(pinned.inspection, capture.inspection) ? pinned : null;
  const shown = other !== null && wanted.shown === 'a' ? other : capture;
  const { inspection } = shown;
  const reference = other !== null && wanted.shown === 'diff' ? other.inspection : null;

  const bounds = useMemo(() => boundsOf(inspection), [inspection]);
  const position = useMemo(() => clampPosition(wanted, bounds), [wanted, bounds]);
  const { layer, hierarchy, head } = position;
  const streams = useMemo(
    () => streamsOf(inspection, { layer, hierarchy, head }),
    [inspection, layer, hierarchy, head],
  );
  const before = useMemo(
    () => reference && streamsOf(reference, { layer, hierarchy, head }),
    [reference, layer, hierarchy, head],
  );
  const query = Math.min(position.query ?? hovered ?? firstQuery(bounds.bytes), bounds.bytes - 1);
  const roughLanes = useMemo(() => streams.map((stream) => laneOf(stream, query)), [streams, query]);
  // All that is said of the chosen row is said of the same numbers, which are the exact ones once they are known.
  const { weights } = useExactRow(shown, layer, roughLanes[hierarchy]);
  const lanes = roughLanes.map((lane) => (lane.hierarchy === hierarchy ? { ...lane, row: weights } : lane));
  const lanesBefore = useMemo(() => before && before.map((stream) => laneOf(stream, query)), [before, query]);
  const calmQuery = useDeferredValue(query);

  const go = (change: Partial<Position>): void => {
    // A link can only name a step of its own run.
    const pin = pinned?.runId === capture.runId ? pinned.step : null;
    const next = clampPosition({ ...position, ...change, pin }, bounds);
    setDetail(view, 'attn', formatPosition(next));
    // Released, the query stays where it was until the pointer moves.
    if (change.query === null) setHovered(query);
  };
  const panels = useRef<HTMLDivElement>(null);
  useAttentionKeys(panels, (event) => {
    if (event.key.toLowerCase() === 'p') {
      pinCapture(session, position, pinned === null ? capture : null);
      return true;
    }
    const next = positionAfterKey(event, position, query, bounds);
    if (next !== null) go(next);
    return next !== null;
  });
  const chosen = lanes[hierarchy];
  return (
    <div ref={panels} className="capture">
      <section className="panel stage-panel" aria-label="Lanes">
        <PositionControls bounds={bounds} position={position} onGo={go} />
        <QueryLine inspection={inspection} query={query} locked={position.query !== null} onGo={go} />
        {other !== null && (
          <ComparisonBar
            shown={position.shown}
            before={captureName(other, capture.runId, runs)}
            after={captureName(capture, capture.runId, runs)}
            onChange={(shown) => go({ shown })}
          />
        )}
        {pinned === capture && (
          <p className="message">This is A. Choose B with the slider above, or train another run.</p>
        )}
        {pinned !== null && pinned !== capture && other === null && (
          <p className="message">
            A, {captureName(pinned, capture.runId, runs)}, is of another text or another model, so that the two cannot
            be compared weight by weight.
          </p>
        )}
        <Stage
          capture={shown}
          lanes={lanes}
          lanesBefore={lanesBefore}
          position={position}
          query={query}
          onHover={setHovered}
          onGo={go}
        />
        <MergeRow inspection={inspection} before={reference} layer={layer} query={query} />
        <KeptNote capture={shown} before={reference && other} />
        <CausalNote lanes={streams} hasShares={inspection.mergeShares.length > 0} />
        <SpokenPosition inspection={inspection} layer={layer} query={query} lane={chosen} />
      </section>
      <HeadGrid inspection={inspection} position={position} onGo={go} />
      <section className="panel map-panel" aria-labelledby="map-title">
        <HeadMap
          capture={shown}
          stream={streams[hierarchy]}
          before={before?.[hierarchy] ?? null}
          position={position}
          query={query}
          onHover={setHovered}
          onGo={go}
        />
        <RowTable
          capture={shown}
          layer={layer}
          stream={streams[hierarchy]}
          before={before?.[hierarchy] ?? null}
          query={calmQuery}
        />
      </section>
    </div>
  );
}
