import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { Segmented } from '../form/Segmented.tsx';
import { useSession } from '../session.ts';
import type { Capture } from '../state/inspection.ts';
import { setDetail } from '../state/view.ts';
import { CausalNote } from './CausalNote.tsx';
import { HeadGrid } from './HeadGrid.tsx';
import { HeadMap } from './HeadMap.tsx';
import { positionAfterKey } from './keys.ts';
import { MergeRow } from './MergeRow.tsx';
import { PositionControls } from './PositionControls.tsx';
import { clampPosition, firstQuery, formatPosition } from './position.ts';
import type { Position } from './position.ts';
import { QueryLine } from './QueryLine.tsx';
import { RowTable } from './RowTable.tsx';
import { boundsOf, isComparable, laneOf, streamsOf } from './scene.ts';
import { SpokenPosition } from './SpokenPosition.tsx';
import { useAttentionKeys } from './use-attention-keys.ts';
import { Stage } from './Stage.tsx';

/** Which of two captures is drawn: the shown one, the pinned one, or what changed from the pinned to the shown. */
export type Comparison = 'b' | 'a' | 'diff';

interface CaptureViewProps {
  capture: Capture;
  position: Position;
}

/** One capture, from the passage down to a single weight. */
export function CaptureView({ capture, position: wanted }: CaptureViewProps) {
  const { inspector, view } = useSession();
  const pinned = useStore(inspector.store, (state) => state.pinned);
  const [comparison, setComparison] = useState<Comparison>('diff');
  const [hovered, setHovered] = useState<number | null>(null);
  const other =
    pinned !== null && pinned !== capture && isComparable(pinned.inspection, capture.inspection) ? pinned : null;
  const shown = other !== null && comparison === 'a' ? other : capture;
  const { inspection } = shown;
  const reference = other !== null && comparison === 'diff' ? other.inspection : null;

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
  const lanes = useMemo(() => streams.map((stream) => laneOf(stream, query)), [streams, query]);
  const lanesBefore = useMemo(() => before && before.map((stream) => laneOf(stream, query)), [before, query]);
  const calmQuery = useDeferredValue(query);

  const go = (change: Partial<Position>): void => {
    const next = clampPosition({ ...position, ...change }, bounds);
    setDetail(view, 'attn', formatPosition(next));
    // Released, the query stays where it was until the pointer moves.
    if (change.query === null) setHovered(query);
  };
  const panels = useRef<HTMLDivElement>(null);
  useAttentionKeys(panels, (event) => {
    if (event.key.toLowerCase() === 'p') {
      inspector.pin(pinned === null ? capture : null);
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
          <ComparisonChoice value={comparison} before={other.step} after={capture.step} onChange={setComparison} />
        )}
        {pinned !== null && pinned !== capture && other === null && (
          <p className="message">
            The pinned capture, step {pinned.step}, is of another text or another model, so that the two cannot be
            compared weight by weight.
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

interface ComparisonChoiceProps {
  value: Comparison;
  before: number;
  after: number;
  onChange(value: Comparison): void;
}

function ComparisonChoice({ value, before, after, onChange }: ComparisonChoiceProps) {
  const options: readonly { value: Comparison; label: string }[] = [
    { value: 'a', label: `A: step ${before}` },
    { value: 'b', label: `B: step ${after}` },
    { value: 'diff', label: 'B − A' },
  ];
  return (
    <div className="comparison">
      <span id="comparison-label">Compare</span>
      <Segmented name="comparison" labelledBy="comparison-label" value={value} options={options} onChange={onChange} />
    </div>
  );
}
