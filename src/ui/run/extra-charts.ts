import type { ChartLine } from '../chart/chart-line.ts';
import type { Series } from '../chart/series.ts';
import type { Extent } from '../chart/y-axis.ts';
import { loss } from '../format/quantity.ts';
import type { RunMetrics } from '../state/run-metrics.ts';

/** A chart about how training goes, in neutral colours: it is of no hierarchy. */
export interface ExtraChart {
  id: string;
  title: string;
  unit: string;
  about: string;
  /** What it shows of a run, without the place on the x axis. Of a pinned run all but areas: a stack has no room for it. */
  lines(metrics: RunMetrics, passesTimed: boolean): readonly Omit<ChartLine, 'at'>[];
  format(value: number): string;
}

const INK = 'var(--ink)';

/** Three digits, also of small numbers. */
function digits(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.01) return value.toExponential(2).replace('-', '−');
  return String(Number(value.toPrecision(3)));
}

function passAreas({
  forward,
  backward,
  update,
  forwardBackward,
  total,
}: RunMetrics['passes']): Omit<ChartLine, 'at'>[] {
  const area = (name: string, series: Series, drawn: Series, color: string): Omit<ChartLine, 'at'> => ({
    name,
    column: `${name}_milliseconds`,
    series,
    drawn,
    color,
    style: 'area',
  });
  return [
    area('update', update, total, 'var(--faint)'),
    area('backward', backward, forwardBackward, 'var(--muted)'),
    area('forward', forward, forward, INK),
  ];
}

export const extraCharts: readonly ExtraChart[] = [
  {
    id: 'objective',
    title: 'What the optimiser sees',
    unit: 'loss',
    about:
      'The sum that training makes small, as a stack: next byte and reconstruction times its weight, in nats, and ' +
      'hierarchical prediction (1 − cosine) times its weight.',
    lines: ({ objective }) => [
      // The whole first: what is drawn later lies over it.
      {
        name: 'hierarchical prediction',
        column: 'weighted_prediction',
        series: objective.prediction,
        drawn: objective.total,
        color: 'var(--faint)',
        style: 'area',
      },
      {
        name: 'reconstruction',
        column: 'weighted_reconstruction_nats',
        series: objective.recon,
        drawn: objective.nextByteAndRecon,
        color: 'var(--muted)',
        style: 'area',
      },
      { name: 'next byte', column: 'next_byte_nats', series: objective.nextByte, color: INK, style: 'area' },
    ],
    format: loss,
  },
  {
    id: 'gradient',
    title: 'Gradient norm',
    unit: 'Euclidean, before clipping',
    about: 'Global norm of the gradient: spikes tell of a step that is too large.',
    lines: ({ gradNorm }) => [{ name: 'norm', column: 'gradient_norm', series: gradNorm, color: INK, style: 'curve' }],
    format: digits,
  },
  {
    id: 'rate',
    title: 'Learning rate',
    unit: 'per step',
    about: 'Size of an update, with warm-up, schedule and every change while training.',
    lines: ({ learningRate }) => [
      { name: 'rate', column: 'learning_rate', series: learningRate, color: INK, style: 'exact' },
    ],
    format: digits,
  },
  {
    id: 'time',
    title: 'Time per step',
    unit: 'milliseconds',
    about:
      'Training time of a step, a mean of eight, pauses left out, and the part of it that each pass keeps the GPU busy.',
    lines: ({ stepTime, passes }, passesTimed) => [
      ...(passesTimed ? passAreas(passes) : []),
      { name: 'whole step', column: 'step_milliseconds', series: stepTime, color: INK, style: 'curve' },
    ],
    format: digits,
  },
];

/** From 0 to a round number above what is shown. */
export function rangeFromZero(extent: Extent | null): [number, number] {
  const top = extent?.max ?? 0;
  if (!(top > 0)) return [0, 1];
  const power = 10 ** Math.floor(Math.log10(top));
  const round = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((mantissa) => mantissa * power >= top * 1.02) ?? 15;
  return [0, Number((round * power).toPrecision(3))];
}
