import { useEffect, useRef } from 'react';
import { fitCanvas } from './bitmap.ts';
import { cssColor } from './color-table.ts';
import type { MapColors } from './map-image.ts';

interface MapLegendProps {
  colors: MapColors;
  isDifference: boolean;
}

const WIDTH = 200;
const HEIGHT = 10;
const WEIGHTS = [0, 0.01, 0.1, 0.25, 0.5, 1];
const DIFFERENCES = [-1, -0.25, 0, 0.25, 1];

/** What the colours of a map stand for; the scale is the same for all heads and steps. */
export function MapLegend({ colors: { table, place }, isDifference }: MapLegendProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current && fitCanvas(canvas.current, WIDTH, HEIGHT);
    if (!context) return;
    for (let x = 0; x < WIDTH; x++) {
      context.fillStyle = cssColor(table, Math.round((255 * x) / (WIDTH - 1)));
      context.fillRect(x, 0, 1, HEIGHT);
    }
  }, [table]);
  return (
    <div className="map-legend">
      <span>{isDifference ? 'less than in A' : 'weight'}</span>
      <span className="legend-scale">
        <canvas ref={canvas} width={WIDTH} height={HEIGHT} aria-hidden="true" />
        {(isDifference ? DIFFERENCES : WEIGHTS).map((value) => (
          <span key={value} className="legend-tick" style={{ left: (WIDTH * place(value)) / 255 }}>
            {Math.round(100 * Math.abs(value))}
          </span>
        ))}
      </span>
      <span>{isDifference ? 'more, points' : '%, spaced by the square root'}</span>
    </div>
  );
}
