import { flopsPerStep } from '../../config/costs.ts';
import { withModel } from '../../config/problem.ts';
import type { HierarchyConfig, RunConfig } from '../../config/types.ts';

/** A plain transformer that does as much work a step as another model. */
export interface FlatBaseline {
  config: RunConfig;
  /** FLOPs a step of the flat model over those of the other, less one: 0.004 is 0.4 % more. */
  excess: number;
}

/** Feed-forward multiple of plain transformers; a hierarchy is often given less. */
const FF_MULT = 4;
const MAX_WIDTH = 8192;
const MAX_HEADS = 128;
/** Multiples that suit GPUs, as long as the work can be met this closely; then any width. */
const MULTIPLES = [8, 4, 2];
const CLOSE = 0.01;

/** Whether a model has nothing but bytes in it, so that it is its own baseline. */
export function isFlat({ model }: RunConfig): boolean {
  return model.hierarchies.length === 1 && model.hierarchies[0].factor === 1;
}

/**
 * The fair opponent of a model with hierarchies: one stream of bytes with full attention, of the same depth, context,
 * batch and training, and of the width and heads at which a step takes nearly the same FLOPs. Null for a flat model.
 */
export function flatBaseline(config: RunConfig): FlatBaseline | null {
  if (isFlat(config) || config.model.hierarchies.length === 0) return null;
  const target = flopsPerStep(config).total;
  const { dimHead } = finest(config);
  const measure = (shape: Shape): FlatBaseline => {
    const flat = flatOf(config, shape, dimHead);
    return { config: flat, excess: flopsPerStep(flat).total / target - 1 };
  };
  const about = crossingWidth((dim) => measure({ dim, heads: Math.max(1, dim / dimHead) }).excess);
  const nearest = (multiple: number): FlatBaseline =>
    shapesAround(about, dimHead, multiple)
      .map(measure)
      .reduce((best, other) => (Math.abs(other.excess) < Math.abs(best.excess) ? other : best));
  for (const multiple of MULTIPLES) {
    const found = nearest(multiple);
    if (Math.abs(found.excess) <= CLOSE) return found;
  }
  return nearest(1);
}

interface Shape {
  dim: number;
  heads: number;
}

function finest({ model }: RunConfig): HierarchyConfig {
  return model.hierarchies.reduce((a, b) => (b.factor < a.factor ? b : a));
}

function flatOf(config: RunConfig, { dim, heads }: Shape, dimHead: number): RunConfig {
  const stream: HierarchyConfig = { factor: 1, stride: 1, dim, heads, dimHead, ffMult: FF_MULT, window: null };
  return withModel(config, {
    hierarchies: [stream],
    predictFactor: null,
    mergeAll: false,
    predictAll: false,
    ablateMerge: false,
  });
}

/** The width at which the work crosses the target: it grows with the width when heads grow in proportion. */
function crossingWidth(excessOf: (dim: number) => number): number {
  let low = 1;
  let high = MAX_WIDTH;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (excessOf(middle) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Widths as near as one head more or less can make up for, each with the two numbers of heads that suit it. */
function shapesAround(width: number, dimHead: number, multiple: number): Shape[] {
  const reach = Math.max(dimHead, 8);
  const shapes: Shape[] = [];
  const first = Math.max(1, Math.ceil((width - reach) / multiple));
  for (let at = first; at * multiple <= Math.min(MAX_WIDTH, Math.max(width + reach, multiple)); at++) {
    const fewer = Math.min(MAX_HEADS, Math.max(1, Math.floor((at * multiple) / dimHead)));
    for (const heads of [fewer, Math.min(MAX_HEADS, fewer + 1)]) shapes.push({ dim: at * multiple, heads });
  }
  return shapes;
}

/** What is left of the difference, in words. */
export function excessText(excess: number): string {
  const percent = Math.abs(100 * excess);
  if (percent < 0.005) return 'the same FLOPs';
  // The number stays with its sign where a line ends.
  return `${Number(percent.toPrecision(2))}\u00a0% ${excess > 0 ? 'more' : 'fewer'} FLOPs`;
}
