import { linear } from '../ops/linear.ts';
import { norm } from '../ops/norm.ts';
import { Graph } from '../tensor/graph.ts';
import { bytesOf, declareSlab, slabTensor, type Shape, type Slab, type Tensor } from '../tensor/tensor.ts';
import type { Tuning } from '../tensor/tuning.ts';

/** A small trace of one kind of work, and how much of it there is. */
export interface SpeedProbe {
  graph: Graph;
  /** What it reads; any values will do. */
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
    values: trace(tuning, rows * WIDTH, (own) => rms(own([1, rows, WIDTH]), own([WIDTH]))),
    dispatches: trace(tuning, CHAIN, (own) => {
      const weight = own([SHORT_ROW]);
      let row = own([1, 1, SHORT_ROW]);
      for (let i = 0; i < CHAIN; i++) row = rms(row, weight);
      return row;
    }),
  };
}

/** A product of so many rows. */
export function traceProduct(tuning: Tuning, rows: number, inputs: number, outputs: number): SpeedProbe {
  return trace(tuning, 2 * rows * inputs * outputs, (own) =>
    linear({ x: own([1, rows, inputs]), weight: own([outputs, inputs]) }),
  );
}

/** The same with the gradients of both operands. */
export function traceProductGradients(tuning: Tuning, rows: number, inputs: number, outputs: number): SpeedProbe {
  return trace(tuning, 6 * rows * inputs * outputs, (own, graph) => {
    const variable = (shape: Shape): Tensor => ({ ...own(shape), requiresGradient: true, gradient: own(shape) });
    const y = linear({ x: variable([1, rows, inputs]), weight: variable([outputs, inputs]) });
    graph.seedGradient(y, own(y.shape));
    graph.backward();
    return y;
  });
}

function rms(x: Tensor, weight: Tensor): Tensor {
  return norm({ x, kind: 'rms', weight, shift: 0 });
}

/** @param record gets what makes a tensor that outlives the trace */
function trace(
  tuning: Tuning,
  amount: number,
  record: (own: (shape: Shape) => Tensor, graph: Graph) => Tensor,
): SpeedProbe {
  const graph = new Graph({ training: true, tuning });
  const slabs: Slab[] = [];
  const own = (shape: Shape): Tensor => {
    const slab = declareSlab('speed probe', bytesOf(shape));
    slabs.push(slab);
    return graph.bind(slabTensor('speed probe', shape, slab, 0));
  };
  graph.keep(record(own, graph));
  return { graph, slabs, amount };
}
