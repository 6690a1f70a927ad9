import type { Gpu } from '../../gpu/device.ts';
import type { HyperValues } from '../../optim/hyper.ts';
import { downloadState, type StateDict } from '../../tensor/parameter-transfer.ts';
import type { StoredTensor } from '../../protocol/safetensors.ts';
import type { BatchSource } from '../../train/passes/input-ring.ts';
import { MAX_STEPS_PER_SUBMIT } from '../../train/passes/pace.ts';
import type { TrainingSession } from '../../train/passes/training-session.ts';
import { ADAM } from '../../train/passes/training-trace.ts';
import { compare, failure, relativeDeviation, TOLERANCES, type Check } from './report.ts';

/** The optimizer as a model file describes it: Adam over one unaccumulated batch, the same in every step. */
export interface GoldenOptimizer {
  lr: number;
  grad_clip: number;
  steps: number;
  kind?: string;
  betas?: number[];
  eps?: number;
  weight_decay?: number;
  accumulate?: number;
}

export interface GoldenTraining {
  optimizer?: GoldenOptimizer | null;
  checksums_after_5?: Record<string, { sum: number; l2: number }> | null;
}

type Tensors = ReadonlyMap<string, StoredTensor>;

/**
 * Losses and gradients of the batch, then the losses along the optimizer's steps and the parameters after them.
 * `records` is what the session's ring hands over.
 */
export async function checkTraining(
  session: TrainingSession,
  golden: GoldenTraining,
  tensors: Tensors,
  ids: Uint32Array,
  records: readonly Float32Array[],
): Promise<Check[]> {
  const { gpu } = session;
  const batches: BatchSource = (into) => into.set(ids);
  const { reconWeight, arWeight } = session.model.config;
  const hyper: HyperValues = {
    learningRate: golden.optimizer?.lr ?? 1e-3,
    clip: golden.optimizer?.grad_clip ?? 0.5,
    weightDecay: 0,
    ceWeight: 1,
    reconWeight,
    arWeight,
  };
  session.replay.accumulateOnly(batches, hyper);
  await session.replay.ring.atMost(0);
  const checks = [...checkLosses(session, records[0], tensors), ...(await checkGradients(gpu, session, tensors))];
  const checksums = golden.checksums_after_5 ?? {};
  if (![...tensors.keys()].some((key) => key.startsWith('train/')) && Object.keys(checksums).length === 0)
    return checks;

  checkOptimizer(golden.optimizer);
  const steps = golden.optimizer?.steps ?? 5;
  for (let step = 0; step < steps; step += MAX_STEPS_PER_SUBMIT) {
    session.replay.submit(Math.min(MAX_STEPS_PER_SUBMIT, steps - step), batches, () => hyper);
    await session.replay.ring.atMost(0);
  }
  const after = await downloadState(gpu, session.store, 'weights');
  session.replay.submit(1, batches, () => hyper);
  await session.replay.ring.atMost(0);
  return [...checks, ...checkCurve(session, records.slice(1), tensors), ...checkChecksums(after, checksums)];
}

/** Throws where the engine's own constants are not the file's. */
function checkOptimizer(optimizer: GoldenOptimizer | null | undefined): void {
  const { kind, betas, eps, weight_decay, accumulate } = optimizer ?? {};
  const pairs: [string, unknown, unknown][] = [
    ['kind', kind, 'Adam'],
    ['betas', betas?.join(), `${ADAM.beta1},${ADAM.beta2}`],
    ['eps', eps, ADAM.epsilon],
    ['weight_decay', weight_decay, 0],
    ['accumulate', accumulate, 1],
  ];
  for (const [name, given, needed] of pairs) {
    if ((given ?? needed) !== needed)
      throw new Error(`optimizer.${name}: given ${String(given)}, needs ${String(needed)}`);
  }
}

interface Losses {
  total: number;
  ce: number;
  recon: number;
  ar: number;
  reconEach: number[];
  arEach: number[];
}

