import { memo, useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from 'recharts';
import { useSession } from '../session.ts';
import type { XUnit } from '../state/chart-view.ts';
import { AxisTitles } from './AxisTitles.tsx';
import { ChartCurves } from './ChartCurves.tsx';
import type { ChartLine, ChartMark, ChartReference } from './chart-line.ts';
import { ChartMarks } from './ChartMarks.tsx';
import { ChartReferences } from './ChartReferences.tsx';
import { HoverLayer } from './HoverLayer.tsx';
import { nearestTo, xAt } from './placement.ts';
import { niceTicks } from './ticks.ts';
import { useOnScreen, useSize } from './use-size.ts';
import { xAxes, xTicks } from './x-axis.ts';
import { logTicks, yTick } from './y-axis.ts';

interface ChartProps {
  /** What is measured, for those who cannot see it. */
  label: string;
  /** Over the y axis, with its unit. */
  yTitle: string;
  lines: readonly ChartLine[];
  references: readonly ChartReference[];
  marks: readonly ChartMark[];
  x: XUnit;
  /** Last x shown. */
  xEnd: number;
  yFrom: number;
  yTo: number;
  log: boolean;
  /** Weight of the moving average; 0 draws what was measured. */
  smoothing: number;
}

const MARGIN = { top: 20, right: 10, bottom: 15, left: 0 };
const Y_AXIS_WIDTH = 40;
const X_AXIS_HEIGHT = 22;
/** Least distance of labels, in pixels. */
const X_TICK_PITCH = 90;
const Y_TICK_PITCH = 48;

/** A chart over the course of runs. Recharts makes the scales, axes and grid; curves and crosshair are our own. */
export function Chart({ label, ...frame }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const onScreen = useOnScreen(box);
  const onKeyDown = useCrosshairKeys(frame.lines);
  return (
    <div ref={box} className="chart" role="group" aria-label={label} tabIndex={0} onKeyDown={onKeyDown}>
      {size !== null && size.width > 0 && onScreen && <Frame {...size} {...frame} />}
    </div>
  );
}

/** Not told that curves have grown: as long as its ends stay, Recharts has nothing to do. */
const Frame = memo(function Frame(props: Omit<ChartProps, 'label'> & { width: number; height: number }) {
  const { yTitle, lines, references, marks, x, xEnd, yFrom, yTo, log, smoothing, width, height } = props;
  // Recharts takes every new array for new data.
  const rows = useMemo(() => [0, xEnd].map((at) => ({ x: at, y: yFrom })), [xEnd, yFrom]);
  const xDomain = useMemo(() => [0, xEnd], [xEnd]);
  const yDomain = useMemo(() => [yFrom, yTo], [yFrom, yTo]);
  const ticksX = useMemo(() => xTicks(x, xEnd, Math.max(2, width / X_TICK_PITCH)), [x, xEnd, width]);
  const ticksY = useMemo(() => {
    const count = Math.max(2, height / Y_TICK_PITCH);
    return log ? logTicks(yFrom, yTo, count) : niceTicks(yFrom, yTo, count);
  }, [yFrom, yTo, height, log]);
  return (
    <LineChart width={width} height={height} data={rows} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid vertical={false} syncWithTicks />
      <XAxis
        type="number"
        dataKey="x"
        domain={xDomain}
        ticks={ticksX}
        interval="preserveStartEnd"
        allowDataOverflow
        height={X_AXIS_HEIGHT}
        tickSize={4}
        tickMargin={3}
        tickFormatter={xAxes[x].tick}
      />
      <YAxis
        type="number"
        scale={log ? 'log' : 'linear'}
        domain={yDomain}
        ticks={ticksY}
        interval={0}
        allowDataOverflow
        width={Y_AXIS_WIDTH}
        axisLine={false}
        tickLine={false}
        tickMargin={4}
        tickFormatter={yTick}
      />
      {/* Draws nothing: the scale hooks give no scale to a chart without a graphical item. */}
      <Line dataKey="y" stroke="none" dot={false} activeDot={false} isAnimationActive={false} />
      {/* Before the curves, which are painted over their names. */}
      <ChartReferences references={references} line={lines[0]} smoothing={smoothing} />
      <ChartCurves lines={lines} to={xEnd} smoothing={smoothing} />
      <ChartMarks marks={marks} />
      <AxisTitles x={xAxes[x].title} y={log ? `${yTitle}, logarithmic` : yTitle} />
      <HoverLayer lines={lines} x={x} />
    </LineChart>
  );
});

/** Arrow keys move the crosshair by a step, with Shift by ten; Home and End go to the ends, Escape puts it away. */
function useCrosshairKeys(lines: readonly ChartLine[]): (event: KeyboardEvent) => void {
  const { hover } = useSession();
  return (event) => {
    const at = lines.find(({ at }) => at.column.length > 0)?.at;
    if (at === undefined) return;
    const last = at.column.length - 1;
    const present = hover.getState().x;
    const index = present === null ? last : nearestTo(at, present);
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
    hover.setState({ x: target === null ? null : xAt(at, target) });
  };
}
