import type { Kernel } from '../gpu/kernel.ts';
import { storing } from '../gpu/stored-type.ts';
import { addKernel } from './add.ts';
import { GradientParts } from './gradient-parts.ts';
import { MAX_WORKGROUPS } from './grid.ts';
import { TUNINGS, type Tuning } from './tuning.ts';
import type { Neighbour } from './neighbours.ts';
import { tensorsIn, type OpSpec } from './op.ts';
import { RecomputedStretch } from './recomputed-stretch.ts';
import { shareDispatches } from './share-dispatches.ts';
import {
  bytesOf,
  declareSlab,
  formatShape,
  sizeOf,
  slabTensor,
  type ActivationType,
  type DType,
  type Shape,
  type Slab,
  type Tensor,
} from './tensor.ts';

/** One recorded kernel call on symbolic tensors. */
export interface RecordedDispatch {
  kernel: Kernel;
  bindings: Readonly<Record<string, Tensor>>;
  params: Readonly<Record<string, number>>;
  workgroups: readonly [number, number, number];
  /** The calls that share this dispatch, if it does the work of several. */
  members?: readonly RecordedDispatch[];
}

/** All kernel calls, those that share a dispatch one by one. */
export function callsOf(dispatches: readonly RecordedDispatch[]): RecordedDispatch[] {
  return dispatches.flatMap((dispatch) => dispatch.members ?? [dispatch]);
}

/** Where to put a gradient, and whether something is there already that must be added to. */
export interface GradientTarget {
  tensor: Tensor;
  /** 1: add to what is there; 0: overwrite (the memory holds garbage). As a number, ready for a Params field. */
  accumulate: 0 | 1;
}

/**
 * A trace: the flat list of kernel calls that running model code once has recorded. With `training`, ops also save what
 * their backward pass needs, and `backward()` appends it.
 */
export class Graph {
  dispatches: RecordedDispatch[] = [];
  /** Tensors that must survive until the end, because somebody reads them there. */
  readonly kept = new Set<Tensor>();
  /** Gradients of persistent tensors (parameters) that the backward pass has written. */
  readonly touchedGradients = new Set<Tensor>();
  /** Numbers that are known while tracing and that `compile` uploads. */
  readonly tables: { slab: Slab; values: Uint32Array<ArrayBuffer> }[] = [];
  /** Temporaries that the planner has to put side by side, by their numbers. */
  neighbours: ReadonlyMap<number, Neighbour> = new Map();
  /** FLOPs of all forward ops so far, and of the update. */
  forwardFlops = 0;
  /** FLOPs of the backward passes of ops and of adding gradients up. What runs again to save memory is not counted. */
  backwardFlops = 0;
  readonly training: boolean;
  readonly tuning: Tuning;
  /** What ops leave behind, unless they say that it must stay f32, and the gradients of that. */
  readonly activations: ActivationType;
  /** How many dispatches were recorded before the backward pass; all of them when there is none. */
  private forwardDispatches: number | null = null;
  /** What the backward pass does, last first. */
  private readonly tape: (() => void)[] = [];
  private readonly gradients = new Map<Tensor['storage'], Tensor>();
  private readonly parts = new GradientParts(this);
  private nextId = 0;
  /** The stretch whose backward pass is being recorded, if it is one that runs again. */
  private stretch: RecomputedStretch | null = null;

  constructor(options: { training: boolean; tuning?: Tuning; activations?: ActivationType }) {
    this.training = options.training;
    this.tuning = options.tuning ?? TUNINGS.gpu;
    this.activations = options.activations ?? 'f32';
  }

  /** Where the backward pass begins in `dispatches`. */
  get backwardStart(): number {
    return this.forwardDispatches ?? this.dispatches.length;
  }

  /** A persistent tensor (ids, a variable under test) as a member of this trace. */
  bind(tensor: Tensor): Tensor {
    return { ...tensor, graph: this };
  }

