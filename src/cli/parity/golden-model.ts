import type { Gpu } from '../../gpu/device.ts';
import { generate } from '../../model/generate.ts';
import { topKFromThreshold } from '../../model/sampling.ts';
import { uploadState } from '../../tensor/parameter-transfer.ts';
import { InferenceProgram } from '../../train/passes/inference.ts';
import type { StoredTensor } from '../../protocol/safetensors.ts';
import { TrainingSession } from '../../train/passes/training-session.ts';
import { modelConfigFrom, type GoldenForwardKwargs, type GoldenKwargs } from './golden-config.ts';
import { checkTraining, type GoldenTraining } from './golden-training.ts';
import { compare, failure, numbers, relativeDeviation, TOLERANCES, type Check } from './report.ts';
import { frequencies, xposBases } from './rotary-entries.ts';

/** The JSON half of a model file. */
export interface GoldenModel extends GoldenTraining {
  kwargs: GoldenKwargs;
  forward_kwargs?: GoldenForwardKwargs | null;
  batch: number;
  /** Inputs per sequence; the batch has one token more. */
  n?: number;
  generation?: { temperature: number; filter_thres: number } | null;
}

type Tensors = ReadonlyMap<string, StoredTensor>;

/** The training batch, (rows, length + 1). */
interface Batch {
  ids: Uint32Array<ArrayBuffer>;
  rows: number;
  length: number;
}

/**
 * Runs one model of the golden format through everything that its file can check. Tensors that nothing is compared with
 * are failures, too.
 */
export async function checkModelFile(gpu: Gpu, golden: GoldenModel, tensors: Tensors): Promise<Check[]> {
  const model = modelConfigFrom(golden.kwargs, golden.forward_kwargs);
  const batch = batchOf(golden, tensors);
  const records: Float32Array[] = [];
  const session = await TrainingSession.create(gpu, {
    model,
    batchSize: batch.rows,
    accumulation: 1,
    length: batch.length,
    seed: 0,
    onRecord: (record) => records.push(record.slice()),
  });
  try {
    const parameters = new Map(
      [...tensors]
        .filter(([key]) => key.startsWith('param/'))
        .map(([key, stored]) => [key.slice(6), { shape: stored.shape, data: numbers(stored) }]),
    );
    uploadState(gpu, session.store, 'weights', parameters);
    const checks = [
      ...(await checkForward(gpu, session, batch, tensors)),
      ...(await checkShortInputs(gpu, session, batch, tensors)),
      ...(await checkGeneration(gpu, session, golden, tensors)),
      ...(await checkTraining(session, golden, tensors, batch.ids, records)),
      ...checkBuffers(tensors),
    ];
    return [...checks, ...strays(session, tensors, checks)];
  } finally {
    await gpu.settled();
    session.destroy();
  }
}

function batchOf(golden: GoldenModel, tensors: Tensors): Batch {
  const stored = tensors.get('in/ids');
  if (!stored) throw new Error('the file has no tensor "in/ids"');
  const [rows, pitch] = stored.shape;
  const needed = [golden.batch, (golden.n ?? pitch - 1) + 1];
  if (stored.shape.join() !== needed.join()) {
    throw new Error(
      `in/ids: given [${stored.shape.join(', ')}], needs [${needed.join(', ')}] as batch and n in the JSON file say`,
    );
  }
  return { ids: Uint32Array.from(numbers(stored)), rows, length: pitch - 1 };
}

async function checkForward(
  gpu: Gpu,
  session: TrainingSession,
  { ids, rows, length }: Batch,
  tensors: Tensors,
): Promise<Check[]> {
  const program = await InferenceProgram.create(gpu, session.model, rows, length, { keepEmbeds: true });
  program.run(firstOfEach(ids, rows, length + 1, length));
  const { logits, tokenEmbeds, embeds } = program.activations;
  const results: [string, typeof logits][] = [
    ['out/logits', logits],
    ...tokenEmbeds.map((tensor, i): [string, typeof logits] => [`out/token_embeds/${i}`, tensor]),
    ...embeds.map((tensor, i): [string, typeof logits] => [`out/embeds/${i}`, tensor]),
  ];
  const checks: Check[] = [];
  for (const [what, tensor] of results) {
    const stored = tensors.get(what);
    if (!stored) continue;
    const group = what === 'out/logits' ? 'logits' : 'embeds';
    checks.push(
      compare(group, what, { shape: tensor.shape, values: await program.read(tensor) }, stored, TOLERANCES.logits),
    );
  }
  program.destroy();
  return checks;
}

