import { decodeQuery } from '../config/codec/decode.ts';
import type { Gpu } from '../gpu/device.ts';
import type { KernelTime } from '../gpu/profiler.ts';
import type { HyperValues } from '../optim/hyper.ts';
import { TrainingSession, type BatchSource } from '../train/training-session.ts';

export interface StepProfile {
  config: string;
  parameters: number;
  dispatches: number;
  pipelines: number;
  /** Median wall time of a step, with its submit and the wait for it. */
  stepMilliseconds: number;
  gflopsPerSecond: number;
  bytesAlive: number;
  /** GPU time per kernel, slowest first; empty where the adapter has no timestamps. */
  kernels: KernelTime[];
}

/** Random bytes, the same for every run. */
export const randomBatches: BatchSource = (ids, step) => {
  let state = step + 1;
  for (let i = 0; i < ids.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    ids[i] = 32 + (state >>> 25);
  }
};

/** Opens a session of the configuration that a link's query describes. */
export async function openSession(gpu: Gpu, query: string, onRecord: (record: Float32Array) => void = () => {}) {
  const { model, training } = decodeQuery(query).config;
  const { batchSize, accumulation, seed } = training;
  const session = await TrainingSession.create(gpu, { model, batchSize, accumulation, seed, onRecord });
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

/** Times whole steps and where they go. */
export async function profileSteps(gpu: Gpu, query: string, repetitions: number): Promise<StepProfile> {
  const { session, hyper } = await openSession(gpu, query);
  session.submit(1, randomBatches, () => hyper);
  await session.ring.atMost(0);
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    session.submit(1, randomBatches, () => hyper);
    await session.ring.atMost(0);
    times.push(performance.now() - start);
  }
  const stepMilliseconds = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  const kernels = gpu.device.features.has('timestamp-query') ? await session.profile() : [];
  const result: StepProfile = {
    config: query,
    parameters: session.store.count,
    dispatches: session.dispatchCount,
    pipelines: session.pipelineCount,
    stepMilliseconds,
    gflopsPerSecond: session.flopsPerStep / stepMilliseconds / 1e6,
    bytesAlive: gpu.counts.bytesAlive,
    kernels,
  };
  session.destroy();
  return result;
}
