import { decodeQuery } from '../config/codec/decode.ts';
import type { Gpu } from '../gpu/device.ts';
import type { HyperValues } from '../optim/hyper.ts';
import type { RecordListener } from '../train/passes/loss-ring.ts';
import { chooseKernels } from '../train/kernels/kernel-choice.ts';
import { kernelsOfRun } from '../train/kernels/run-kernels.ts';
import type { BatchSource } from '../train/passes/input-ring.ts';
import { TrainingSession } from '../train/passes/training-session.ts';

/** Random bytes, the same for every run. */
export const randomBatches: BatchSource = (ids, step) => {
  let state = step + 1;
  for (let i = 0; i < ids.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    ids[i] = 32 + (state >>> 25);
  }
};

/**
 * Opens a session of the configuration that a link's query describes.
 * @param isApart whether each hierarchy has dispatches of its own also where they could share them
 */
export async function openSession(gpu: Gpu, query: string, onRecord: RecordListener = () => {}, isApart = false) {
  const { config } = decodeQuery(query);
  const { model, training } = config;
  const { batchSize, accumulation, seed, recompute } = training;
  const { tuning: chosen, activations } = await kernelsOfRun(gpu, await chooseKernels({ gpu, model }), config);
  const tuning = isApart ? { ...chosen, sharedDispatches: false } : chosen;
  const options = { model, batchSize, accumulation, seed, recompute, tuning, activations, onRecord };
  const session = await TrainingSession.create(gpu, options);
  const hyper: HyperValues = {
    learningRate: training.learningRate,
    clip: training.clip,
    weightDecay: 0,
    ceWeight: 1 / accumulation,
    reconWeight: model.reconWeight / accumulation,
    arWeight: model.arWeight / accumulation,
  };
  return { session, hyper };
}
