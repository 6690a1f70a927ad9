import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import { shortestQuery } from '../../config/codec/encode.ts';
import type { RunConfig } from '../../config/types.ts';
import type { Corpus } from '../../data/corpus.ts';
import { sha256 } from '../../data/sha256.ts';
import { FIRST_LOSS_SCALE } from '../../optim/loss-scale.ts';
import { OPTIMIZER_STATE, OPTIMIZER_STATE_LENGTH } from '../../optim/state.ts';
import { FIRST_WEIGHTS, readFirstWeights, type FirstWeights } from '../../protocol/first-weights.ts';
import {
  arraysComplaint,
  CURVE,
  isOfModel,
  isReadable,
  MODEL_ALONE,
  MOMENTS,
  OPTIMIZER,
  READABLE_VERSIONS,
  RUN_FILE,
  WITH_CURVE,
} from '../../protocol/run-file.ts';
import type { StateDict } from '../../tensor/parameter-transfer.ts';
import { readSafetensors, writeSafetensors, type StoredTensor } from '../../protocol/safetensors.ts';

/** Every number that a run's next steps depend on, besides its configuration, its text and its kernels. */
export interface SessionState {
  /** Steps that were made. */
  step: number;
  weights: StateDict;
  firstMoments: StateDict;
  secondMoments: StateDict;
  /** Adam's counters and the loss scale: `OPTIMIZER_STATE`. */
  optimizer: Uint32Array<ArrayBuffer>;
}

/** Tells texts apart. */
export interface TextIdentity {
  name: string;
  bytes: number;
  sha256: string;
}

/** The kernels of a run: as an object of unknown origin, and in words. */
export interface SavedKernels {
  tuning: unknown;
  variants: string;
}

/** A run at rest. With the same text, and on an adapter that has its kernels, it goes on as if it had never stopped. */
export interface Checkpoint extends SessionState {
  config: RunConfig;
  /** Seconds of training so far, pauses excluded. */
  activeSeconds: number;
  text: TextIdentity;
  kernels: SavedKernels;
  /** What a page calls it; the command line hands it on as it is. */
  name?: string;
  /** What it began with; left out where its first weights were drawn. */
  firstWeights?: FirstWeights;
  /** What was measured of it, as arrays of a file: `curveTensors`. */
  curve?: ReadonlyMap<string, StoredTensor>;
  /** It comes from a file of its model alone, so that Adam begins anew: without moments, and counting from 0. */
  isModelAlone?: true;
}

/** Weights have the reference's names without a prefix, so that other programs find them. */
const PREFIXES = { weights: '', firstMoments: MOMENTS.first, secondMoments: MOMENTS.second } as const;

const identities = new WeakMap<Corpus, Promise<TextIdentity>>();

export function identify(corpus: Corpus): Promise<TextIdentity> {
  let identity = identities.get(corpus);
  if (!identity) {
    const { name, bytes } = corpus;
    identity = sha256(bytes as Uint8Array<ArrayBuffer>).then((digest) => ({
      name,
      bytes: bytes.length,
      sha256: digest,
    }));
    identities.set(corpus, identity);
  }
  return identity;
}

/** What is wrong with going on with a run on this text; null when it is the run's own. */
export async function textMismatch({ text }: Checkpoint, corpus: Corpus): Promise<string | null> {
  const given = await identify(corpus);
  if (given.sha256 === text.sha256) return null;
  const describe = ({ name, bytes }: TextIdentity): string => `${name} (${bytes.toLocaleString('en')} bytes)`;
  return `given ${describe(given)}, needs what the run was trained on, ${describe(text)}`;
}

/** A checkpoint as a safetensors file, in parts that follow each other. */
export function writeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer>[] {
  const version = checkpoint.curve ? WITH_CURVE : RUN_FILE.version;
  return writeSafetensors(tensorsOf(checkpoint), metadataOf(checkpoint, version));
}

/** The same of the model alone, in a third of the bytes: without what Adam knows, and without how long steps took. */
export function writeModel(checkpoint: Checkpoint): Uint8Array<ArrayBuffer>[] {
  const tensors = [...tensorsOf(checkpoint)].filter(([name]) => isOfModel(name));
  return writeSafetensors(new Map(tensors), metadataOf(checkpoint, MODEL_ALONE));
}

function tensorsOf(checkpoint: Checkpoint): Map<string, StoredTensor> {
  const { optimizer, curve } = checkpoint;
  const tensors = new Map<string, StoredTensor>();
  for (const kind of stateKinds)
    for (const [weight, { shape, data }] of checkpoint[kind])
      tensors.set(PREFIXES[kind] + weight, { dtype: 'F32', shape: [...shape], data });
  tensors.set(OPTIMIZER, { dtype: 'U32', shape: [optimizer.length], data: optimizer });
  for (const [array, tensor] of curve ?? []) tensors.set(array, tensor);
  return tensors;
}

