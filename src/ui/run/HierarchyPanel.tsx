import { useMemo } from 'react';
import type { ModelConfig } from '../../config/types.ts';
import { Chart } from '../chart/Chart.tsx';
import type { ChartLine } from '../chart/chart-line.ts';
import { Readout } from '../chart/Readout.tsx';
import { Column } from '../chart/column.ts';
import { Series } from '../chart/series.ts';
import { viewEnd } from '../chart/ticks.ts';
import { hueOf } from '../hue.ts';
import { useConfig, useCurves, useRun } from '../session.ts';
import { CurveTable } from './CurveTable.tsx';

interface HierarchyPanelProps {
  kind: 'recon' | 'ar';
  title: string;
  unit: string;
  about: string;
}

/** A loss that every compressed hierarchy has for itself, in its own hue. */
export function HierarchyPanel({ kind, title, unit, about }: HierarchyPanelProps) {
  const { metrics, revision } = useCurves();
  const running = useRun((state) => state.config);
  const form = useConfig((state) => state.config);
  const config = running ?? form;
  const measured = metrics[kind];
  const known = measured.length;
  const lines = useMemo(
    () => linesOf(config.model, kind, known === 0 ? [] : measured),
    [config, kind, measured, known],
  );
  const largest = Math.max(0, ...lines.map(({ series }) => series.smoothedExtent?.max ?? 0));
  return (
    <section className="panel hierarchy-panel" aria-labelledby={`${kind}-title`}>
      <div className="panel-head">
        <h2 id={`${kind}-title`} title={about}>
          {title} <span className="unit">{unit}</span>
        </h2>
        <Readout lines={lines} revision={revision} />
      </div>
      {lines.length === 0 ? (
        <p className="empty">
          {kind === 'recon' && config.model.reconWeight === 0
            ? 'The reconstruction weight is 0.'
            : 'A model without compressed hierarchies has none.'}
        </p>
      ) : (
        <Chart
          label={`${title}, ${unit}, over training steps`}
          lines={lines}
          references={NO_REFERENCES}
          xEnd={viewEnd(metrics.lastStep, config.training.steps)}
          yFrom={0}
          yTo={kind === 'recon' ? Math.ceil(2 * Math.max(8, largest)) / 2 : cosineTop(largest)}
          revision={revision}
        />
      )}
      <CurveTable caption={`${title} by step`} lines={lines} />
    </section>
  );
}

const NO_REFERENCES: never[] = [];

/** 1 - cosine is 1 for chance and 2 at worst, which is shown on demand. */
function cosineTop(largest: number): number {
  return [1, 1.2, 1.5].find((top) => largest <= top) ?? 2;
}

/** A line for every hierarchy that has this loss, also before its first value. */
function linesOf(model: ModelConfig, kind: 'recon' | 'ar', measured: readonly (Series | null)[]): ChartLine[] {
  if (kind === 'recon' && model.reconWeight === 0) return [];
  return model.hierarchies.flatMap(({ factor }, index): ChartLine[] => {
    if (factor === 1) return [];
    const series = measured[index] ?? new Series(new Column());
    return [{ name: `${factor}×`, series, color: hueOf(factor), style: 'curve' }];
  });
}
