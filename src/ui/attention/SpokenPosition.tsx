import { useEffect, useState } from 'react';
import type { Inspection } from '../../protocol/inspection.ts';
import { spokenKept } from './kept.ts';
import { spokenQuery } from './read-out.ts';
import type { StreamLane } from './scene.ts';

interface SpokenPositionProps {
  inspection: Inspection;
  layer: number;
  query: number;
  lane: StreamLane;
}

/** A pointer that moves on or a key that is held is not read out. */
const REST = 300;

/** Where one is, said politely once one rests there; to see, it is written above. */
export function SpokenPosition({ inspection, layer, query, lane }: SpokenPositionProps) {
  const kept = spokenKept(inspection, lane.hierarchy, query);
  const text = spokenQuery(inspection.text, { ...lane, query, layer }) + (kept === null ? '' : `; ${kept}`);
  const [said, setSaid] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSaid(text), REST);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p className="spoken visually-hidden" role="status">
      {said}
    </p>
  );
}
