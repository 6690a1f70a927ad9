import { readFirstWeights, type FirstWeights } from './first-weights.ts';
import { readHeader, type SafetensorsHead } from './safetensors.ts';

/** What tells the file of a run from other safetensors files; its version changes when older pages could not read it. */
export const RUN_FILE = { format: 'strata run', version: '1' } as const;

/** Version of a file that holds a run's curve, too. */
export const WITH_CURVE = '2';

/** Version of a file that holds a run's model alone, with a curve or without: nothing of Adam, who begins anew with it. */
export const MODEL_ALONE = '3';

const READABLE: readonly (string | undefined)[] = [RUN_FILE.version, WITH_CURVE, MODEL_ALONE];

/** The versions that this program reads, in words. */
export const READABLE_VERSIONS = READABLE.join(', ');

/** Names of the arrays of a curve begin so. */
export const CURVE = 'curve/';

/** Names of Adam's moments are these and the name of their weight. */
export const MOMENTS = { first: 'first_moment/', second: 'second_moment/' } as const;

/** Adam's counters and the loss scale. */
export const OPTIMIZER = 'optimizer_state';

/** How long the parts of each step took says something of the machine, and nothing of the model. */
const TIMES = /^curve\/\w+_milliseconds$/;

/** Whether an array of a run's file is also in the one of its model alone. */
export function isOfModel(name: string): boolean {
  return !isOfAdam(name) && !TIMES.test(name);
}

function isOfAdam(name: string): boolean {
  return name === OPTIMIZER || name.startsWith(MOMENTS.first) || name.startsWith(MOMENTS.second);
}

/** What a file has too much or too little of, by the names of its arrays; null where they are what its version has. */
export function arraysComplaint(version: string | undefined, names: Iterable<string>): string | null {
  const given = new Set(names);
  if (version === MODEL_ALONE) {
    const extra = [...given].find(isOfAdam);
    return extra === undefined ? null : `"${extra}" has no place in version ${version}, which holds a model alone`;
  }
  const weights = [...given].filter((name) => !name.startsWith(CURVE) && !isOfAdam(name));
  const needed = [OPTIMIZER, ...weights.flatMap((name) => [MOMENTS.first + name, MOMENTS.second + name])];
  const missing = needed.find((name) => !given.has(name));
  return missing === undefined ? null : `"${missing}" is missing, which Adam needs to go on`;
}

/** Whether this program reads files of a version. */
export function isReadable(version: string | undefined): boolean {
  return READABLE.includes(version);
}

/** What a run's file says of it, before its arrays are read. */
export interface RunSummary {
  /** Its configuration as a link. */
  query: string;
  step: number;
  /** What it is called; null where the file does not say. */
  name: string | null;
  /** The text that it was trained on. */
  text: { name: string; sha256: string };
  /** What it began with; null where that was drawn. */
  firstWeights: FirstWeights | null;
  /** Whether Adam's state is not in it. */
  isModelAlone: boolean;
  head: SafetensorsHead;
}

const MOST_HEADER_BYTES = 64 * 2 ** 20;

/** Reads the head of a run's file. Rejects with an Error that names what is wrong; arrays that are cut off are among that. */
export async function summariseRun(file: Blob): Promise<RunSummary> {
  const headerBytes =
    file.size < 8 ? NaN : Number(new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true));
  if (!(headerBytes <= Math.min(MOST_HEADER_BYTES, file.size - 8))) throw new Error('it is no safetensors file');
  const { metadata, arrays } = readHeader(await file.slice(8, 8 + headerBytes).text());
  const { format, version, step, config, text, run }: Record<string, string | undefined> = metadata;
  if (format !== RUN_FILE.format) throw new Error('it holds arrays, but no run of this page');
  if (!isReadable(version))
    throw new Error(`it is of version ${version}, this page reads versions ${READABLE_VERSIONS}`);
  const end = Math.max(0, ...Object.values(arrays).map(({ data_offsets: [, after] }) => after));
  if (8 + headerBytes + end > file.size)
    throw new Error(`it is cut off: ${file.size} of ${8 + headerBytes + end} bytes`);
  if (config === undefined || !/^\d+$/.test(step ?? '')) throw new Error('its configuration or its step is missing');
  const complaint = arraysComplaint(version, Object.keys(arrays));
  if (complaint !== null) throw new Error(complaint);
  const head = { metadata, arrays, start: 8 + headerBytes };
  const isModelAlone = version === MODEL_ALONE;
  return {
    query: config,
    step: Number(step),
    name: run ?? null,
    text: readText(text),
    firstWeights: readFirstWeights(metadata),
    isModelAlone,
    head,
  };
}

function readText(identity: string | undefined): RunSummary['text'] {
  try {
    const { name, sha256 } = JSON.parse(identity ?? '') as Record<string, unknown>;
    if (typeof name === 'string' && typeof sha256 === 'string') return { name, sha256 };
  } catch {
    // Said below.
  }
  throw new Error('it does not say which text it was trained on');
}
