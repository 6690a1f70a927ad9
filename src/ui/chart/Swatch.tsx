import type { ChartLine } from './chart-line.ts';

/** An area is a tint of its edge that hides what lies behind. */
export const areaFill = (color: string): string => `color-mix(in srgb, ${color} 30%, var(--panel))`;

interface SwatchProps {
  color: string;
  dash?: string;
  style?: ChartLine['style'];
}

/** A line's colour, dash and kind, as on the chart. */
export function Swatch({ color, dash, style = 'curve' }: SwatchProps) {
  return (
    <svg className="swatch" width="18" height="10" viewBox="0 0 18 10" aria-hidden="true">
      {style === 'dots' && <circle cx="9" cy="5" r="3.5" fill={color} />}
      {style === 'area' && <rect x="0.5" y="0.5" width="17" height="9" rx="1" fill={areaFill(color)} stroke={color} />}
      {style !== 'dots' && style !== 'area' && (
        <line
          className={style === 'faint' ? 'curve-faint' : undefined}
          x1="0"
          x2="18"
          y1="5"
          y2="5"
          stroke={color}
          strokeWidth="2"
          strokeDasharray={dash}
        />
      )}
    </svg>
  );
}