function lossesOf(session: TrainingSession, record: Float32Array): Losses {
  const { layout, model } = session;
  const pick = (indices: (number | null)[]): number[] => indices.map((index) => (index === null ? 0 : record[index]));
  const reconEach = pick(layout.recon);
  const arEach = pick(layout.ar);
  const recon = reconEach.reduce((a, b) => a + b, 0);
  const ar = arEach.reduce((a, b) => a + b, 0);
  const ce = record[layout.ce];
  return {
    ce,
    recon,
    ar,
    reconEach,
    arEach,
    total: ce + model.config.reconWeight * recon + model.config.arWeight * ar,
  };
}

function checkLosses(session: TrainingSession, record: Float32Array, tensors: Tensors): Check[] {
  const losses = lossesOf(session, record);
  const results: [string, number[]][] = [
    ['loss/total', [losses.total]],
    ['loss/ce', [losses.ce]],
    ['loss/recon', [losses.recon]],
    ['loss/ar', [losses.ar]],
    ['loss/recon_per_hierarchy', losses.reconEach],
    ['loss/ar_per_hierarchy', losses.arEach],
  ];
  return results.flatMap(([what, values]) => {
    const stored = tensors.get(what);
    if (!stored) return [];
    // A scalar's shape is [], or [1] where it was kept as a list.
    const shape = stored.shape.length === 0 && values.length === 1 ? [] : [values.length];
    return compare('losses', what, { shape, values }, stored, TOLERANCES.losses);
  });
}

function checkCurve(session: TrainingSession, records: readonly Float32Array[], tensors: Tensors): Check[] {
  const losses = records.map((record) => lossesOf(session, record));
  const curves: [string, number[]][] = [
    ['train/total', losses.map(({ total }) => total)],
    ['train/ce', losses.map(({ ce }) => ce)],
    ['train/recon', losses.map(({ recon }) => recon)],
    ['train/ar', losses.map(({ ar }) => ar)],
    ['train/grad_norm', records.map((record) => record[session.layout.gradNorm])],
  ];
  return curves.flatMap(([what, actual]) => {
    const stored = tensors.get(what);
    if (!stored) return [];
    // Fewer are stored of some: losses before each step and after the last, norms of the steps alone.
    const values = actual.slice(0, stored.data.length);
    const [group, tolerance] =
      what === 'train/grad_norm' ? ['norms', TOLERANCES.gradients] : ['training', TOLERANCES.losses];
    return compare(group, what, { shape: [values.length], values }, stored, tolerance);
  });
}

function checkChecksums(after: StateDict, checksums: Record<string, { sum: number; l2: number }>): Check[] {
  return Object.entries(checksums).flatMap(([name, { sum, l2 }]): Check[] => {
    const data = after.get(name)?.data;
    if (!data) return [failure('l2', name, 'is no parameter of this model')];
    const actualSum = data.reduce((total, v) => total + v, 0);
    const actualL2 = Math.sqrt(data.reduce((total, v) => total + v * v, 0));
    // A sum may cancel to nearly nothing, so it is measured against the magnitude of what was added.
    return [
      { group: 'l2', what: name, deviation: relativeDeviation([actualL2], [l2]), tolerance: TOLERANCES.checksumL2 },
      {
        group: 'sum',
        what: name,
        deviation: relativeDeviation([actualSum], [sum], l2),
        tolerance: TOLERANCES.checksumSum,
      },
    ];
  });
}

async function checkGradients(gpu: Gpu, session: TrainingSession, tensors: Tensors): Promise<Check[]> {
  const gradients = await downloadState(gpu, session.store, 'gradients');
  return [...gradients].map(([name, { shape, data }]) => {
    const what = `grad/${name}`;
    // The file has no gradient where the reference has none; ours is then an exact zero.
    const stored: StoredTensor = tensors.get(what) ?? {
      dtype: 'F32',
      shape: [...shape],
      data: new Float32Array(data.length),
    };
    const tolerance = tensors.has(what) ? TOLERANCES.gradients : TOLERANCES.exact;
    return compare('gradients', what, { shape, values: data }, stored, tolerance);
  });
}
