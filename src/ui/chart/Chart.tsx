import { useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from 'recharts';
import { compact } from '../format/quantity.ts';
import { useSession } from '../session.ts';
import { ChartCurves } from './ChartCurves.tsx';
import type { ChartLine, ChartReference } from './chart-line.ts';
import { ChartReferences } from './ChartReferences.tsx';
import { HoverLayer } from './HoverLayer.tsx';
import { lastAtMost } from './search.ts';
import { niceTicks } from './ticks.ts';
import { useOnScreen, useSize } from './use-size.ts';

interface ChartProps {
  /** What is measured, for those who cannot see it. */
  label: string;
  lines: readonly ChartLine[];
  references: readonly ChartReference[];
  /** Last step shown. */
  xEnd: number;
  yFrom: number;
  yTo: number;
  revision: number;
}

const MARGIN = { top: 8, right: 8, bottom: 0, left: 0 };
const Y_AXIS_WIDTH = 30;
const X_AXIS_HEIGHT = 22;
/** Least distance of labels, in pixels. */
const X_TICK_PITCH = 90;
const Y_TICK_PITCH = 56;

const stepLabel = (step: number): string => (step < 10_000 ? String(step) : compact(step).replace(' ', ''));

/** A chart over steps. Recharts makes the scales, axes and grid; curves and crosshair are paths of our own. */
export function Chart({ label, lines, references, xEnd, yFrom, yTo, revision }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const onScreen = useOnScreen(box);
  const onKeyDown = useCrosshairKeys();
  return (
    <div ref={box} className="chart" role="group" aria-label={label} tabIndex={0} onKeyDown={onKeyDown}>
      {size !== null && size.width > 0 && onScreen && (
        <Frame {...size} {...{ lines, references, xEnd, yFrom, yTo, revision }} />
      )}
    </div>
  );
}

function Frame(props: Omit<ChartProps, 'label'> & { width: number; height: number }) {
  const { lines, references, xEnd, yFrom, yTo, revision, width, height } = props;
  // Recharts takes every new array for new data.
  const rows = useMemo(() => [0, xEnd].map((x) => ({ x, y: yFrom })), [xEnd, yFrom]);
  const xDomain = useMemo(() => [0, xEnd], [xEnd]);
  const yDomain = useMemo(() => [yFrom, yTo], [yFrom, yTo]);
  const xTicks = useMemo(() => niceTicks(0, xEnd, Math.max(2, width / X_TICK_PITCH)), [xEnd, width]);
  const yTicks = useMemo(() => niceTicks(yFrom, yTo, Math.max(2, height / Y_TICK_PITCH)), [yFrom, yTo, height]);
  return (
    <LineChart width={width} height={height} data={rows} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid vertical={false} syncWithTicks />
      <XAxis
        type="number"
        dataKey="x"
        domain={xDomain}
        ticks={xTicks}
        interval="preserveStartEnd"
        allowDataOverflow
        height={X_AXIS_HEIGHT}
        tickSize={4}
        tickMargin={3}
        tickFormatter={stepLabel}
      />
      <YAxis
        type="number"
        domain={yDomain}
        ticks={yTicks}
        interval={0}
        allowDataOverflow
        width={Y_AXIS_WIDTH}
        axisLine={false}
        tickLine={false}
        tickMargin={4}
      />
      {/* Draws nothing: the scale hooks give no scale to a chart without a graphical item. */}
      <Line dataKey="y" stroke="none" dot={false} activeDot={false} isAnimationActive={false} />
      <ChartCurves lines={lines} from={0} to={xEnd} revision={revision} />
      <ChartReferences references={references} />
      <HoverLayer />
    </LineChart>
  );
}

/** Arrow keys move the crosshair by a step, with Shift by ten; Home and End go to the ends, Escape puts it away. */
function useCrosshairKeys(): (event: KeyboardEvent) => void {
  const { hover, curves } = useSession();
  return (event) => {
    const { step } = curves.getState().metrics;
    const last = step.length - 1;
    if (last < 0) return;
    const present = hover.getState().step;
    const index = present === null ? last : lastAtMost(step, present);
    const by = event.shiftKey ? 10 : 1;
    const targets: Record<string, number | null> = {
      ArrowLeft: Math.max(0, index - by),
      ArrowRight: Math.min(last, index + by),
      Home: 0,
      End: last,
      Escape: null,
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    const target = targets[event.key];
    hover.setState({ step: target === null ? null : step.at(target) });
  };
}
