import { hotNames } from '../config/hot-settings.ts';
import { CURVE } from './run-file.ts';
import type { Mark, RunHistory } from './run-history.ts';
import type { StoredTensor } from './safetensors.ts';

/** Arrays of a curve by their names in a file, without what all names begin with. */
type Arrays = Map<string, Float64Array>;

const MARKS = `${CURVE}marks`;

/** All that a run has measured as arrays of a file: losses in bits per byte or as 1 - cosine, times in seconds or milliseconds. */
export function curveTensors(history: RunHistory, factors: readonly number[]): Map<string, StoredTensor> {
  const { batch, validations, marks, weights = [], testScore } = history;
  const arrays: Arrays = new Map([
    ['step', batch.step],
    ['train_bits_per_byte', batch.trainBpb],
    ['gradient_norm', batch.gradNorm],
    ['learning_rate', batch.learningRate],
    ['active_seconds', batch.activeSeconds],
    ['validation/step', Float64Array.from(validations, ({ step }) => step)],
    ['validation/bits_per_byte', Float64Array.from(validations, ({ bpb }) => bpb)],
    ['loss_weights/from_step', Float64Array.from(weights, ({ from }) => from)],
    ['loss_weights/reconstruction', Float64Array.from(weights, ({ reconWeight }) => reconWeight)],
    ['loss_weights/prediction', Float64Array.from(weights, ({ arWeight }) => arWeight)],
  ]);
  for (const [pass, milliseconds] of Object.entries(batch.passMilliseconds ?? {})) {
    arrays.set(`${pass}_milliseconds`, milliseconds);
  }
  for (const [at, factor] of factors.entries()) {
    const { recon, ar } = batch;
    if (recon[at]) arrays.set(`${factor}x/reconstruction_bits_per_byte`, recon[at]);
    if (ar[at]) arrays.set(`${factor}x/one_minus_cosine`, ar[at]);
    const spread = Float64Array.from(validations, (each) => each.spread[at] ?? NaN);
    if (spread.some(Number.isFinite)) arrays.set(`validation/${factor}x/spread`, spread);
  }
  if (testScore) {
    const { step, bits, bytes } = testScore;
    arrays.set('test/step', Float64Array.of(step)).set('test/bits', bits).set('test/bytes', bytes);
  }
  const tensors = new Map<string, StoredTensor>();
  for (const [name, values] of arrays) {
    const data = Float64Array.from(values);
    tensors.set(CURVE + name, { dtype: 'F64', shape: [data.length], data });
  }
  const text = new TextEncoder().encode(JSON.stringify(marks));
  tensors.set(MARKS, { dtype: 'U8', shape: [text.length], data: text });
  return tensors;
}

/** What `curveTensors` has written; null where that is not there, or not whole. Throws for marks that are none. */
export function curveHistory(
  tensors: ReadonlyMap<string, StoredTensor>,
  factors: readonly number[],
): RunHistory | null {
  const find = (name: string): Float64Array | null => {
    const data = tensors.get(CURVE + name)?.data;
    return data instanceof Float64Array ? data : null;
  };
  const [step, trainBpb, gradNorm, learningRate, activeSeconds, validated, bitsPerByte] = [
    'step',
    'train_bits_per_byte',
    'gradient_norm',
    'learning_rate',
    'active_seconds',
    'validation/step',
    'validation/bits_per_byte',
  ].map(find);
  const marks = tensors.get(MARKS)?.data;
  if (!step || !trainBpb || !gradNorm || !learningRate || !activeSeconds || !validated || !bitsPerByte) return null;
  const [forward, backward, update] = ['forward', 'backward', 'update'].map((pass) => find(`${pass}_milliseconds`));
  const spreads = factors.map((factor) => find(`validation/${factor}x/spread`));
  const perHierarchy = (name: string): (Float64Array | null)[] => factors.map((factor) => find(`${factor}x/${name}`));
  const batch = {
    runId: 0,
    step,
    trainBpb,
    recon: perHierarchy('reconstruction_bits_per_byte'),
    ar: perHierarchy('one_minus_cosine'),
    gradNorm,
    learningRate,
    activeSeconds,
    ...(forward && backward && update && { passMilliseconds: { forward, backward, update } }),
  };
  const passes = [forward, backward, update];
  const columns = [trainBpb, ...batch.recon, ...batch.ar, gradNorm, learningRate, activeSeconds, ...passes];
  if (columns.some((column) => column !== null && column.length !== step.length)) return null;
  if ([bitsPerByte, ...spreads].some((column) => column !== null && column.length !== validated.length)) return null;
  // Files from before these were kept have none.
  const none = new Float64Array();
  const [from, recon, prediction] = ['from_step', 'reconstruction', 'prediction'].map(
    (name) => find(`loss_weights/${name}`) ?? none,
  );
  if ([recon, prediction].some(({ length }) => length !== from.length)) return null;
  const weights = Array.from(from, (at, i) => ({ from: at, reconWeight: recon[i], arWeight: prediction[i] }));
  const validations = Array.from(validated, (at, i) => ({
    step: at,
    bpb: bitsPerByte[i],
    spread: spreads.map((spread) => (spread && Number.isFinite(spread[i]) ? spread[i] : null)),
  }));
  const known = marks instanceof Uint8Array ? marksIn(new TextDecoder().decode(marks)) : [];
  const [at, bits, bytes] = ['step', 'bits', 'bytes'].map((name) => find(`test/${name}`));
  const isScored = at !== null && bits !== null && bytes !== null && bits.length === bytes.length;
  const testScore = isScored ? { step: at[0], bits, bytes } : null;
  return { batch, validations, marks: known, weights, testScore };
}

function marksIn(text: string): Mark[] {
  const marks = JSON.parse(text) as Record<keyof Mark, unknown>[];
  return marks.map(({ step, name, settings, values }) => ({
    step: Number(step),
    name: String(name),
    ...(Array.isArray(settings) && { settings: hotNames.filter((each) => settings.includes(each)) }),
    ...(typeof values === 'object' && values !== null && { values: valuesIn(values as Mark['values'] & object) }),
  }));
}

function valuesIn(values: Mark['values'] & object): Mark['values'] {
  const known = hotNames.flatMap((name) => {
    const { from, to } = values[name] ?? {};
    return Number.isFinite(from) && Number.isFinite(to) ? [[name, { from, to }] as const] : [];
  });
  return Object.fromEntries(known);
}
