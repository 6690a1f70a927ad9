import { ByteCollector, MAX_TEXT_BYTES } from './byte-collector.ts';
import { makeCorpus, splitBytes, splitEnwik8 } from './corpus.ts';
import type { Corpus } from './corpus.ts';
import { DataError } from './data-error.ts';
import { isEnwik8 } from './enwik8.ts';
import { formatBytes } from '../text/format-bytes.ts';
import { forEachChunk, inflateStream } from './inflater.ts';
import { readZipDirectory, readZipMember } from './zip.ts';
import type { ZipMember } from './zip.ts';

/** What is read of a file of the browser, of Node's `File`, or of any Blob with a name. */
export type CorpusFile = Blob & { readonly name: string };

export interface ReadCorpusOptions {
  /** Longest text, unpacked, in bytes. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** A gzip member unpacks to at most this many times its size. */
const MAX_DEFLATE_RATIO = 1032;

/**
 * The text of a visitor's file: any bytes as they are, or unpacked when they begin as gzip or zip data do. Of an archive
 * the largest file is taken. Full enwik8 is split as the reference splits it, any other text 90/5/5. A DataError for
 * what cannot be read.
 */
export async function readCorpusFile(file: CorpusFile, options: ReadCorpusOptions = {}): Promise<Corpus> {
  const { name, bytes } = await unpack(file, options);
  return makeCorpus(name, bytes, (await isEnwik8(bytes)) ? splitEnwik8 : splitBytes);
}

async function unpack(file: CorpusFile, options: ReadCorpusOptions): Promise<{ name: string; bytes: Uint8Array }> {
  const { maxBytes = MAX_TEXT_BYTES, signal } = options;
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  const format = formatOf(head);
  if (format === 'zip') return unpackZip(file, maxBytes, signal);
  if (format === 'gzip') return { name: file.name.replace(/\.gz$/i, ''), bytes: await gunzip(file, maxBytes, signal) };
  const promised = file.size > 0 ? /\.(gz|zip)$/i.exec(file.name)?.[1].toLowerCase() : undefined;
  if (promised) {
    throw new DataError('corrupt', `file "${file.name}": given no ${promised} data although its name says so`);
  }
  return { name: file.name, bytes: await readPlain(file, maxBytes, signal) };
}

function formatOf(head: Uint8Array): 'gzip' | 'zip' | 'plain' {
  if (head[0] === 0x1f && head[1] === 0x8b && head[2] === 8) return 'gzip';
  // An archive without files consists of its end record (5, 6).
  const [p, k, a, b] = head;
  if (p === 0x50 && k === 0x4b && ((a === 3 && b === 4) || (a === 5 && b === 6))) return 'zip';
  return 'plain';
}

async function readPlain(file: CorpusFile, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  if (file.size > maxBytes) {
    throw new DataError(
      'too-large',
      `file "${file.name}": given ${formatBytes(file.size)}, needs at most ${formatBytes(maxBytes)}`,
    );
  }
  const collector = new ByteCollector(file.name, maxBytes, file.size);
  await forEachChunk(file.stream(), (chunk) => collector.append(chunk), signal);
  return collector.bytes();
}

async function gunzip(file: CorpusFile, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  const trailer = new DataView(await file.slice(-4).arrayBuffer());
  const claimed = trailer.byteLength === 4 ? trailer.getUint32(0, true) : 0;
  // A damaged trailer may claim anything; only a possible size is worth reserving.
  const expected = claimed <= file.size * MAX_DEFLATE_RATIO ? claimed : 0;
  const collector = new ByteCollector(file.name, maxBytes, expected);
  try {
    await inflateStream(file.stream(), 'gzip', (chunk) => collector.append(chunk), signal);
  } catch (cause) {
    if (cause instanceof DataError || signal?.aborted) throw cause;
    throw new DataError(
      'corrupt',
      `file "${file.name}": the gzip data is damaged, cut short or several files in a row`,
      { cause },
    );
  }
  return collector.bytes();
}

async function unpackZip(
  file: CorpusFile,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<{ name: string; bytes: Uint8Array }> {
  const members = (await readZipDirectory(file, file.name)).filter((member) => !isClutter(member.name));
  const largest = members.reduce<ZipMember | null>((a, b) => (a === null || b.size > a.size ? b : a), null);
  if (largest === null) throw new DataError('empty', `zip "${file.name}": given an archive without a file`);
  if (largest.size > maxBytes) {
    throw new DataError(
      'too-large',
      `zip "${file.name}": "${largest.name}" unpacks to ${formatBytes(largest.size)}, needs at most ${formatBytes(maxBytes)}`,
    );
  }
  const expected = Math.min(largest.size, largest.compressedSize * MAX_DEFLATE_RATIO);
  const collector = new ByteCollector(largest.name, maxBytes, expected);
  await readZipMember(file, file.name, largest, (chunk) => collector.append(chunk), signal);
  return { name: largest.name, bytes: collector.bytes() };
}

/** What macOS and Windows add to archives and folders. */
function isClutter(path: string): boolean {
  return /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$)/i.test(path);
}
