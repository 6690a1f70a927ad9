/** One array of a safetensors file. Half floats are widened to f32 when read. */
export interface StoredTensor {
  dtype: 'F32' | 'I32' | 'U32' | 'I64' | 'F64' | 'U8';
  shape: number[];
  data:
    | Float32Array<ArrayBuffer>
    | Int32Array<ArrayBuffer>
    | Uint32Array<ArrayBuffer>
    | Float64Array<ArrayBuffer>
    | BigInt64Array<ArrayBuffer>
    | Uint8Array<ArrayBuffer>;
}

const READERS = {
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  I64: BigInt64Array,
  F64: Float64Array,
  U8: Uint8Array,
} as const;

const ALIGNMENT = 8;

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** What a file says of its arrays, before any is read. */
export interface SafetensorsHead {
  metadata: Readonly<Record<string, string>>;
  arrays: Readonly<Record<string, HeaderEntry>>;
  /** Where the arrays begin, in bytes from the beginning of the file. */
  start: number;
}

/** A safetensors file, in parts that follow each other: a header, then the arrays in the order of their names here. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer>[] {
  const { arrays, parts } = layOut(tensors, 0);
  return [writeHead(arrays, metadata), ...parts];
}

/** The same file with other metadata, and more arrays after its own, which are not read. */
export function withTensors(
  file: Blob,
  { arrays, start }: SafetensorsHead,
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>>,
): Blob {
  const more = layOut(tensors, file.size - start);
  return new Blob([writeHead({ ...arrays, ...more.arrays }, metadata), file.slice(start), ...more.parts]);
}

/** Some arrays of a file in a file of their own, in their order, with other metadata. None of them is read. */
export function someTensors(
  file: Blob,
  { arrays, start }: SafetensorsHead,
  isWanted: (name: string) => boolean,
  metadata: Readonly<Record<string, string>>,
): Blob {
  const wanted: Record<string, HeaderEntry> = {};
  const parts: Blob[] = [];
  let end = 0;
  for (const [name, entry] of Object.entries(arrays)) {
    if (!isWanted(name)) continue;
    const [from, to] = entry.data_offsets;
    wanted[name] = { ...entry, data_offsets: [end, end + to - from] };
    parts.push(file.slice(start + from, start + to));
    end += to - from;
  }
  return new Blob([writeHead(wanted, metadata), ...parts]);
}

function layOut(tensors: ReadonlyMap<string, StoredTensor>, from: number) {
  const arrays: Record<string, HeaderEntry> = {};
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let end = from;
  for (const [name, { dtype, shape, data }] of tensors) {
    arrays[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] };
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    end += data.byteLength;
  }
  return { arrays, parts };
}

function writeHead(
  arrays: Readonly<Record<string, HeaderEntry>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...arrays }));
  // Blanks after the header align what follows.
  const head = new Uint8Array(Math.ceil((8 + text.length) / ALIGNMENT) * ALIGNMENT).fill(32);
  new DataView(head.buffer).setBigUint64(0, BigInt(head.length - 8), true);
  head.set(text, 8);
  return head;
}

/** Reads one array of a file and no other. Throws an Error that names it when it is not there or not what it should be. */
export async function readTensorOf(
  file: Blob,
  { arrays, start }: SafetensorsHead,
  name: string,
): Promise<StoredTensor> {
  const entry = arrays[name];
  if (!entry) throw new Error(`safetensors: "${name}" is missing`);
  const [begin, end] = entry.data_offsets;
  const bytes = await file.slice(start + begin, start + end).arrayBuffer();
  return readTensor(name, { ...entry, data_offsets: [0, end - begin] }, bytes, 0);
}

/**
 * Reads a safetensors file. Throws an Error that names the part that is wrong.
 * Source: the safetensors format (8-byte little-endian header length, JSON header, raw little-endian data).
 */
export function readSafetensors(file: ArrayBuffer): {
  tensors: Map<string, StoredTensor>;
  metadata: Record<string, string>;
} {
  if (file.byteLength < 8) throw new Error(`safetensors: given ${file.byteLength} bytes, needs at least 8`);
  const headerBytes = Number(new DataView(file).getBigUint64(0, true));
  const start = 8 + headerBytes;
  if (start > file.byteLength)
    throw new Error(`safetensors: the header claims ${headerBytes} bytes, the file is shorter`);
  const { metadata, arrays } = readHeader(new TextDecoder().decode(new Uint8Array(file, 8, headerBytes)));
  const tensors = new Map<string, StoredTensor>();
  for (const [name, entry] of Object.entries(arrays)) tensors.set(name, readTensor(name, entry, file, start));
  return { tensors, metadata: { ...metadata } };
}

/** Reads the JSON that a file begins with. Throws an Error that says what is wrong with it. */
export function readHeader(text: string): Pick<SafetensorsHead, 'metadata' | 'arrays'> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw new Error('its header is no JSON', { cause });
  }
  if (!isRecord(header)) throw new Error('its header is no list of arrays');
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isMetadata(metadata)) throw new Error('its metadata is no list of texts');
  const arrays = Object.entries(entries).map(([name, entry]) => {
    if (!isHeaderEntry(entry)) throw new Error(`its array "${name}" lacks a type, a shape or a place`);
    return [name, entry] as const;
  });
  return { metadata, arrays: Object.fromEntries(arrays) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMetadata(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
}

function isHeaderEntry(value: unknown): value is HeaderEntry {
  if (!isRecord(value) || typeof value.dtype !== 'string') return false;
  const { shape, data_offsets: place } = value;
  return areSizes(shape) && areSizes(place) && place.length === 2 && place[0] <= place[1];
}

function areSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function readTensor(name: string, entry: HeaderEntry, file: ArrayBuffer, start: number): StoredTensor {
  const dtype = entry.dtype as StoredTensor['dtype'];
  const Reader = READERS[dtype];
  if (!Reader)
    throw new Error(`safetensors: "${name}" has type ${entry.dtype}, needs one of ${Object.keys(READERS).join(', ')}`);
  const [begin, end] = entry.data_offsets;
  const count = entry.shape.reduce((product, extent) => product * extent, 1);
  if (end - begin !== count * Reader.BYTES_PER_ELEMENT || start + end > file.byteLength) {
    throw new Error(
      `safetensors: "${name}" has shape [${entry.shape.join(', ')}] but bytes ${begin} to ${end} of ${file.byteLength - start}`,
    );
  }
  // A copy, because the data of a file need not be aligned.
  return { dtype, shape: entry.shape, data: new Reader(file.slice(start + begin, start + end)) };
}