async function checkShortInputs(
  gpu: Gpu,
  session: TrainingSession,
  { ids, rows, length: pitch }: Batch,
  tensors: Tensors,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [what, stored] of tensors) {
    const length = Number(/^infer\/(\d+)\/logits$/.exec(what)?.[1]);
    if (!length) continue;
    if (length > pitch + 1) throw new Error(`${what}: in/ids has ${pitch + 1} tokens in a row only`);
    const program = await InferenceProgram.create(gpu, session.model, rows, length);
    program.run(firstOfEach(ids, rows, pitch + 1, length));
    const { logits } = program.activations;
    checks.push(
      compare('short', what, { shape: logits.shape, values: await program.read(logits) }, stored, TOLERANCES.logits),
    );
    program.destroy();
  }
  return checks;
}

async function checkGeneration(
  gpu: Gpu,
  session: TrainingSession,
  { generation }: GoldenModel,
  tensors: Tensors,
): Promise<Check[]> {
  const prompt = tensors.get('gen/prompt');
  const expected = tensors.get('gen/out');
  if (!prompt || !expected || !generation) return [];
  if (generation.temperature !== 0)
    throw new Error(
      `generation.temperature: given ${generation.temperature}, needs 0: what was drawn is not in the file`,
    );
  const { contextLength, numTokens } = session.model.config;
  const [rows, promptLength] = prompt.shape;
  const [, count] = expected.shape;
  const program = await InferenceProgram.create(gpu, session.model, rows, contextLength);
  const values = numbers(prompt);
  const prompts = Array.from({ length: rows }, (_, r) => values.slice(r * promptLength, (r + 1) * promptLength));
  const options = {
    count,
    contextLength,
    temperature: generation.temperature,
    topK: topKFromThreshold(numTokens, generation.filter_thres),
    uniform: () => 0.5,
  };
  const out = new Float64Array(rows * count);
  let position = 0;
  for await (const tokens of generate((ids, length) => program.nextLogits(ids, length - 1), prompts, options)) {
    tokens.forEach((token, r) => (out[r * count + position] = token));
    position++;
  }
  program.destroy();
  return [compare('generation', 'gen/out', { shape: [rows, count], values: out }, expected, TOLERANCES.exact)];
}

/** The reference keeps the frequencies of its rotary tables, and the bases of xpos, beside the parameters. */
function checkBuffers(tensors: Tensors): Check[] {
  return [...tensors].flatMap(([what, stored]) => {
    const table = /^buffer\/.*\.(inv_freq|scale)$/.exec(what)?.[1];
    if (!table) return [];
    const expected = numbers(stored);
    const actual = (table === 'inv_freq' ? frequencies : xposBases)(2 * expected.length);
    return { group: 'tables', what, deviation: relativeDeviation(actual, expected), tolerance: TOLERANCES.forward };
  });
}

/** Tensors of the file that have no counterpart in this model. */
function strays(session: TrainingSession, tensors: Tensors, checks: readonly Check[]): Check[] {
  const known = new Set(['in/ids', 'gen/prompt', ...checks.map(({ what }) => what)]);
  for (const { name } of session.store.parameters) known.add(`param/${name}`);
  return [...tensors.keys()]
    .filter((key) => !known.has(key))
    .map((key) => failure('file', key, 'nothing is compared with it'));
}

/** The first `length` of each row of `pitch` ids. */
function firstOfEach(ids: Uint32Array, rows: number, pitch: number, length: number): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(rows * length);
  for (let r = 0; r < rows; r++) out.set(ids.subarray(r * pitch, r * pitch + length), r * length);
  return out;
}
