/** What tells the file of a run from other safetensors files; its version changes when older pages could not read it. */
export const RUN_FILE = { format: 'strata run', version: '1' } as const;

/** What a run's file says of it, before its arrays are read. */
export interface RunSummary {
  /** Its configuration as a link. */
  query: string;
  step: number;
  /** Name of the text that it was trained on. */
  text: string;
}

const MOST_HEADER_BYTES = 64 * 2 ** 20;

/** Reads the head of a run's file. Rejects with an Error that names what is wrong; arrays that are cut off are among that. */
export async function summariseRun(file: Blob): Promise<RunSummary> {
  const headerBytes =
    file.size < 8 ? NaN : Number(new DataView(await file.slice(0, 8).arrayBuffer()).getBigUint64(0, true));
  if (!(headerBytes <= Math.min(MOST_HEADER_BYTES, file.size - 8))) throw new Error('it is no safetensors file');
  const header = parse(await file.slice(8, 8 + headerBytes).text());
  const { __metadata__: metadata, ...arrays } = header;
  const { format, version, step, config, text } = (metadata ?? {}) as Record<string, string | undefined>;
  if (format !== RUN_FILE.format) throw new Error('it holds arrays, but no run of this page');
  if (version !== RUN_FILE.version) throw new Error(`it is of version ${version}, this page reads ${RUN_FILE.version}`);
  const end = Math.max(
    0,
    ...Object.values(arrays).map((array) => (array as { data_offsets: number[] }).data_offsets[1]),
  );
  if (8 + headerBytes + end > file.size)
    throw new Error(`it is cut off: ${file.size} of ${8 + headerBytes + end} bytes`);
  if (config === undefined || !/^\d+$/.test(step ?? '')) throw new Error('its configuration or its step is missing');
  return { query: config, step: Number(step), text: String(parse(text ?? '{}').name) };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new Error('its head is no JSON', { cause });
  }
}