function metadataOf(checkpoint: Checkpoint, version: string): Record<string, string> {
  const { config, step, activeSeconds, text, kernels, name, firstWeights } = checkpoint;
  return {
    ...RUN_FILE,
    version,
    step: String(step),
    seconds: String(activeSeconds),
    config: shortestQuery(config),
    text: JSON.stringify(text),
    kernels: JSON.stringify(kernels),
    ...(name !== undefined && { run: name }),
    ...(firstWeights !== undefined && { [FIRST_WEIGHTS]: JSON.stringify(firstWeights) }),
  };
}

/**
 * Reads what `writeCheckpoint` or `writeModel` wrote. Throws an Error that names the part that is wrong. Whether its arrays suit the model is
 * found when they are uploaded.
 */
export function readCheckpoint(file: ArrayBuffer): Checkpoint {
  const { tensors, metadata } = readSafetensors(file);
  if (metadata.format !== RUN_FILE.format) {
    throw new Error('checkpoint: given a safetensors file of another program, needs one that a run was saved to');
  }
  if (!isReadable(metadata.version)) {
    throw new Error(`checkpoint: given version ${metadata.version}, needs one of ${READABLE_VERSIONS}`);
  }
  const step = Number(metadata.step);
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new Error(`checkpoint: given step "${metadata.step}", needs a whole number`);
  }
  const complaint = arraysComplaint(metadata.version, tensors.keys());
  if (complaint !== null) throw new Error(`checkpoint: ${complaint}`);
  const dicts = { weights: new Map(), firstMoments: new Map(), secondMoments: new Map() } satisfies Record<
    StateKind,
    StateDict
  >;
  const curve = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    const { dtype, shape, data } = tensor;
    if (name.startsWith(CURVE)) curve.set(name, tensor);
    if (name === OPTIMIZER || name.startsWith(CURVE)) continue;
    if (!(data instanceof Float32Array)) throw new Error(`checkpoint: "${name}" has type ${dtype}, needs F32`);
    const kind = stateKinds.find((each) => PREFIXES[each] && name.startsWith(PREFIXES[each])) ?? 'weights';
    dicts[kind].set(name.slice(PREFIXES[kind].length), { shape, data });
  }
  const isModelAlone = metadata.version === MODEL_ALONE;
  if (isModelAlone) {
    for (const [name, { shape, data }] of dicts.weights) {
      dicts.firstMoments.set(name, { shape, data: new Float32Array(data.length) });
      dicts.secondMoments.set(name, { shape, data: new Float32Array(data.length) });
    }
  }
  return {
    step,
    ...dicts,
    // Nothing but the time axis depends on it.
    activeSeconds: Number(metadata.seconds) || 0,
    config: readConfig(metadata.config),
    text: parse('text', metadata.text, isTextIdentity),
    kernels: parse('kernels', metadata.kernels, isSavedKernels),
    optimizer: isModelAlone ? firstOptimizerState() : readOptimizer(tensors.get(OPTIMIZER)),
    ...(metadata.run !== undefined && { name: metadata.run }),
    ...readOrigin(metadata),
    ...(curve.size > 0 && { curve }),
    ...(isModelAlone && { isModelAlone }),
  };
}

type StateKind = keyof typeof PREFIXES;
const stateKinds = Object.keys(PREFIXES) as StateKind[];

function readConfig(query: string | undefined): RunConfig {
  if (query === undefined) throw new Error('checkpoint: its configuration is missing');
  const link = decodeQuery(query);
  const complaints = linkComplaints(link);
  if (complaints.length > 0) throw new Error(`checkpoint: its configuration: ${complaints.join('; ')}`);
  return link.config;
}

function readOrigin(metadata: Readonly<Record<string, string>>): Pick<Checkpoint, 'firstWeights'> {
  try {
    const firstWeights = readFirstWeights(metadata);
    return firstWeights === null ? {} : { firstWeights };
  } catch (cause) {
    throw new Error(`checkpoint: ${(cause as Error).message}`, { cause });
  }
}

/** What Adam's counters and the loss scale are before the first update. */
function firstOptimizerState(): Uint32Array<ArrayBuffer> {
  const state = new Uint32Array(OPTIMIZER_STATE_LENGTH);
  state[OPTIMIZER_STATE.lossScale] = FIRST_LOSS_SCALE;
  return state;
}

function readOptimizer(stored: StoredTensor | undefined): Uint32Array<ArrayBuffer> {
  if (!(stored?.data instanceof Uint32Array) || stored.data.length !== OPTIMIZER_STATE_LENGTH) {
    throw new Error(`checkpoint: "${OPTIMIZER}" is no U32 [${OPTIMIZER_STATE_LENGTH}]`);
  }
  return stored.data;
}

function parse<T>(part: string, text: string | undefined, is: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch (cause) {
    throw new Error(`checkpoint: its ${part} is missing or no JSON`, { cause });
  }
  if (!is(value)) throw new Error(`checkpoint: its ${part} is not what it should be: ${text}`);
  return value;
}

function isTextIdentity(value: unknown): value is TextIdentity {
  if (typeof value !== 'object' || value === null) return false;
  const { name, bytes, sha256: digest } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof bytes === 'number' && typeof digest === 'string';
}

function isSavedKernels(value: unknown): value is SavedKernels {
  return typeof value === 'object' && value !== null && 'tuning' in value && 'variants' in value;
}
