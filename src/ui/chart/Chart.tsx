import { memo, useMemo, useRef } from 'react';
import { CartesianGrid, Line, LineChart, XAxis, YAxis } from 'recharts';
import { WHOLE } from '../state/chart-view.ts';
import type { XUnit } from '../state/chart-view.ts';
import { AxisTitles } from './AxisTitles.tsx';
import { ChartCurves } from './ChartCurves.tsx';
import type { ChartLine, ChartMark, ChartReference } from './chart-line.ts';
import { ChartMarks } from './ChartMarks.tsx';
import { ChartReferences } from './ChartReferences.tsx';
import { HoverLayer } from './HoverLayer.tsx';
import { niceTicks } from './ticks.ts';
import { useChartKeys } from './use-chart-keys.ts';
import { useChartView } from './use-chart-view.ts';
import { useOnScreen, useSize } from './use-size.ts';
import { tickText, xAxes, xTicks } from './x-axis.ts';
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
  /** First and last x shown. */
  from: number;
  to: number;
  /** Where the whole x axis ends. */
  end: number;
  /** Whether a part of it is shown. */
  zoomed: boolean;
  yFrom: number;
  yTo: number;
  log: boolean;
  /** Weight of the moving average; 0 draws what was measured. */
  smoothing: number;
}

const MARGIN = { top: 20, right: 10, bottom: 15, left: 0 };
/** Room for five digits. */
const Y_AXIS_WIDTH = 44;
const X_AXIS_HEIGHT = 22;
/** Least distance of labels, in pixels. */
const X_TICK_PITCH = 90;
const Y_TICK_PITCH = 48;

/** A chart over the course of runs. Recharts makes the scales, axes and grid; curves and crosshair are our own. */
export function Chart({ label, ...frame }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const onScreen = useOnScreen(box);
  const [, change] = useChartView();
  const onKeyDown = useChartKeys(frame);
  const leaveZoom = (): void => {
    change(() => WHOLE);
    // The button goes; who pressed it by key stays on the chart.
    box.current?.focus();
  };
  return (
    <div ref={box} className="chart" role="group" aria-label={label} tabIndex={0} onKeyDown={onKeyDown}>
      {size !== null && size.width > 0 && onScreen && <Frame {...size} {...frame} />}
      {frame.zoomed && (
        <button
          type="button"
          className="button small whole-run"
          title="Back to the whole run (double click, or Escape on the chart)"
          onClick={leaveZoom}
        >
          Whole run
        </button>
      )}
    </div>
  );
}

/** Not told that curves have grown: as long as its ends stay, Recharts has nothing to do. */
const Frame = memo(function Frame(props: Omit<ChartProps, 'label'> & { width: number; height: number }) {
  const { yTitle, lines, references, marks, x, from, to, end, zoomed } = props;
  const { yFrom, yTo, log, smoothing, width, height } = props;
  // Recharts takes every new array for new data.
  const rows = useMemo(() => [from, to].map((at) => ({ x: at, y: yFrom })), [from, to, yFrom]);
  const zoom = useMemo(() => (zoomed ? { from, to } : null), [zoomed, from, to]);
  const xDomain = useMemo(() => [from, to], [from, to]);
  const yDomain = useMemo(() => [yFrom, yTo], [yFrom, yTo]);
  const ticksX = useMemo(() => xTicks(x, { from, to }, Math.max(2, width / X_TICK_PITCH)), [x, from, to, width]);
  const textX = useMemo(() => tickText(x, ticksX), [x, ticksX]);
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
        tickFormatter={textX}
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
      <ChartReferences references={references} line={lines[0]} smoothing={smoothing} zoom={zoom} />
      <ChartCurves lines={lines} from={from} to={to} smoothing={smoothing} />
      <ChartMarks marks={marks} />
      <AxisTitles x={xAxes[x].title} y={log ? `${yTitle}, logarithmic` : yTitle} />
      <HoverLayer lines={lines} x={x} end={end} zoomed={zoomed} />
    </LineChart>
  );
});
