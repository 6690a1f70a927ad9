import type { TrainingConfig } from '../../config/types.ts';
import { HYPER } from '../../optim/hyper.ts';
import { LOSS_SCALE_GROWTH, scaleLosses } from '../../optim/loss-scale.ts';
import { MASK, MASK_BLOCK } from '../../optim/state.ts';
import { recordUpdate } from '../../optim/update.ts';
import type { HierarchicalTransformer } from '../../model/hierarchical-transformer.ts';
import { recordLayout, recordLosses } from '../../model/losses.ts';
import { Graph } from '../../tensor/graph.ts';
import type { ParameterStore } from '../../tensor/parameter-store.ts';
import {
  bytesOf,
  declareSlab,
  sizeOf,
  slabTensor,
  type ActivationType,
  type Slab,
  type Tensor,
} from '../../tensor/tensor.ts';
import { tuningOfRun, type Tuning } from '../../tensor/tuning.ts';
import type { StepMemory } from './step-memory.ts';

export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

export interface TrainingTrace {
  /** Forward and backward of one micro-batch: adds to the gradients and to the record. */
  accumulate: Graph;
  /** Clip and Adam. */
  update: Graph;
  /** One per segment of parameters, to be uploaded once. */
  masks: Mask[];
}

/** u32 [length], bits of `MASK`; made when it is uploaded, since a trace that is only looked at may be of any size. */
interface Mask {
  slab: Slab;
  length: number;
  values(): Uint32Array<ArrayBuffer>;
}

export interface TraceOptions {
  /** Computes the activations of the layers a second time instead of keeping them. */
  recompute?: boolean;
  /** How activations and their gradients are stored; by default as f32. Losses are scaled where they are f16. */
  activations?: ActivationType;
}

/** The part of a run's settings that a trace depends on. */
export function traceOptions({ recompute, halfPrecision }: TrainingConfig): TraceOptions {
  return { recompute, activations: halfPrecision ? 'f16' : 'f32' };
}

/** Runs the model's code once with symbolic tensors: everything a training step will ever do. Needs no device. */
export function traceTraining(
  model: HierarchicalTransformer,
  store: ParameterStore,
  memory: StepMemory,
  accumulation: number,
  adapterTuning: Tuning,
  { recompute = false, activations: stored = 'f32' }: TraceOptions = {},
): TrainingTrace {
  const tuning = tuningOfRun(adapterTuning, recompute);
  const accumulate = new Graph({ training: true, tuning, activations: stored });
  const isScaled = stored !== 'f32';
  const length = memory.ids.shape[1] - 1;
  const activations = model.forward(accumulate.bind(memory.ids), length, { recompute });
  recordLosses(model, activations, {
    ids: memory.ids,
    length,
    hyper: isScaled ? scaleLosses(accumulate, memory.hyper, memory.state) : memory.hyper,
    weightIndices: { ce: HYPER.ceWeight, recon: HYPER.reconWeight, ar: HYPER.arWeight },
    record: memory.record,
    recordScale: 1 / accumulation,
  });
  accumulate.backward();
  accumulate.share();

  const update = new Graph({ training: true, tuning });
  const masks = makeMasks(store, accumulate.touchedGradients);
  const layout = recordLayout(model.config);
  recordUpdate(update, {
    segments: store.segments.map((segment, i) => {
      const flat = (slab: Slab): Tensor => slabTensor(slab.label, [segment.bytes / 4], slab, 0);
      return {
        weights: flat(segment.weights),
        gradients: flat(segment.gradients),
        m: flat(segment.firstMoments),
        v: flat(segment.secondMoments),
        mask: slabTensor(`mask ${i}`, [masks[i].length], masks[i].slab, 0, { dtype: 'u32' }),
      };
    }),
    hyper: memory.hyper,
    state: memory.state,
    record: memory.record,
    options: ADAM,
    indices: { firstLoss: 0, lossCount: layout.gradNorm, gradientNorm: layout.gradNorm, notFinite: layout.nonFinite },
    ...(isScaled && { scaling: { growth: LOSS_SCALE_GROWTH } }),
  });
  return { accumulate, update, masks };
}

/** A parameter without a gradient (the merges under ablation) must not even decay, as in PyTorch. */
function makeMasks(store: ParameterStore, touched: ReadonlySet<Tensor>): Mask[] {
  return store.segments.map(({ bytes }, index) => {
    const length = bytes / 4 / MASK_BLOCK;
    const values = (): Uint32Array<ArrayBuffer> => {
      const mask = new Uint32Array(length);
      for (const { tensor, segment, offset } of store.parameters) {
        if (segment !== index || !tensor.gradient || !touched.has(tensor.gradient)) continue;
        const first = offset / 4 / MASK_BLOCK;
        mask.fill(MASK.hasGradient | MASK.decays, first, first + Math.ceil(sizeOf(tensor.shape) / MASK_BLOCK));
      }
      return mask;
    };
    return { slab: declareSlab(`mask ${index}`, 4 * length), length, values };
  });
}

/** Bytes of one micro-batch of ids. */
export function idsBytes(memory: StepMemory): number {
  return bytesOf(memory.ids.shape);
}
