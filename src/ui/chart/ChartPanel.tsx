import { useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { loss } from '../format/quantity.ts';
import { HelpButton } from '../HelpButton.tsx';
import { CurveTable } from '../run/CurveTable.tsx';
import type { Span } from '../state/chart-view.ts';
import { Chart } from './Chart.tsx';
import type { ChartLine, ChartMark, ChartReference } from './chart-line.ts';
import { chartEnd } from './chart-source.ts';
import type { ChartSource } from './chart-source.ts';
import { extentOfAll } from './extent-within.ts';
import { ExportMenu } from './export/ExportMenu.tsx';
import { Readout } from './Readout.tsx';
import { useChartView } from './use-chart-view.ts';
import { fittedLogDomain, fittedRange, logDomain } from './y-axis.ts';
import type { Extent } from './y-axis.ts';
import { shownZoom } from './zoom.ts';

interface ChartPanelProps {
  id: string;
  className: string;
  title: string;
  unit: string;
  /** What it tells, and what its lines are. */
  about: string;
  sources: readonly ChartSource[];
  /** What is drawn of that, where it is not each line by itself; files hold the sources. */
  lines?: readonly ChartLine[];
  references?: readonly ChartReference[];
  marks?: readonly ChartMark[];
  /** Ends of the linear axis, given what is shown. */
  range(extent: Extent | null): readonly [number, number];
  /** What the axis has to show of these lines, in a part of the x axis or at all; all that there is unless said otherwise. */
  extentOf?: (lines: readonly ChartLine[], smoothing: number, zoom: Span | null) => Extent | null;
  format?: (value: number) => string;
  /** Said in place of the chart when there is no line. */
  empty?: string;
  revision: number;
  tools?: ReactNode;
  children?: ReactNode;
}

const NO_REFERENCES: readonly ChartReference[] = [];
const NO_MARKS: readonly ChartMark[] = [];

/** A chart with its name, legend, readings as a table, and files. */
export function ChartPanel(props: ChartPanelProps) {
  const { id, className, title, unit, about, sources, empty, revision, tools, children } = props;
  const { references = NO_REFERENCES, marks = NO_MARKS, format = loss, range, extentOf = extentOfAll } = props;
  const [view] = useChartView();
  const [helpShown, showHelp] = useState(false);
  const panel = useRef<HTMLElement>(null);
  const own = useMemo(() => sources.flatMap((source) => source.lines), [sources]);
  const lines = props.lines ?? own;
  const smoothing = view.smoothing / 100;
  const end = chartEnd(sources, view.x);
  const zoom = shownZoom(view.zoom, end);
  const { from, to } = zoom ?? { from: 0, to: end };
  const extent = extentOf(lines, smoothing, zoom);
  // The height of an area is its size, so its axis begins at zero however close one looks.
  const isFitted = zoom !== null && extent !== null && lines.every(({ style }) => style !== 'area');
  const linear = isFitted ? fittedRange(extent) : range(extent);
  const [yFrom, yTo] = view.log ? (isFitted ? fittedLogDomain : logDomain)(extent) : linear;
  return (
    <section ref={panel} className={`panel ${className}`} aria-labelledby={`${id}-title`}>
      <div className="panel-head chart-head">
        <h2 id={`${id}-title`}>
          <span>{title}</span> <span className="unit">{unit}</span>
        </h2>
        <div className="panel-tools">
          {tools}
          <HelpButton
            helpId={`${id}-about`}
            labelId={`${id}-title`}
            shown={helpShown}
            onToggle={() => showHelp(!helpShown)}
          />
          {lines.length > 0 && <ExportMenu id={id} panel={panel} {...{ title, unit, sources, lines }} />}
        </div>
        <Readout lines={lines} smoothing={smoothing} revision={revision} format={format} />
      </div>
      <p id={`${id}-about`} className="row-help" hidden={!helpShown}>
        {about}
      </p>
      {children}
      {lines.length === 0 ? (
        <p className="empty">{empty}</p>
      ) : (
        <Chart
          label={`${title}, ${unit}; arrow keys read single steps, plus and minus zoom`}
          yTitle={unit}
          x={view.x}
          log={view.log}
          zoomed={zoom !== null}
          {...{ lines, from, to, end, references, marks, yFrom, yTo, smoothing }}
        />
      )}
      <CurveTable caption={`${title}, ${unit}, by step`} lines={lines} format={format} />
    </section>
  );
}