  /** Memory that lives from its first to its last use. Holds garbage before it is written. */
  temporary(label: string, shape: Shape, options: { dtype?: DType; requiresGradient?: boolean } = {}): Tensor {
    const { dtype = 'f32', requiresGradient = false } = options;
    return {
      label,
      shape,
      dtype,
      storage: { kind: 'temporary', id: this.nextId++, bytes: bytesOf(shape, dtype), label },
      graph: this,
      gradient: null,
      preactivation: null,
      requiresGradient,
    };
  }

  /** u32 that kernels of this trace read, such as an index. */
  table(label: string, values: Uint32Array<ArrayBuffer>): Tensor {
    const slab = declareSlab(label, values.byteLength);
    this.tables.push({ slab, values });
    return slabTensor(label, [values.length], slab, 0, { dtype: 'u32' });
  }

  /** The same numbers under another shape. */
  reshape(tensor: Tensor, shape: Shape): Tensor {
    if (sizeOf(shape) !== sizeOf(tensor.shape)) {
      throw new Error(`reshape: given ${formatShape(tensor.shape)}, needs as many elements as ${formatShape(shape)}`);
    }
    return { ...tensor, shape };
  }

  /** Keeps a tensor's memory alive until the end of the program. */
  keep(tensor: Tensor): Tensor {
    this.kept.add(tensor);
    return tensor;
  }

  apply<Args extends object, Saved>(spec: OpSpec<Args, Saved>, args: Args): Tensor {
    const requiresGradient = this.training && tensorsIn(args).some((tensor) => tensor.requiresGradient);
    const dtype = spec.isLoss || spec.isExact?.(args) ? 'f32' : this.activations;
    const y = this.temporary(spec.name, spec.shape(args), { dtype, requiresGradient });
    this.forwardFlops += spec.flops(args);
    const saved = spec.forward(this, args, y);
    if (requiresGradient && spec.backward) {
      this.tape.push(() => {
        const dy = this.gradients.get(y.storage) ?? (spec.isLoss ? y : null);
        if (dy) {
          this.backwardFlops += spec.backwardFlops(args);
          spec.backward(this, args, saved, y, dy);
        }
        this.gradients.delete(y.storage);
      });
    }
    return y;
  }

  /**
   * Records what `record` does as a stretch of which only the results stay in memory: when training, the backward pass
   * begins the stretch by running its kernels again. The same numbers in less memory, for the time of another forward
   * pass. `record` may write nothing that was there before, and no stretch lies in another.
   */
  recomputed<Results extends Tensor | readonly Tensor[]>(record: () => Results): Results {
    if (!this.training) return record();
    const firstDispatch = this.dispatches.length;
    const first = this.nextId;
    let begun = 0;
    this.tape.push(() => {
      this.dispatches.splice(begun, 0, ...this.stretch!.again());
      this.stretch = null;
    });
    const results = record();
    const stretch = new RecomputedStretch(
      this.dispatches.slice(firstDispatch),
      { first, end: this.nextId },
      [results].flat(),
      (storage) => ({ ...storage, id: this.nextId++ }),
    );
    this.tape.push(() => {
      this.stretch = stretch;
      begun = this.dispatches.length;
    });
    return results;
  }

  /** Records one kernel call. Workgroup counts are whole numbers from 1 to 65,535. */
  dispatch(
    kernel: Kernel,
    bindings: Readonly<Record<string, Tensor>>,
    params: Readonly<Record<string, number>>,
    workgroups: readonly [number, number, number],
  ): void {
    if (workgroups.some((count) => !Number.isInteger(count) || count < 1 || count > MAX_WORKGROUPS)) {
      throw new Error(`${kernel.label}: given ${workgroups.join(' x ')} workgroups, needs 1 to ${MAX_WORKGROUPS} each`);
    }
    const typed = storing(kernel, bindings);
    this.dispatches.push({ kernel: typed, bindings: this.stretch?.exchange(bindings) ?? bindings, params, workgroups });
  }

