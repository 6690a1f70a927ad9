import { useMemo } from 'react';
import { Column } from '../chart/column.ts';
import type { ChartLine } from '../chart/chart-line.ts';
import { ChartPanel } from '../chart/ChartPanel.tsx';
import type { ChartSource } from '../chart/chart-source.ts';
import { Series } from '../chart/series.ts';
import { useChartView } from '../chart/use-chart-view.ts';
import type { Extent } from '../chart/y-axis.ts';
import { placements } from '../compare/run-figures.ts';
import { lookOf, lossColumn, overlayStyle } from '../compare/run-look.ts';
import { hueOf } from '../hue.ts';
import { useCurves } from '../session.ts';
import type { XUnit } from '../state/chart-view.ts';
import { CollapseNote } from './CollapseNote.tsx';
import { usePinnedRuns, usePresentRun, useWatchLooks } from './use-chart-runs.ts';

type Kind = 'recon' | 'ar';

interface HierarchyPanelProps {
  kind: Kind;
  title: string;
  unit: string;
  about: string;
}

/** A loss that every compressed hierarchy has for itself, in its own hue. */
export function HierarchyPanel({ kind, title, unit, about }: HierarchyPanelProps) {
  const { metrics, revision } = useCurves();
  const [{ x }] = useChartView();
  const present = usePresentRun();
  const pinned = usePinnedRuns(x);
  const looks = useWatchLooks();
  const measured = metrics[kind].length;
  const validated = metrics.spread.length;
  const sources = useMemo(
    (): ChartSource[] => [
      // Before the first step there is an axis, and a legend, but no column.
      {
        run: present,
        lines: [
          ...linesOf(present, kind, x, measured > 0),
          ...(kind === 'ar' ? spreadLines(present, x, validated > 0) : []),
        ],
      },
      ...pinned.map((run) => ({
        run,
        lines: linesOf(run, kind, x, true)
          // A curve of a link holds no more than one of these losses.
          .filter(({ series }) => run.origin === 'visit' || series.y.length > 0)
          .map((line) => ({
            ...line,
            name: `${line.name} ${run.name}`,
            style: overlayStyle(run),
            dash: lookOf(run, looks).dash,
          })),
      })),
    ],
    [present, pinned, looks, kind, x, measured, validated],
  );
  return (
    <ChartPanel
      id={kind}
      className="hierarchy-panel"
      {...{ title, unit, about, sources, revision }}
      range={kind === 'recon' ? reconRange : cosineRange}
      empty={
        kind === 'recon' && present.config.model.reconWeight === 0
          ? 'The reconstruction weight is 0.'
          : 'A model without compressed hierarchies has none.'
      }
    >
      {kind === 'ar' && <CollapseNote />}
    </ChartPanel>
  );
}

const COLUMNS: Record<Kind, string> = { recon: 'reconstruction_bits_per_byte', ar: 'prediction_one_minus_cosine' };

function reconRange(extent: Extent | null): [number, number] {
  return [0, Math.ceil(2 * Math.max(8, extent?.max ?? 0)) / 2];
}

/** 1 - cosine is 1 for chance and 2 at worst, which is shown on demand. */
function cosineRange(extent: Extent | null): [number, number] {
  return [0, [1, 1.2, 1.5].find((top) => (extent?.max ?? 0) <= top) ?? 2];
}

/** A line for every hierarchy that has this loss. */
function linesOf(run: ChartSource['run'], kind: Kind, x: XUnit, known: boolean): ChartLine[] {
  const { model } = run.config;
  if (kind === 'recon' && model.reconWeight === 0) return [];
  const { steps } = placements(run, x);
  return model.hierarchies.flatMap(({ factor }, index): ChartLine[] => {
    if (factor === 1) return [];
    const series = (known ? run.metrics[kind][index] : null) ?? new Series(new Column());
    const column = `${lossColumn(run, COLUMNS[kind])}_${factor}x`;
    return [{ name: `${factor}×`, column, series, at: steps, color: hueOf(factor), style: 'curve' }];
  });
}

/**
 * How far apart each hierarchy's embeddings lie, beside how well it predicts them: both near 0 is no success. Of pinned
 * runs it is left out, which would be twice the lines.
 */
function spreadLines(run: ChartSource['run'], x: XUnit, known: boolean): ChartLine[] {
  const { validation } = placements(run, x);
  return run.config.model.hierarchies.flatMap(({ factor }, index): ChartLine[] => {
    const series = known ? run.metrics.spread[index] : null;
    if (series === null || series === undefined) return [];
    const column = `embedding_spread_${factor}x`;
    return [{ name: `${factor}× spread`, column, series, at: validation, color: hueOf(factor), style: 'faint' }];
  });
}
