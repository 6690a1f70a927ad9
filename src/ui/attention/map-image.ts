import { diverging, differenceColor, sequential, weightColor } from './color-table.ts';
import type { ColorTable } from './color-table.ts';
import type { Position } from './position.ts';
import { absoluteRaster, distanceRaster } from './raster.ts';
import type { Raster } from './raster.ts';
import type { Stream } from './scene.ts';

/** Colours of a map: of weights, or of differences around what is next to the page's own. */
export interface MapColors {
  table: ColorTable;
  place(value: number): number;
}

export function mapColors(isDifference: boolean, dark: boolean): MapColors {
  return isDifference
    ? { table: dark ? diverging.dark : diverging.light, place: differenceColor }
    : { table: sequential, place: weightColor };
}

/** The raster of a head, or of what changed since `before`; null without attention. */
export function mapRaster(
  { geometry, band, weights }: Stream,
  before: Stream | null,
  bytes: number,
  { view, mask }: Pick<Position, 'view' | 'mask'>,
  colors: MapColors,
): Raster | null {
  if (band === null || weights === null) return null;
  const earlier = before?.weights ?? null;
  const values = earlier === null ? weights : weights.map((weight, at) => weight - earlier[at]);
  const map = { geometry, span: band.span, values };
  const paint = { ...colors, mask };
  return view === 'dist' ? distanceRaster(map, paint) : absoluteRaster(map, bytes, paint);
}
