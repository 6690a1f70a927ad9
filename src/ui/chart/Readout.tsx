import { useEffect, useRef } from 'react';
import { loss } from '../format/quantity.ts';
import { useSession } from '../session.ts';
import type { ChartLine } from './chart-line.ts';

/**
 * The legend with values: under the crosshair those that were measured, else the latest of the smoothed curves. Follows
 * the pointer without rendering.
 */
export function Readout({ lines, revision }: { lines: readonly ChartLine[]; revision: number }) {
  const { hover } = useSession();
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    const write = (): void => {
      const { step } = hover.getState();
      list.current?.querySelectorAll('[data-line]').forEach((cell, index) => {
        cell.textContent = index < lines.length ? valueText(lines[index], step) : '';
      });
    };
    write();
    return hover.subscribe(write);
  }, [hover, lines, revision]);

  return (
    <ul ref={list} className="readout">
      {lines.map(({ name, color, style }) => (
        <li key={name}>
          <span className={`swatch swatch-${style}`} style={{ color }} aria-hidden="true" />
          <span>{name}</span> <span className="readout-value" data-line={name} />
        </li>
      ))}
    </ul>
  );
}

function valueText({ series, style }: ChartLine, step: number | null): string {
  const point = series.near(step ?? Infinity);
  if (point === null) return '–';
  if (style === 'dots') return loss(point.raw);
  return loss(step === null ? point.smoothed : point.raw);
}