  /**
   * Where an op's backward pass shall put the gradient of one of its arguments; null if nobody needs it. The gradient of
   * a tensor with a `preactivation` is that of the pre-activation: only ops that multiply by the derivative may ask.
   */
  gradientFor(tensor: Tensor, options: { throughActivation?: boolean } = {}): GradientTarget | null {
    if (!tensor.requiresGradient) return null;
    if (tensor.preactivation && !options.throughActivation) {
      throw new Error(`${tensor.label}: follows a fused activation, so only a matrix product may use it when training`);
    }
    if (tensor.gradient) {
      this.touchedGradients.add(tensor.gradient);
      return { tensor: tensor.gradient, accumulate: 1 };
    }
    const existing = this.gradients.get(tensor.storage);
    if (existing) return { tensor: existing, accumulate: 1 };
    const made = this.temporary(`d ${tensor.label}`, tensor.shape, { dtype: tensor.dtype });
    this.gradients.set(tensor.storage, made);
    return { tensor: made, accumulate: 0 };
  }

  /**
   * Where an op's backward pass shall leave `parts` arrays whose sum is to be added to the gradient of a parameter, as
   * [parts, pitch] with a pitch that may exceed the parameter's size; null if nobody needs it. All parts of a backward
   * pass are added up together at its end, always in the same order. The parameter must outlive the trace.
   */
  partsFor(parameter: Tensor, parts: number): Tensor | null {
    return this.partsForAll([parameter], parts)[0];
  }

  /** The same for several parameters whose parts one kernel leaves. */
  partsForAll(parameters: readonly Tensor[], parts: number): (Tensor | null)[] {
    const wanted = parameters.filter((parameter) => parameter.requiresGradient);
    for (const { gradient, label } of wanted) {
      if (!gradient) throw new Error(`${label}: is no parameter, so its gradient must be whole at once`);
      this.touchedGradients.add(gradient);
    }
    this.parts.begin(
      wanted.map(({ gradient }) => gradient!),
      parts,
    );
    return parameters.map((p) => (p.requiresGradient ? this.parts.reserve(p.gradient!, parts) : null));
  }

  /**
   * Gives `dy` to `tensor` unchanged, as a residual connection does. `dy` belongs to `tensor` afterwards: whoever
   * calls this must already have recorded every other use of it.
   */
  passGradient(tensor: Tensor, dy: Tensor): void {
    if (!tensor.requiresGradient) return;
    if (tensor.gradient === null && !this.gradients.has(tensor.storage)) {
      this.gradients.set(tensor.storage, dy);
      return;
    }
    const target = this.gradientFor(tensor)!;
    const { kernel, params, workgroups } = addKernel(tensor.shape);
    this.backwardFlops += sizeOf(tensor.shape);
    this.dispatch(kernel, { source: dy, sum: target.tensor }, params, workgroups);
  }

  /** Gives a tensor a gradient from outside: how tests start a backward pass. */
  seedGradient(tensor: Tensor, dy: Tensor): void {
    this.gradients.set(tensor.storage, dy);
  }

  /** Records the backward pass of everything on the tape, newest first, and empties the tape. */
  backward(): void {
    this.forwardDispatches ??= this.dispatches.length;
    for (let rule = this.tape.pop(); rule; rule = this.tape.pop()) rule();
    this.parts.addUp();
  }

  /** Has one dispatch do what several do that do not wait for each other, where that suits the adapter. Completes the trace. */
  share(): void {
    if (!this.tuning.sharedDispatches) return;
    if (this.dispatches.some(({ members }) => members)) throw new Error('share: the trace shares dispatches already');
    // Hierarchies meet where a layer ends, and part where its backward pass begins.
    const forward = { dispatches: this.dispatches.slice(0, this.backwardStart), urgency: 'late' } as const;
    const backward = { dispatches: this.dispatches.slice(this.backwardStart), urgency: 'early' } as const;
    const { passes, neighbours } = shareDispatches([forward, backward], () => this.nextId++);
    if (this.forwardDispatches !== null) this.forwardDispatches = passes[0].length;
    this.dispatches = passes.flat();
    this.neighbours = neighbours;
  }
}
