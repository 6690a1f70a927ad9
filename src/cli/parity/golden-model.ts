import type { Gpu } from '../../gpu/device.ts';
import { generate } from '../../model/generate.ts';
import { topKFromThreshold } from '../../model/sampling.ts';
import type { HyperValues } from '../../optim/hyper.ts';
import { downloadState, uploadState } from '../../tensor/parameter-transfer.ts';
import { InferenceProgram } from '../../train/inference.ts';
import type { StoredTensor } from '../../train/safetensors.ts';
import { TrainingSession, type BatchSource } from '../../train/training-session.ts';
import { modelConfigFrom, type GoldenKwargs } from './golden-config.ts';
import { relativeDeviation, TOLERANCES, type Check } from './report.ts';

/** The JSON half of a model file. */
export interface GoldenModel {
  name: string;
  kwargs: GoldenKwargs;
  forward_kwargs?: { ablate_hierarchical_merge?: boolean };
  batch: number;
  n: number;
  optimizer?: { lr: number; grad_clip: number; steps: number };
  checksums_after_5?: Record<string, { sum: number; l2: number }>;
  infer_lengths?: number[];
  generation?: { prompt: number; steps: number; temperature: number; filter_thres: number } | null;
}

type Tensors = Map<string, StoredTensor>;

/** Runs one model of the golden format through everything that its file can check. */
export async function checkModelFile(gpu: Gpu, golden: GoldenModel, tensors: Tensors): Promise<Check[]> {
  const model = modelConfigFrom(golden.kwargs, golden.forward_kwargs);
  const records: Float32Array[] = [];
  const session = await TrainingSession.create(gpu, {
    model,
    batchSize: golden.batch,
    accumulation: 1,
    length: golden.n,
    seed: 0,
    onRecord: (record) => records.push(record.slice()),
  });
  try {
    const parameters = new Map(
      [...tensors].filter(([key]) => key.startsWith('param/')).map(([key, { shape, data }]) => [key.slice(6), { shape, data: numbers(data) }]),
    );
    uploadState(gpu, session.store, 'weights', parameters);
    return [
      ...(await checkForward(gpu, session, golden, tensors)),
      ...(await checkShortInputs(gpu, session, golden, tensors)),
      ...(await checkGeneration(gpu, session, golden, tensors)),
      ...(await checkTraining(gpu, session, golden, tensors, records)),
    ];
  } finally {
    await gpu.settled();
    session.destroy();
  }
}

async function checkForward(gpu: Gpu, session: TrainingSession, golden: GoldenModel, tensors: Tensors): Promise<Check[]> {
  const { batch, n } = golden;
  const program = await InferenceProgram.create(gpu, session.model, batch, n, true);
  const ids = numbers(tensors.get('in/ids')!.data);
  program.run(inputs(ids, batch, n + 1, n));
  const { logits, tokenEmbeds, embeds } = program.activations;
  const results: [string, typeof logits][] = [
    ['out/logits', logits],
    ...tokenEmbeds.map((tensor, i): [string, typeof logits] => [`out/token_embeds/${i}`, tensor]),
    ...embeds.map((tensor, i): [string, typeof logits] => [`out/embeds/${i}`, tensor]),
  ];
  const checks: Check[] = [];
  for (const [what, tensor] of results) {
    const expected = tensors.get(what);
    if (!expected) continue;
    const deviation = relativeDeviation(await program.read(tensor), numbers(expected.data));
    checks.push({ group: what === 'out/logits' ? 'logits' : 'embeds', what, deviation, tolerance: TOLERANCES.logits });
  }
  program.destroy();
  return checks;
}

async function checkShortInputs(gpu: Gpu, session: TrainingSession, golden: GoldenModel, tensors: Tensors): Promise<Check[]> {
  const checks: Check[] = [];
  const ids = numbers(tensors.get('in/ids')!.data);
  for (const [what, expected] of tensors) {
    const length = Number(/^infer\/(\d+)\/logits$/.exec(what)?.[1]);
    if (!length) continue;
    const program = await InferenceProgram.create(gpu, session.model, golden.batch, length);
    program.run(inputs(ids, golden.batch, golden.n + 1, length));
    const logits = await program.read(program.activations.logits);
    checks.push({ group: 'short', what, deviation: relativeDeviation(logits, numbers(expected.data)), tolerance: TOLERANCES.logits });
    program.destroy();
  }
  return checks;
}

async function checkGeneration(gpu: Gpu, session: TrainingSession, golden: GoldenModel, tensors: Tensors): Promise<Check[]> {
  const prompt = tensors.get('gen/prompt');
  const expected = tensors.get('gen/out');
  if (!prompt || !expected || !golden.generation) return [];
  const { contextLength, numTokens } = session.model.config;
  const [rows, promptLength] = prompt.shape;
  const [, count] = expected.shape;
  const program = await InferenceProgram.create(gpu, session.model, rows, contextLength);
  const values = numbers(prompt.data);
  const prompts = Array.from({ length: rows }, (_, r) => values.slice(r * promptLength, (r + 1) * promptLength));
  const options = {
    count,
    contextLength,
    temperature: golden.generation.temperature,
    topK: topKFromThreshold(numTokens, golden.generation.filter_thres),
    uniform: () => 0.5,
  };
  const out = new Float64Array(rows * count);
  let position = 0;
  for await (const tokens of generate((ids, length) => program.nextLogits(ids, length - 1), prompts, options)) {
    tokens.forEach((token, r) => (out[r * count + position] = token));
    position++;
  }
  program.destroy();
  const wrong = out.reduce((sum, token, i) => sum + (token === numbers(expected.data)[i] ? 0 : 1), 0);
  return [{ group: 'generation', what: `${wrong} of ${out.length} tokens differ`, deviation: wrong, tolerance: TOLERANCES.exact }];
}

