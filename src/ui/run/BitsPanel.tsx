import { useMemo } from 'react';
import { Chart } from '../chart/Chart.tsx';
import type { ChartLine, ChartReference } from '../chart/chart-line.ts';
import { Readout } from '../chart/Readout.tsx';
import { viewEnd } from '../chart/ticks.ts';
import { caption } from '../format/caption.ts';
import { loss } from '../format/quantity.ts';
import { useConfig, useCurves, useRun } from '../session.ts';
import { CurveTable } from './CurveTable.tsx';

/** A model that knows nothing gives every byte 8 bits. */
const UNIFORM = 8;
/** The axis ends here unless a curve is above or below. */
const USUAL_TOP = 8.5;
const USUAL_BOTTOM = 2;

/** The main chart: what predicting the next byte costs. */
export function BitsPanel() {
  const { metrics, revision } = useCurves();
  const total = useRun((state) => state.config?.training.steps);
  const planned = useConfig((state) => state.config.training.steps);
  const corpus = useRun((state) => state.corpus);
  const lines = useMemo(
    (): ChartLine[] => [
      { name: 'train', series: metrics.train, color: 'var(--ink)', style: 'curve' },
      { name: 'validation', series: metrics.validation, color: 'var(--validation)', style: 'dots' },
    ],
    [metrics],
  );
  const references = useMemo((): ChartReference[] => {
    const known = [{ name: 'uniform 8.00', y: UNIFORM }];
    if (corpus !== null) known.push({ name: `byte frequencies ${loss(corpus.order0Bits)}`, y: corpus.order0Bits });
    if (corpus !== null && corpus.gzipBits !== null)
      known.push({ name: `gzip ${loss(corpus.gzipBits)}`, y: corpus.gzipBits });
    return known;
  }, [corpus]);
  const extent = metrics.train.smoothedExtent;
  const current = metrics.train.smoothed.last;
  return (
    <section className="panel bits-panel" aria-labelledby="bits-title">
      <div className="panel-head">
        <h2 id="bits-title">
          Next byte <span className="unit">bits per byte</span>
        </h2>
        <Readout lines={lines} revision={revision} />
      </div>
      <p className="headline">
        {Number.isFinite(current) ? (
          <>
            <span className="headline-value">{loss(current)}</span>
            <span className="headline-text">{caption(current)}</span>
          </>
        ) : (
          <span className="headline-text">
            Without training every byte costs {UNIFORM} bits. Press Train to see how far down this model gets.
          </span>
        )}
      </p>
      <Chart
        label="Bits per byte over training steps; arrow keys read single steps"
        lines={lines}
        references={references}
        xEnd={viewEnd(metrics.lastStep, total ?? planned)}
        yFrom={Math.max(0, Math.floor(Math.min(USUAL_BOTTOM, extent?.min ?? USUAL_BOTTOM)))}
        yTo={Math.ceil(2 * Math.max(USUAL_TOP, extent?.max ?? 0)) / 2}
        revision={revision}
      />
      <CurveTable caption="Bits per byte by step" lines={lines} />
    </section>
  );
}
