import { useCallback, useMemo } from 'react';
import { ChartControls } from '../chart/ChartControls.tsx';
import type { ChartReference } from '../chart/chart-line.ts';
import { useRunMarks } from './use-run-marks.ts';
import { ChartPanel } from '../chart/ChartPanel.tsx';
import type { ChartSource } from '../chart/chart-source.ts';
import type { Extent } from '../chart/y-axis.ts';
import { useChartView } from '../chart/use-chart-view.ts';
import { placements } from '../compare/run-figures.ts';
import { lookOf, lossColumn, overlayStyle } from '../compare/run-look.ts';
import { caption } from '../format/caption.ts';
import { exact, loss } from '../format/quantity.ts';
import { useCurves, useRun } from '../session.ts';
import { bitsRange, presentFirst } from './bits-range.ts';
import { NewestSample } from './NewestSample.tsx';
import { useHasGpu } from './use-has-gpu.ts';
import { usePinnedRuns, usePresentRun, useWatchLooks } from './use-chart-runs.ts';

/** A model that knows nothing gives every byte 8 bits. */
const UNIFORM = 8;

const ABOUT =
  'What it costs to predict the next byte of the text: the fewer bits, the better the model knows it. The line is training, ' +
  'smoothed, with each step faint behind it; dots are validation, on text that is not trained on. Dotted lines are what ' +
  'to beat: uniform guesses among all 256 bytes, byte frequencies knows how often each byte occurs, gzip is what the ' +
  'text takes when that program has packed it. Where a rule makes the text, no model gets below the best possible.';

/** The main chart: what predicting the next byte costs. */
export function BitsPanel() {
  const { metrics, revision } = useCurves();
  const [{ x }] = useChartView();
  const present = usePresentRun();
  const pinned = usePinnedRuns(x);
  const looks = useWatchLooks();
  // Of the text that the curve is about, which need not be the one that the next run is to learn from.
  const corpus = useRun((state) => state.runCorpus ?? state.recorded?.corpus ?? state.corpus);
  const waits = useRun(({ phase }) => phase.name === 'compiling' || phase.name === 'training');
  const hasGpu = useHasGpu();
  const sources = useMemo((): ChartSource[] => {
    const at = placements(present, x);
    return [
      {
        run: present,
        lines: [
          {
            name: 'train',
            column: 'train_bits_per_byte',
            series: present.metrics.train,
            at: at.steps,
            color: 'var(--ink)',
            style: 'curve',
          },
          {
            name: 'validation',
            column: 'validation_bits_per_byte',
            series: present.metrics.validation,
            at: at.validation,
            color: 'var(--validation)',
            style: 'dots',
          },
        ],
      },
      ...pinned.map((run): ChartSource => {
        const { name, metrics } = run;
        const { steps } = placements(run, x);
        return {
          run,
          lines: [
            {
              name,
              column: lossColumn(run, 'train_bits_per_byte'),
              series: metrics.train,
              at: steps,
              style: overlayStyle(run),
              ...lookOf(run, looks),
            },
          ],
        };
      }),
    ];
  }, [present, pinned, looks, x]);
  const floor = corpus?.synthetic?.floorBits;
  const references = useMemo((): ChartReference[] => {
    const known = [{ name: 'uniform 8.00', y: UNIFORM }];
    if (corpus !== null) known.push({ name: `byte frequencies ${loss(corpus.order0Bits)}`, y: corpus.order0Bits });
    // Of a text of a few bytes gzip makes more than it was.
    if (corpus !== null && corpus.gzipBits !== null && corpus.gzipBits < UNIFORM)
      known.push({ name: `gzip ${loss(corpus.gzipBits)}`, y: corpus.gzipBits });
    if (floor !== undefined) known.push({ name: `best possible ${loss(floor)}`, y: floor });
    return known;
  }, [corpus, floor]);
  const range = useCallback((extent: Extent | null) => bitsRange(extent, floor), [floor]);
  const marks = useRunMarks(present, x);
  const current = metrics.train.smoothed.last;
  return (
    <ChartPanel
      id="bits"
      className="bits-panel"
      title="Next byte"
      unit="bits per byte"
      about={ABOUT}
      sources={sources}
      references={references}
      marks={marks}
      range={range}
      extentOf={presentFirst}
      revision={revision}
      tools={<ChartControls />}
    >
      <div className="headline">
        {Number.isFinite(current) ? (
          <>
            <p className="headline-value">{loss(current)}</p>
            <p className="headline-text">
              {caption(current, corpus)}
              {!metrics.isUpToDate &&
                `, at step ${exact(metrics.lastStep)}, where the curve ends that came with the run`}
            </p>
          </>
        ) : metrics.madeSteps > 0 ? (
          <p className="headline-text">
            This run came from a file without its curve, at step {exact(metrics.madeSteps)}.
          </p>
        ) : (
          <p className="headline-text">
            Without training every byte costs {UNIFORM} bits.{' '}
            {waits
              ? 'How far down this model gets is seen in a moment.'
              : hasGpu && 'Press Train to see how far down this model gets.'}
          </p>
        )}
        <NewestSample />
      </div>
    </ChartPanel>
  );
}
