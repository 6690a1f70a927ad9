import { useMemo } from 'react';
import { useStore } from 'zustand';
import { ChartControls } from '../chart/ChartControls.tsx';
import { ChartPanel } from '../chart/ChartPanel.tsx';
import { chartEnd } from '../chart/chart-source.ts';
import { useChartView } from '../chart/use-chart-view.ts';
import { shownZoom } from '../chart/zoom.ts';
import { fittedRange } from '../chart/y-axis.ts';
import type { Extent } from '../chart/y-axis.ts';
import { useCurves, useSession } from '../session.ts';
import type { RunRecord } from '../state/runs.ts';
import { setDetail } from '../state/view.ts';
import { isChosen, withChoice } from './compare-detail.ts';
import { comparedLines, repeatedAmong } from './compare-lines.ts';
import type { DetailChoice } from './compare-detail.ts';
import { comparedExtent } from './compared-extent.ts';
import type { RunLooks } from './run-look.ts';
import { NO_GROUPS } from './seeds/seed-groups.ts';
import { seedRows } from './seeds/seed-rows.ts';

interface CompareChartProps {
  runs: readonly RunRecord[];
  looks: RunLooks;
  /** Runs that differ in their seed alone, whether compared or not. */
  groups?: readonly (readonly RunRecord[])[];
}

/** Loss of several runs over the axis of one's choice, from the start over the work that went into them. */
export function CompareChart({ runs, looks, groups = NO_GROUPS }: CompareChartProps) {
  const { view: store } = useSession();
  const { revision } = useCurves();
  const [{ x, zoom, smoothing }] = useChartView();
  const detail = useStore(store, ({ details }) => details.cmp);
  const validation = isChosen(detail, 'validation');
  const apart = isChosen(detail, 'seedsApart');
  const repeated = useMemo(() => repeatedAmong(runs, groups), [runs, groups]);
  // As the table of seeds calls them.
  const rows = useMemo(() => seedRows(groups, ({ id }) => looks.has(id)), [groups, looks]);
  const { sources, lines } = useMemo(
    () => comparedLines(runs, repeated, rows, looks, { x, validation, apart }),
    [runs, repeated, rows, looks, x, validation, apart],
  );
  const { above, extent } = comparedExtent(lines, smoothing / 100, shownZoom(zoom, chartEnd(sources, x)));
  return (
    <ChartPanel
      id="compare"
      className="compare-chart"
      title={validation ? 'Validation loss' : 'Training loss'}
      unit="bits per byte"
      about="What the next byte costs each of several runs, smoothed: the fewer bits, the better. Over FLOPs, a model that costs more per step gets fewer of them. Several seeds of one configuration are their mean, in a band from the lowest to the highest."
      sources={sources}
      lines={lines}
      range={rangeOf}
      extentOf={() => extent}
      revision={revision}
      tools={
        <>
          <DetailSwitch choice="validation" label="validation" />
          {repeated.length > 0 && (
            <DetailSwitch
              choice="seedsApart"
              label="seeds apart"
              title="Each seed by itself, instead of their mean in a band from the lowest to the highest"
            />
          )}
          <ChartControls />
        </>
      }
    >
      {x !== 'flops' && (
        <p className="message">
          FLOPs are the honest axis when runs cost differently much per step; here the axis is another one.
        </p>
      )}
      {above.length > 0 && (
        <p className="message">
          Above the chart: {above.join(', ')}. Drawn to {above.length > 1 ? 'their' : 'its'} height, all others would be
          one line; the legend has the figures.
        </p>
      )}
    </ChartPanel>
  );
}

/** What of the chart is chosen, as links keep it. */
function DetailSwitch({ choice, label, title }: { choice: DetailChoice; label: string; title?: string }) {
  const { view: store } = useSession();
  const detail = useStore(store, ({ details }) => details.cmp);
  return (
    <label className="compare-what" title={title}>
      <input
        type="checkbox"
        className="switch"
        checked={isChosen(detail, choice)}
        onChange={(event) => setDetail(store, 'cmp', withChoice(detail, choice, event.target.checked))}
      />
      <span>{label}</span>
    </label>
  );
}

/** Before anything is measured, about where losses will be. */
function rangeOf(extent: Extent | null): [number, number] {
  return extent === null ? [2, 8.5] : fittedRange(extent);
}
