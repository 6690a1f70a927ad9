import { memo, useEffect, useRef } from 'react';
import type { AttentionBand, HierarchyGeometry } from '../../protocol/inspection.ts';
import { bitmapOf, fitCanvas } from './bitmap.ts';
import { sequential, tones, weightColor } from './color-table.ts';
import type { Rgb } from './color-table.ts';
import { strongestHeads, weightsOf } from './head-weights.ts';
import type { HeadChoice } from './head-weights.ts';
import { distanceRaster, strongestRaster } from './raster.ts';
import { useDark } from './use-dark.ts';

const WIDTH = 72;
const HEIGHT = 44;

interface ThumbnailProps {
  band: AttentionBand;
  geometry: HierarchyGeometry;
  head: HeadChoice;
}

/** A head's distance view, very small; all heads together in tones of their hierarchy's hue. */
export const Thumbnail = memo(function Thumbnail({ band, geometry, head }: ThumbnailProps) {
  const dark = useDark();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current && fitCanvas(canvas.current, WIDTH, HEIGHT);
    if (!context) return;
    const map = { geometry, span: band.span, values: weightsOf(band, geometry, head) };
    const hue = colorOf(getComputedStyle(canvas.current!).color);
    const raster =
      typeof head === 'number'
        ? distanceRaster(map, { table: sequential, place: weightColor, mask: true })
        : strongestRaster(map, strongestHeads(band, geometry), tones(hue, geometry.heads));
    context.imageSmoothingEnabled = raster.width > WIDTH || raster.height > HEIGHT;
    context.drawImage(bitmapOf(raster), 0, 0, WIDTH, HEIGHT);
  }, [band, geometry, head, dark]);
  return <canvas ref={canvas} className="thumbnail" width={WIDTH} height={HEIGHT} aria-hidden="true" />;
});

/** Of a colour as computed styles have it: `rgb(43, 98, 196)`. */
function colorOf(css: string): Rgb {
  const [red = 128, green = 128, blue = 128] = (css.match(/\d+/g) ?? []).map(Number);
  return [red, green, blue];
}
