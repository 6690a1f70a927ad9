import { decodeQuery } from '../config/codec/decode.ts';
import { tokensPerStep } from '../config/costs.ts';
import type { Gpu } from '../gpu/device.ts';
import type { HyperValues } from '../optim/hyper.ts';
import type { RecordListener } from '../train/passes/loss-ring.ts';
import { chooseKernels } from '../train/kernels/kernel-choice.ts';
import { kernelsOfRun } from '../train/kernels/run-kernels.ts';
import type { BatchSource } from '../train/passes/input-ring.ts';
import { Pace } from '../train/passes/pace.ts';
import { TrainingSession } from '../train/passes/training-session.ts';
import { now } from '../train/time/now.ts';

/** Random bytes, the same for every run. */
const randomBatches: BatchSource = (ids, step) => {
  let state = step + 1;
  for (let i = 0; i < ids.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    ids[i] = 32 + (state >>> 25);
  }
};

/**
 * Opens a session of the configuration that a link's query describes. `submit` queues steps of it as training does: over
 * several submits where they are long. Throws where kernels that the query asks for are wrong on the adapter: the figures would
 * be those of others.
 * @param isApart whether each hierarchy has dispatches of its own also where they could share them
 */
export async function openSession(gpu: Gpu, query: string, onRecord: RecordListener = () => {}, isApart = false) {
  const { config } = decodeQuery(query);
  const { model, training } = config;
  const { batchSize, accumulation, seed, recompute } = training;
  const choice = await chooseKernels({ gpu, model });
  const { tuning: chosen, activations, replaced } = await kernelsOfRun(gpu, choice, config);
  const leftOut = replaced.slice(choice.replaced.length);
  if (leftOut.length > 0) throw new Error(leftOut.join('; '));
  const tuning = isApart ? { ...chosen, sharedDispatches: false } : chosen;
  const onStep: RecordListener = (record, times) => {
    pace.note(now());
    onRecord(record, times);
  };
  const options = { model, batchSize, accumulation, seed, recompute, tuning, activations, onRecord: onStep };
  const session = await TrainingSession.create(gpu, options);
  const size = { bytes: tokensPerStep(config), microBatches: accumulation, flops: session.flopsPerStep };
  const pace = new Pace(size);
  pace.restart(now());
  const hyper: HyperValues = {
    learningRate: training.learningRate,
    clip: training.clip,
    weightDecay: 0,
    ceWeight: 1 / accumulation,
    reconWeight: model.reconWeight / accumulation,
    arWeight: model.arWeight / accumulation,
  };
  const submit = (steps: number): void => {
    session.replay.spread(pace.submitsPerMicroBatch);
    session.replay.submit(steps, randomBatches, () => hyper);
  };
  return { session, submit, tuning };
}
