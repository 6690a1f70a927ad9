import { useMemo } from 'react';
import { useStore } from 'zustand';
import { ChartControls } from '../chart/ChartControls.tsx';
import { ChartPanel } from '../chart/ChartPanel.tsx';
import type { ChartSource } from '../chart/chart-source.ts';
import { useChartView } from '../chart/use-chart-view.ts';
import type { Extent } from '../chart/y-axis.ts';
import { useCurves, useSession } from '../session.ts';
import type { XUnit } from '../state/chart-view.ts';
import type { RunRecord } from '../state/runs.ts';
import { setDetail } from '../state/view.ts';
import { comparesValidation, withValidation } from './compare-detail.ts';
import { dashOf, inkOf, overlayStyle, solidId, lossColumn } from './dashes.ts';
import { placements } from './run-figures.ts';

/** Loss of several runs over the axis of one's choice, from the start over the work that went into them. */
export function CompareChart({ runs }: { runs: readonly RunRecord[] }) {
  const { view: store } = useSession();
  const { revision } = useCurves();
  const [{ x }] = useChartView();
  const detail = useStore(store, ({ details }) => details.cmp);
  const validation = comparesValidation(detail);
  const sources = useMemo(() => runs.map((run) => sourceOf(run, runs, x, validation)).reverse(), [runs, x, validation]);
  return (
    <ChartPanel
      id="compare"
      className="compare-chart"
      title={validation ? 'Validation loss' : 'Training loss'}
      unit="bits per byte"
      about="The same loss of several runs. Over FLOPs, a model that costs more per step gets fewer of them."
      sources={sources}
      range={fittingRange}
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
    </ChartPanel>
  );
}

function sourceOf(run: RunRecord, runs: readonly RunRecord[], x: XUnit, validation: boolean): ChartSource {
  const { metrics, name } = run;
  const at = placements(run, x);
  const common = { name, color: inkOf(run), dash: dashOf(run, solidId(runs)) };
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

/** Halves of a bit around what is shown: differences between runs are small. */
function fittingRange(extent: Extent | null): [number, number] {
  if (extent === null) return [2, 8.5];
  return [
    Math.floor(2 * extent.min) / 2,
    Math.max(Math.ceil(2 * extent.max) / 2, Math.floor(2 * extent.min) / 2 + 0.5),
  ];
}
