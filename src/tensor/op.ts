import type { Graph } from './graph.ts';
import type { Shape, Tensor } from './tensor.ts';

/**
 * Everything the engine needs to know of an operation, declared once.
 *
 * `Args` is one object; every tensor in it is a direct property or an element of an array that is a direct property.
 */
export type OpSpec<Args, Saved> = ForwardSpec<Args, Saved> & (BackwardSpec<Args, Saved> | NoBackwardSpec);

interface ForwardSpec<Args, Saved> {
  name: string;
  /** Shape of the result. Throws ShapeError; the only place where shapes are checked. */
  shape(args: Args): Shape;
  /** Floating-point operations of the forward pass (a multiply-add is two). */
  flops(args: Args): number;
  /** Records the dispatches that fill `y`; returns what the backward pass will need. */
  forward(graph: Graph, args: Args, y: Tensor): Saved;
  /** Whether the result stays f32 in a trace that stores activations as f16; that of a loss does. */
  isExact?(args: Args): boolean;
  /** A loss starts the backward pass; its `backward` runs although nothing has a gradient for `y`. */
  isLoss?: boolean;
}

interface BackwardSpec<Args, Saved> {
  /** Floating-point operations of the backward pass: of those gradients that somebody wants. */
  backwardFlops(args: Args): number;
  /**
   * Records the dispatches of the backward pass. `dy` is the gradient of `y`. For a loss (`isLoss`) it says nothing: its
   * cotangent is 1, times a weight that the op reads itself.
   * Targets come from `graph.gradientFor(tensor)`; a residual's gradient is handed over with `graph.passGradient`.
   */
  backward(graph: Graph, args: Args, saved: Saved, y: Tensor, dy: Tensor): void;
}

/** Of what is only used where nothing is trained. */
interface NoBackwardSpec {
  backward?: undefined;
  backwardFlops?: undefined;
}

export class ShapeError extends Error {
  override name = 'ShapeError';
}

/** Throws `op: given ..., needs ...` unless the condition holds. */
export function need(condition: boolean, op: string, given: string, needs: string): asserts condition {
  if (!condition) throw new ShapeError(`${op}: given ${given}, needs ${needs}`);
}

/** An op as model code calls it: named arguments in, one symbolic tensor out. */
export type Op<Args> = ((args: Args) => Tensor) & { readonly spec: OpSpec<Args, unknown> };

export function defineOp<Args extends object, Saved>(spec: OpSpec<Args, Saved>): Op<Args> {
  const call = (args: Args): Tensor => graphOf(spec.name, args).apply(spec, args);
  return Object.assign(call, { spec });
}

/** All tensors among an op's arguments. */
export function tensorsIn(args: object): Tensor[] {
  const found: Tensor[] = [];
  for (const value of Object.values(args)) {
    if (isTensor(value)) found.push(value);
    else if (Array.isArray(value)) found.push(...value.filter(isTensor));
  }
  return found;
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'storage' in value && 'shape' in value;
}

function graphOf(name: string, args: object): Graph {
  const graph = tensorsIn(args).find((tensor) => tensor.graph)?.graph;
  if (!graph) throw new Error(`${name}: none of its tensors belongs to a trace; begin with graph.bind(...)`);
  return graph;
}
