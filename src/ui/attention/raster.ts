import type { HierarchyGeometry } from '../../protocol/inspection.ts';
import { weightColor } from './color-table.ts';
import type { ColorTable, Rgb } from './color-table.ts';
import { isSeen } from './head-weights.ts';
import { tokenAt, tokenSpan } from './lane-bins.ts';

/** Pixels of a map before it is scaled: R, G, B, A bytes, row by row from the top. */
export interface Raster {
  width: number;
  height: number;
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

export interface MapValues {
  geometry: HierarchyGeometry;
  span: number;
  /** tokens x span */
  values: Float32Array;
}

/** How values become pixels; with `mask`, what cannot be attended to stays transparent. */
export interface Paint {
  table: ColorTable;
  place(value: number): number;
  mask: boolean;
}

/** Query tokens down, keys back in time across: one pixel for each entry of the band, the query's own token at the left. */
export function distanceRaster({ geometry, span, values }: MapValues, paint: Paint): Raster {
  const raster = blank(span, geometry.tokens);
  for (let token = 0; token < geometry.tokens; token++) {
    for (let index = 0; index < span; index++) {
      const seen = isSeen(geometry, token, index);
      if (seen || !paint.mask) setPixel(raster, index, token, seen ? values[token * span + index] : 0, paint);
    }
  }
  return raster;
}

/** Query bytes down, key bytes across, one pixel each: a key is as wide as the bytes that it stands for. */
export function absoluteRaster({ geometry, span, values }: MapValues, bytes: number, paint: Paint): Raster {
  const raster = blank(bytes, bytes);
  for (let query = 0; query < bytes; query++) {
    const token = tokenAt(geometry, query);
    if (!paint.mask) for (let x = 0; x < bytes; x++) setPixel(raster, x, query, 0, paint);
    for (let index = 0; index < span && isSeen(geometry, token, index); index++) {
      const { start, end } = tokenSpan(geometry, token - index * geometry.dilation);
      for (let x = start; x <= end; x++) setPixel(raster, x, query, values[token * span + index], paint);
    }
  }
  return raster;
}

/** As the distance view, in the tone of the head that is strongest at each entry, the fainter the smaller the weight. */
export function strongestRaster(
  { geometry, span, values }: MapValues,
  heads: Uint8Array,
  palette: readonly Rgb[],
): Raster {
  const raster = blank(span, geometry.tokens);
  values.forEach((value, at) => {
    const [red, green, blue] = palette[heads[at]];
    raster.pixels.set([red, green, blue, weightColor(value)], 4 * at);
  });
  return raster;
}

function blank(width: number, height: number): Raster {
  return { width, height, pixels: new Uint8ClampedArray(4 * width * height) };
}

function setPixel({ width, pixels }: Raster, x: number, y: number, value: number, { table, place }: Paint): void {
  const at = 4 * (y * width + x);
  const color = 3 * place(value);
  pixels[at] = table[color];
  pixels[at + 1] = table[color + 1];
  pixels[at + 2] = table[color + 2];
  pixels[at + 3] = 255;
}
