import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useRun, useSession } from '../session.ts';
import type { Capture } from '../state/inspection.ts';
import { combineHeads } from './head-weights.ts';
import type { Precision } from './read-out.ts';
import type { StreamLane } from './scene.ts';

/** A row's weights, as exact as they can be had. */
export interface ShownRow {
  /** Null where there is no attention. */
  weights: Float32Array | null;
  precision: Precision;
}

/** The row of a lane, of the head that the lane shows; exact once the worker has been asked for it. */
export function useExactRow(
  capture: Capture,
  layer: number,
  { hierarchy, lane, band, head, row }: StreamLane,
): ShownRow {
  const { exactRows } = useSession();
  useStore(exactRows.store, ({ revision }) => revision);
  const phase = useRun((state) => state.phase.name);
  const { token } = lane;
  const hasAttention = band !== null;
  useEffect(
    () => (hasAttention ? exactRows.want(capture, { layer, hierarchy, token }) : undefined),
    [exactRows, capture, layer, hierarchy, token, hasAttention, phase],
  );
  if (band === null || row === null) return { weights: null, precision: 'about' };
  const heads = exactRows.rowOf(capture, { layer, hierarchy, token });
  if (heads === undefined) return { weights: row, precision: 'asked' };
  if (heads === null) return { weights: row, precision: 'about' };
  return { weights: combineHeads(heads, band.span, head), precision: 'exact' };
}
