import { describe, expect, it } from 'vitest';
import type { HierarchyGeometry } from '../../../src/protocol/inspection.ts';
import { differenceColor, diverging, sequential, tones, weightColor } from '../../../src/ui/attention/color-table.ts';
import { cellAt, columnPlace, rowPlace } from '../../../src/ui/attention/map-cell.ts';
import { absoluteRaster, distanceRaster, strongestRaster } from '../../../src/ui/attention/raster.ts';
import type { Raster } from '../../../src/ui/attention/raster.ts';

const GEOMETRY: HierarchyGeometry = { factor: 2, stride: 2, dilation: 1, window: 1, tokens: 3, heads: 1 };
const VALUES = { geometry: GEOMETRY, span: 2, values: Float32Array.of(1, 0, 0.5, 0.5, 0, 1) };
const BYTES = 6;
/** Pixels as characters: transparent, the darkest, anything brighter. */
function drawn({ width, pixels }: Raster): string[] {
  const signs: string[] = [];
  for (let at = 0; at < pixels.length; at += 4) {
    signs.push(pixels[at + 3] === 0 ? '.' : pixels[at] === sequential[0] ? '0' : 'x');
  }
  return Array.from({ length: signs.length / width }, (_, row) => signs.slice(row * width, (row + 1) * width).join(''));
}
const paint = (mask: boolean) => ({ table: sequential, place: weightColor, mask });

describe('maps', () => {
  it('show distance to the right and queries downward; what has no key is left out', () => {
    expect(drawn(distanceRaster(VALUES, paint(true)))).toEqual(['x.', 'xx', '0x']);
    expect(drawn(distanceRaster(VALUES, paint(false)))).toEqual(['x0', 'xx', '0x']);
  });

  it('show key bytes to the right in the absolute view, each key as wide as its bytes', () => {
    // Token j stands for bytes 2j - 1 and 2j; bytes 2j and 2j + 1 read it.
    expect(drawn(absoluteRaster(VALUES, BYTES, paint(true)))).toEqual(
      ['x.....', 'x.....', 'xxx...', 'xxx...', '.xx00.', '.xx00.'].map((row) => row.padEnd(BYTES, '.')),
    );
  });

  it('find the cell under a point, and the place of a cell', () => {
    expect(cellAt(GEOMETRY, 2, BYTES, 'abs', { x: 1.5 / 6, y: 5.5 / 6 })).toMatchObject({
      query: 5,
      bin: { token: 1, start: 1, end: 2 },
    });
    expect(cellAt(GEOMETRY, 2, BYTES, 'abs', { x: 0.99, y: 0.5 }).bin).toBeNull();
    expect(cellAt(GEOMETRY, 2, BYTES, 'dist', { x: 0.75, y: 0.99 })).toMatchObject({
      query: 4,
      bin: { token: 1, index: 1 },
    });
    expect(cellAt(GEOMETRY, 2, BYTES, 'dist', { x: 2, y: -1 })).toEqual({ query: 0, bin: null });
    const { bin } = cellAt(GEOMETRY, 2, BYTES, 'dist', { x: 0.75, y: 0.99 });
    expect(columnPlace(bin!, 2, BYTES, 'dist')).toEqual([0.5, 0.5]);
    expect(columnPlace(bin!, 2, BYTES, 'abs')).toEqual([1 / 6, 2 / 6]);
    expect(rowPlace(GEOMETRY, BYTES, 'dist', 5)).toEqual([2 / 3, 1 / 3]);
    expect(rowPlace(GEOMETRY, BYTES, 'abs', 5)).toEqual([5 / 6, 1 / 6]);
  });
});

describe('colours', () => {
  it('get lighter with every step of weight', () => {
    const lightness = Array.from({ length: 256 }, (_, at) => {
      const [red, green, blue] = sequential.subarray(3 * at, 3 * at + 3);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
    for (let at = 16; at < 256; at++) expect(lightness[at]).toBeGreaterThan(lightness[at - 8]);
    expect([0, 1, 2].map(weightColor)).toEqual([0, 255, 255]);
  });

  it('leave no difference in the middle, and go to orange for less and to blue for more', () => {
    for (const table of [diverging.light, diverging.dark]) {
      const [less, same, more] = [-1, 0, 1].map((difference) => {
        const at = 3 * differenceColor(difference);
        return Array.from(table.subarray(at, at + 3));
      });
      expect(Math.max(...same) - Math.min(...same)).toBeLessThan(8);
      expect(less[0] - less[2]).toBeGreaterThan(100);
      expect(more[2] - more[0]).toBeGreaterThan(100);
    }
    expect([-1, 1].map(differenceColor)).toEqual([0, 255]);
  });
});

describe('all heads together', () => {
  it('are drawn in tones of one hue, the fainter the smaller the weight', () => {
    const palette = tones([43, 98, 196], 3);
    const red = palette.map(([value]) => value);
    expect(red[1]).toBe(43);
    expect(red[0]).toBeLessThan(43);
    expect(red[2]).toBeGreaterThan(43);
    const { pixels } = strongestRaster(VALUES, Uint8Array.of(0, 0, 1, 2, 0, 2), palette);
    expect(Array.from(pixels.subarray(0, 4))).toEqual([...palette[0], 255]);
    expect(pixels[4 + 3]).toBe(0);
    expect(Array.from(pixels.subarray(8, 11))).toEqual([...palette[1]]);
  });
});
