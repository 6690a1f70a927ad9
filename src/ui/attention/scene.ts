import type { AttentionBand, HierarchyGeometry, Inspection } from '../../protocol/inspection.ts';
import { sameBytes } from '../../text/same-bytes.ts';
import { bandOf, layerCount, weightsOf } from './head-weights.ts';
import type { HeadChoice } from './head-weights.ts';
import { binAt, laneAt } from './lane-bins.ts';
import type { Lane, LaneBin } from './lane-bins.ts';
import type { Bounds, Position } from './position.ts';
import { bitsLost } from './read-out.ts';

/** What one hierarchy's lane is drawn from, for every query. */
export interface Stream {
  hierarchy: number;
  geometry: HierarchyGeometry;
  /** The chosen head in the chosen hierarchy, the average in the others: heads of two hierarchies have nothing in common. */
  head: HeadChoice;
  /** Null without attention. */
  band: AttentionBand | null;
  /** tokens x span */
  weights: Float32Array | null;
  /** Bits that each byte would cost more without this hierarchy. */
  lost: Float32Array | null;
}

/** One hierarchy's lane for one query. */
export interface StreamLane extends Stream {
  lane: Lane;
  /** Weights of the query's row. */
  row: Float32Array | null;
}

export function boundsOf(inspection: Inspection): Bounds {
  return { layers: layerCount(inspection), hierarchies: inspection.hierarchies, bytes: inspection.text.length };
}

export function streamsOf(
  inspection: Inspection,
  { layer, hierarchy, head }: Pick<Position, 'layer' | 'hierarchy' | 'head'>,
): Stream[] {
  return inspection.hierarchies.map((geometry, at) => {
    const band = bandOf(inspection, layer, at);
    const shown = at === hierarchy || typeof head !== 'number' ? head : 'avg';
    return {
      hierarchy: at,
      geometry,
      head: shown,
      band,
      weights: band && weightsOf(band, geometry, shown),
      lost: bitsLost(inspection, at),
    };
  });
}

export function laneOf(stream: Stream, query: number): StreamLane {
  const lane = laneAt(stream.geometry, query);
  const { band, weights } = stream;
  const row = band && weights && weights.subarray(lane.token * band.span, (lane.token + 1) * band.span);
  return { ...stream, lane, row };
}

/** A byte in one of the lanes. Which key lies there changes with the query. */
export interface LanePlace {
  hierarchy: number;
  byte: number;
}

export interface PlacedBin {
  hierarchy: number;
  bin: LaneBin;
}

/** The key that lies at a place for the query of the lanes; null where there is none. */
export function keyAt(lanes: readonly Pick<StreamLane, 'lane'>[], { hierarchy, byte }: LanePlace): PlacedBin | null {
  const stream = lanes.at(hierarchy);
  const bin = stream === undefined ? null : binAt(stream.lane, byte);
  return bin && { hierarchy, bin };
}

/** Whether two inspections can be subtracted: the same bytes, read by hierarchies of the same shape. */
export function isComparable(a: Inspection, b: Inspection): boolean {
  return (
    sameBytes(a.text, b.text) &&
    JSON.stringify(a.hierarchies) === JSON.stringify(b.hierarchies) &&
    layerCount(a) === layerCount(b)
  );
}