async function checkTraining(gpu: Gpu, session: TrainingSession, golden: GoldenModel, tensors: Tensors, records: Float32Array[]): Promise<Check[]> {
  const { batch, n, optimizer } = golden;
  const ids = numbers(tensors.get('in/ids')!.data);
  const batches: BatchSource = (into) => into.set(ids.subarray(0, batch * (n + 1)));
  const { reconWeight, arWeight } = session.model.config;
  const hyper: HyperValues = {
    learningRate: optimizer?.lr ?? 1e-3,
    clip: optimizer?.grad_clip ?? 0.5,
    weightDecay: 0,
    ceWeight: 1,
    reconWeight,
    arWeight,
  };
  session.accumulateOnly(batches, hyper);
  await session.ring.atMost(0);
  const checks = [...checkLosses(session, records[0], tensors), ...(await checkGradients(gpu, session, tensors))];
  if (!tensors.has('train/total') && !golden.checksums_after_5) return checks;

  const steps = optimizer?.steps ?? 5;
  session.submit(steps, batches, () => hyper);
  await session.ring.atMost(0);
  const after = await downloadState(gpu, session.store, 'weights');
  session.submit(1, batches, () => hyper);
  await session.ring.atMost(0);
  checks.push(...checkCurve(session, records.slice(1), tensors));
  for (const [name, { sum, l2 }] of Object.entries(golden.checksums_after_5 ?? {})) {
    const data = after.get(name)?.data ?? new Float32Array();
    const actualSum = data.reduce((total, v) => total + v, 0);
    const actualL2 = Math.sqrt(data.reduce((total, v) => total + v * v, 0));
    checks.push({ group: 'l2', what: name, deviation: Math.abs(actualL2 - l2) / (l2 || 1), tolerance: TOLERANCES.checksumL2 });
    // A sum may cancel to nearly nothing, so it is measured against the magnitude of what was added.
    const scale = Math.max(Math.abs(sum), l2);
    checks.push({ group: 'sum', what: name, deviation: Math.abs(actualSum - sum) / (scale || 1), tolerance: TOLERANCES.checksumSum });
  }
  return checks;
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
  return { ce, recon, ar, reconEach, arEach, total: ce + model.config.reconWeight * recon + model.config.arWeight * ar };
}

function checkLosses(session: TrainingSession, record: Float32Array, tensors: Tensors): Check[] {
  const losses = lossesOf(session, record);
  const pairs: [string, ArrayLike<number>][] = [
    ['loss/total', [losses.total]],
    ['loss/ce', [losses.ce]],
    ['loss/recon', [losses.recon]],
    ['loss/ar', [losses.ar]],
    ['loss/recon_per_hierarchy', losses.reconEach],
    ['loss/ar_per_hierarchy', losses.arEach],
  ];
  return pairs
    .filter(([what]) => tensors.has(what))
    .map(([what, actual]) => ({
      group: 'losses',
      what,
      deviation: relativeDeviation(actual, numbers(tensors.get(what)!.data)),
      tolerance: TOLERANCES.losses,
    }));
}

function checkCurve(session: TrainingSession, records: Float32Array[], tensors: Tensors): Check[] {
  const losses = records.map((record) => lossesOf(session, record));
  const pairs: [string, number[]][] = [
    ['train/total', losses.map(({ total }) => total)],
    ['train/ce', losses.map(({ ce }) => ce)],
    ['train/recon', losses.map(({ recon }) => recon)],
    ['train/ar', losses.map(({ ar }) => ar)],
    ['train/grad_norm', records.map((record) => record[session.layout.gradNorm])],
  ];
  return pairs.flatMap(([what, actual]): Check[] => {
    const expected = tensors.get(what);
    if (!expected) return [];
    const values = numbers(expected.data);
    const deviation = relativeDeviation(actual.slice(0, values.length), values);
    const gradNorm = what === 'train/grad_norm';
    return [{ group: gradNorm ? 'norms' : 'training', what, deviation, tolerance: gradNorm ? TOLERANCES.gradients : TOLERANCES.losses }];
  });
}

async function checkGradients(gpu: Gpu, session: TrainingSession, tensors: Tensors): Promise<Check[]> {
  const gradients = await downloadState(gpu, session.store, 'gradients');
  const names = new Set([...gradients.keys(), ...[...tensors.keys()].filter((key) => key.startsWith('grad/')).map((key) => key.slice(5))]);
  return [...names].map((name) => {
    const actual = gradients.get(name)?.data ?? new Float32Array();
    // The file has no gradient where the reference has none; ours is then an exact zero.
    const expected = tensors.get(`grad/${name}`)?.data ?? new Float32Array(actual.length);
    return { group: 'gradients', what: name, deviation: relativeDeviation(actual, numbers(expected)), tolerance: TOLERANCES.gradients };
  });
}

/** The first `length` of each row of `pitch` ids. */
function inputs(ids: Float64Array, rows: number, pitch: number, length: number): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(rows * length);
  for (let r = 0; r < rows; r++) for (let t = 0; t < length; t++) out[r * length + t] = ids[r * pitch + t];
  return out;
}

function numbers(data: StoredTensor['data']): Float64Array {
  return Float64Array.from(data as ArrayLike<number | bigint> as ArrayLike<number>, Number);
}
