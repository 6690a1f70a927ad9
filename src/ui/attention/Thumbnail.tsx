import { memo, useEffect, useRef } from 'react';
import type { AttentionBand, HierarchyGeometry } from '../../protocol/inspection.ts';
import { bitmapOf, fitCanvas } from './bitmap.ts';
import { sequential, weightColor } from './color-table.ts';
import { weightsOf } from './head-weights.ts';
import type { HeadChoice } from './head-weights.ts';
import { distanceRaster } from './raster.ts';

const WIDTH = 72;
const HEIGHT = 44;

interface ThumbnailProps {
  band: AttentionBand;
  geometry: HierarchyGeometry;
  head: HeadChoice;
}

/** A head's distance view, very small. */
export const Thumbnail = memo(function Thumbnail({ band, geometry, head }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current && fitCanvas(canvas.current, WIDTH, HEIGHT);
    if (!context) return;
    const values = weightsOf(band, geometry, head);
    const raster = distanceRaster(
      { geometry, span: band.span, values },
      { table: sequential, place: weightColor, mask: true },
    );
    context.imageSmoothingEnabled = raster.width > WIDTH || raster.height > HEIGHT;
    context.drawImage(bitmapOf(raster), 0, 0, WIDTH, HEIGHT);
  }, [band, geometry, head]);
  return <canvas ref={canvas} className="thumbnail" width={WIDTH} height={HEIGHT} aria-hidden="true" />;
});
