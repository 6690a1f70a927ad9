import { visiblePairs } from '../ops/attention-span.ts';
import { attention } from '../ops/attention.ts';
import { linear } from '../ops/linear.ts';
import { norm } from '../ops/norm.ts';
import { rotaryShape } from '../ops/rotary-table.ts';
import { Graph } from '../tensor/graph.ts';
import { aligned, bytesOf, declareSlab, slabTensor, type Shape, type Slab, type Tensor } from '../tensor/tensor.ts';
import type { Tuning } from '../tensor/tuning.ts';

/** A small trace of one kind of work, and how much of it there is. */
export interface SpeedProbe {
  /** Keeps all results. */
  graph: Graph;
  /** What it reads, and gradients that it adds to; any values will do. */
  slabs: readonly Slab[];
  /** FLOPs, values or dispatches. */
  amount: number;
}

export interface SpeedProbes {
  /** A product of the usual widths. */
  product: SpeedProbe;
  /** A norm of as many rows. */
  values: SpeedProbe;
  /** Norms of one short row, each waiting for the one before. */
  dispatches: SpeedProbe;
}

const WIDTH = 96;
/** As many as a small batch has: a GPU would have nothing to do with fewer, a software adapter is long at it with more. */
const ROWS = { tiled: 4096, direct: 512 };
const SHORT_ROW = 16;
const CHAIN = 50;

/** What a training step spends its time on, each kind alone: three shaders in place of the forty of a model. */
export function traceSpeedProbes(tuning: Tuning): SpeedProbes {
  const rows = ROWS[typeof tuning.matmul === 'string' ? 'direct' : 'tiled'];
  return {
    product: traceProduct(tuning, rows, WIDTH, WIDTH),
    values: trace(tuning, rows * WIDTH, (own) => [rms(own([1, rows, WIDTH]), own([WIDTH]))]),
    dispatches: trace(tuning, CHAIN, (own) => {
      const weight = own([SHORT_ROW]);
      let row = own([1, 1, SHORT_ROW]);
      for (let i = 0; i < CHAIN; i++) row = rms(row, weight);
      return [row];
    }),
  };
}

/** A product of so many rows. */
export function traceProduct(tuning: Tuning, rows: number, inputs: number, outputs: number): SpeedProbe {
  return trace(tuning, 2 * rows * inputs * outputs, (own) => [
    linear({ x: own([1, rows, inputs]), weight: own([outputs, inputs]) }),
  ]);
}

/** Products that do not wait for each other, with the gradients of all operands. */
export function traceStreams(
  tuning: Tuning,
  streams: readonly { rows: number; inputs: number; outputs: number }[],
): SpeedProbe {
  const amount = streams.reduce((sum, { rows, inputs, outputs }) => sum + 6 * rows * inputs * outputs, 0);
  return traceWithGradients(tuning, amount, (variable) =>
    streams.map(({ rows, inputs, outputs }) =>
      linear({ x: variable([1, rows, inputs]), weight: variable([outputs, inputs]) }),
    ),
  );
}

export interface AttentionShape {
  batch: number;
  tokens: number;
  heads: number;
  dimHead: number;
  window: number;
}

/** Attention forward and back. */
export function traceAttention(tuning: Tuning, shape: AttentionShape): SpeedProbe {
  const { batch, tokens, heads, dimHead, window } = shape;
  const span = { window, dilation: 1 };
  return traceWithGradients(tuning, 12 * dimHead * batch * heads * visiblePairs(tokens, span), (variable, own) => [
    attention({
      qkv: variable([batch, tokens, 3 * heads * dimHead]),
      table: own(rotaryShape(tokens, dimHead)),
      heads,
      dimHead,
      ...span,
    }),
  ]);
}

function rms(x: Tensor, weight: Tensor): Tensor {
  return norm({ x, kind: 'rms', weight, shift: 0 });
}

/** @param record gets what makes a tensor that has a gradient, and one that has none; both outlive the trace; it returns results */
function traceWithGradients(
  tuning: Tuning,
  amount: number,
  record: (variable: (shape: Shape) => Tensor, own: (shape: Shape) => Tensor) => Tensor[],
): SpeedProbe {
  const gradients = new Room();
  const probe = trace(tuning, amount, (own, graph) => {
    const variable = (shape: Shape): Tensor => ({
      ...own(shape),
      requiresGradient: true,
      gradient: gradients.take(shape),
    });
    const results = record(variable, own);
    for (const y of results) graph.seedGradient(y, own(y.shape));
    graph.backward();
    return results;
  });
  const { slab } = gradients;
  probe.graph.keep(slabTensor('gradients', [slab.bytes / 4], slab, 0));
  return { ...probe, slabs: [...probe.slabs, slab] };
}

/** @param record gets what makes a tensor that outlives the trace; it returns results */
function trace(
  tuning: Tuning,
  amount: number,
  record: (own: (shape: Shape) => Tensor, graph: Graph) => Tensor[],
): SpeedProbe {
  const graph = new Graph({ training: true, tuning });
  const inputs = new Room();
  for (const result of record((shape) => graph.bind(inputs.take(shape)), graph)) graph.keep(result);
  graph.share();
  return { graph, slabs: [inputs.slab], amount };
}

/** One slab for many tensors, as a model's parameters have it; it grows until the trace is complete. */
class Room {
  readonly slab = declareSlab('speed probe', 0);
  private end = 0;

  take(shape: Shape): Tensor {
    const tensor = slabTensor('speed probe', shape, this.slab, this.end);
    this.end += aligned(bytesOf(shape));
    this.slab.bytes = this.end;
    return tensor;
  }
}
