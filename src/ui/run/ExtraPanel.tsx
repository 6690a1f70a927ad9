import { useMemo } from 'react';
import type { ChartLine } from '../chart/chart-line.ts';
import { ChartPanel } from '../chart/ChartPanel.tsx';
import type { ChartSource } from '../chart/chart-source.ts';
import { useChartView } from '../chart/use-chart-view.ts';
import { placements } from '../compare/run-figures.ts';
import { lookOf } from '../compare/run-look.ts';
import { useCurves } from '../session.ts';
import type { XUnit } from '../state/chart-view.ts';
import { rangeFromZero } from './extra-charts.ts';
import type { ExtraChart } from './extra-charts.ts';
import { usePinnedRuns, usePresentRun, useWatchLooks } from './use-chart-runs.ts';

export function ExtraPanel({ chart }: { chart: ExtraChart }) {
  const { revision } = useCurves();
  const [{ x }] = useChartView();
  const present = usePresentRun();
  const pinned = usePinnedRuns(x);
  const looks = useWatchLooks();
  // The first step that was timed brings lines.
  const { passesTimed } = present.metrics;
  const sources = useMemo(
    (): ChartSource[] => [
      { run: present, lines: linesOf(chart, present, x, passesTimed) },
      // A curve of a link holds losses only.
      ...pinned
        .filter(({ origin }) => origin === 'visit')
        .map((run): ChartSource => ({
          run,
          lines: linesOf(chart, run, x, false)
            .filter(({ style }) => style !== 'area')
            .map((line) => ({
              ...line,
              name: run.name,
              style: line.style === 'curve' ? 'overlay' : line.style,
              ...lookOf(run, looks),
            })),
        })),
    ],
    [chart, present, pinned, looks, x, passesTimed],
  );
  const { id, title, unit, about, format } = chart;
  return (
    <ChartPanel
      className="extra-panel"
      range={rangeFromZero}
      {...{ id, title, unit, about, format, sources, revision }}
    />
  );
}

function linesOf(chart: ExtraChart, run: ChartSource['run'], x: XUnit, passesTimed: boolean): ChartLine[] {
  const { steps } = placements(run, x);
  return chart.lines(run.metrics, passesTimed).map((line) => ({ ...line, at: steps }));
}
