import type { KeyboardEvent } from 'react';
import { useSession } from '../session.ts';
import { WHOLE } from '../state/chart-view.ts';
import type { Span, XUnit } from '../state/chart-view.ts';
import type { ChartLine } from './chart-line.ts';
import { nearestTo, xAt } from './placement.ts';
import { useChartView } from './use-chart-view.ts';
import { closer, wider } from './zoom.ts';

interface KeyParts extends Span {
  lines: readonly ChartLine[];
  x: XUnit;
  /** Where the whole x axis ends. */
  end: number;
}

/**
 * Arrow keys move the crosshair by a step, with Shift by ten; Home and End go to the ends of what is shown. Plus and minus
 * look closer and less close, about the crosshair where there is one. Escape puts the crosshair away, then the close look.
 */
export function useChartKeys({ lines, x: unit, from, to, end }: KeyParts): (event: KeyboardEvent) => void {
  const { hover } = useSession();
  const [view, change] = useChartView();
  return (event) => {
    // The browser's own zoom has the same keys.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { x } = hover.getState();
    const about = x !== null && x >= from && x <= to ? x : (from + to) / 2;
    if (event.key === '+' || event.key === '=') change(() => ({ zoom: closer({ from, to }, about, unit, end) }));
    else if (event.key === '-') change(() => ({ zoom: wider({ from, to }, about, unit, end) }));
    else if (event.key === 'Escape' && x === null && view.zoom !== null) change(() => WHOLE);
    else if (event.key === 'Escape') hover.setState({ x: null });
    else {
      const moved = movedCrosshair(event, lines, { from, to }, x);
      if (moved === null) return;
      hover.setState({ x: moved });
    }
    event.preventDefault();
  };
}

/** Where a key takes the crosshair; null for other keys, and where nothing was measured. */
function movedCrosshair(
  { key, shiftKey }: KeyboardEvent,
  lines: readonly ChartLine[],
  { from, to }: Span,
  x: number | null,
): number | null {
  const at = lines.find((line) => line.at.column.length > 0)?.at;
  if (at === undefined) return null;
  const first = nearestTo(at, from);
  const last = nearestTo(at, to);
  const index = x === null ? last : nearestTo(at, x);
  const by = shiftKey ? 10 : 1;
  const targets: Record<string, number> = {
    ArrowLeft: Math.max(first, index - by),
    ArrowRight: Math.min(last, index + by),
    Home: first,
    End: last,
  };
  return key in targets ? xAt(at, targets[key]) : null;
}
