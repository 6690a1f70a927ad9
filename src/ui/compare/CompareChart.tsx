import { useMemo } from 'react';
import { useStore } from 'zustand';
import { ChartControls } from '../chart/ChartControls.tsx';
import { ChartPanel } from '../chart/ChartPanel.tsx';
import { chartEnd } from '../chart/chart-source.ts';
import type { ChartSource } from '../chart/chart-source.ts';
import { useChartView } from '../chart/use-chart-view.ts';
import { shownZoom } from '../chart/zoom.ts';
import { fittedRange } from '../chart/y-axis.ts';
import type { Extent } from '../chart/y-axis.ts';
import { useCurves, useSession } from '../session.ts';
import type { XUnit } from '../state/chart-view.ts';
import type { RunRecord } from '../state/runs.ts';
import { setDetail } from '../state/view.ts';
import { comparesValidation, withValidation } from './compare-detail.ts';
import { comparedExtent } from './compared-extent.ts';
import { isTimed, placements } from './run-figures.ts';
import { lookOf, lossColumn, overlayStyle } from './run-look.ts';
import type { RunLooks } from './run-look.ts';

/** Loss of several runs over the axis of one's choice, from the start over the work that went into them. */
export function CompareChart({ runs, looks }: { runs: readonly RunRecord[]; looks: RunLooks }) {
  const { view: store } = useSession();
  const { revision } = useCurves();
  const [{ x, zoom, smoothing }] = useChartView();
  const detail = useStore(store, ({ details }) => details.cmp);
  const validation = comparesValidation(detail);
  const sources = useMemo(
    () => runs.map((run) => sourceOf(run, looks, x, validation)).reverse(),
    [runs, looks, x, validation],
  );
  const { above } = comparedExtent(
    sources.flatMap(({ lines }) => lines),
    smoothing / 100,
    shownZoom(zoom, chartEnd(sources, x)),
  );
  return (
    <ChartPanel
      id="compare"
      className="compare-chart"
      title={validation ? 'Validation loss' : 'Training loss'}
      unit="bits per byte"
      about="The same loss of several runs. Over FLOPs, a model that costs more per step gets fewer of them."
      sources={sources}
      range={rangeOf}
      extentOf={(...shown) => comparedExtent(...shown).extent}
      revision={revision}
      tools={
        <>
          <label className="compare-what">
            <input
              type="checkbox"
              className="switch"
              checked={validation}
              onChange={(event) => setDetail(store, 'cmp', withValidation(detail, event.target.checked))}
            />
            <span>validation</span>
          </label>
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

function sourceOf(run: RunRecord, looks: RunLooks, x: XUnit, validation: boolean): ChartSource {
  const { metrics, name } = run;
  const at = placements(run, x);
  // Without its time a run has no place on an axis of time.
  if (x === 'time' && !isTimed(metrics)) return { run, lines: [] };
  const common = { name, ...lookOf(run, looks) };
  return {
    run,
    lines: [
      validation
        ? {
            ...common,
            column: 'validation_bits_per_byte',
            series: metrics.validation,
            at: at.validation,
            style: 'joined',
          }
        : {
            ...common,
            column: lossColumn(run, 'train_bits_per_byte'),
            series: metrics.train,
            at: at.steps,
            style: overlayStyle(run),
          },
    ],
  };
}

/** Before anything is measured, about where losses will be. */
function rangeOf(extent: Extent | null): [number, number] {
  return extent === null ? [2, 8.5] : fittedRange(extent);
}
