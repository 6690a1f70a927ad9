import type { SafetensorsHead } from './safetensors.ts';

/** What tells the file of a run from other safetensors files; its version changes when older pages could not read it. */
export const RUN_FILE = { format: 'strata run', version: '1' } as const;

/** Version of a file that holds a run's curve, too. */
export const WITH_CURVE = '2';

const READABLE: readonly (string | undefined)[] = [RUN_FILE.version, WITH_CURVE];

/** Names of the arrays of a curve begin so. */
export const CURVE = 'curve/';

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
  head: SafetensorsHead;
}

const MOST_HEADER_BYTES = 64 * 2 ** 20;

/** Reads the head of a run's file. Rejects with an Error that names what is wrong; arrays that are cut off are among that. */
export async function summariseRun(file: Blob): Promise<RunSummary> {
  const headerBytes =
    file.size < 8 ? NaN : Number(new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true));
  if (!(headerBytes <= Math.min(MOST_HEADER_BYTES, file.size - 8))) throw new Error('it is no safetensors file');
  const header = parse(await file.slice(8, 8 + headerBytes).text());
  const { __metadata__, ...arrays } = header as { __metadata__?: Record<string, string> } & SafetensorsHead['arrays'];
  const metadata = __metadata__ ?? {};
  const { format, version, step, config, text, run }: Record<string, string | undefined> = metadata;
  if (format !== RUN_FILE.format) throw new Error('it holds arrays, but no run of this page');
  if (!isReadable(version)) throw new Error(`it is of version ${version}, this page reads ${READABLE.join(' and ')}`);
  const end = Math.max(0, ...Object.values(arrays).map(({ data_offsets: [, after] }) => after));
  if (8 + headerBytes + end > file.size)
    throw new Error(`it is cut off: ${file.size} of ${8 + headerBytes + end} bytes`);
  if (config === undefined || !/^\d+$/.test(step ?? '')) throw new Error('its configuration or its step is missing');
  const head = { metadata, arrays, start: 8 + headerBytes };
  const { name, sha256 } = parse(text ?? '{}');
  const identity = { name: String(name), sha256: String(sha256) };
  return { query: config, step: Number(step), name: run ?? null, text: identity, head };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new Error('its head is no JSON', { cause });
  }
}
