import { useEffect, useRef } from 'react';
import { loss } from '../format/quantity.ts';
import { useSession } from '../session.ts';
import type { ChartLine } from './chart-line.ts';
import { readoutValue } from './readout-value.ts';
import { Swatch } from './Swatch.tsx';

interface ReadoutProps {
  lines: readonly ChartLine[];
  smoothing: number;
  revision: number;
  /** How a value is written; a loss unless said otherwise. */
  format?: (value: number) => string;
}

/**
 * The legend with values: those under the crosshair, else the latest of the smoothed curves. Follows the pointer without
 * rendering.
 */
export function Readout({ lines, smoothing, revision, format = loss }: ReadoutProps) {
  const { hover } = useSession();
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    const write = (): void => {
      const { x } = hover.getState();
      list.current?.querySelectorAll('[data-line]').forEach((cell, index) => {
        cell.textContent = index < lines.length ? valueText(readoutValue(lines[index], x, smoothing), format) : '';
      });
    };
    write();
    return hover.subscribe(write);
  }, [hover, lines, smoothing, revision, format]);

  return (
    <ul ref={list} className="readout">
      {lines.map(({ name, column, color, style, dash }) => (
        <li key={`${column} ${name}`}>
          <Swatch color={color} dash={dash} style={style} />
          <span>{name}</span> <span className="readout-value" data-line={name} />
        </li>
      ))}
    </ul>
  );
}

function valueText(value: number, format: (value: number) => string): string {
  return Number.isFinite(value) ? format(value) : '–';
}
