import type { ByteStore } from './byte-store.ts';
import { CheckedText } from './checked-text.ts';
import { DataError } from './data-error.ts';
import { formatBytes } from '../text/format-bytes.ts';
import { Inflater, forEachChunk } from './inflater.ts';
import { Interruption } from './interruption.ts';
import { PackedFile } from './packed-file.ts';
import { RateMeter } from './rate-meter.ts';
import { requestRest } from './request-rest.ts';
import type { TextSource } from './text-source.ts';

export interface DownloadProgress {
  /** Compressed bytes, those of earlier attempts included. */
  readonly receivedBytes: number;
  /** Of the whole compressed file; null when the server does not say. */
  readonly totalBytes: number | null;
  /** Of compressed bytes, over the last seconds; 0 before there are any. */
  readonly bytesPerSecond: number;
  readonly decompressedBytes: number;
}

export interface DownloadOptions {
  readonly store: ByteStore;
  /** Ends the download with the signal's reason; what has come is kept for the next one. */
  readonly signal?: AbortSignal;
  /** Called at most ten times a second, and at the end. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Attempts in a row without a new byte, after the first, before the download fails. */
  readonly maxRetries?: number;
  /** Pause before the first of them, doubled for each further one. */
  readonly retryDelayMs?: number;
  /** A connection that brings nothing for so long counts as broken. */
  readonly stallMs?: number;
}

export interface DownloadedText {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the next visit finds the text in the store. */
  readonly kept: boolean;
  /** Why it does not, when the store was there for it. */
  readonly notice: string | null;
}

const PROGRESS_MS = 100;
const MAX_DELAY_MS = 8000;

/**
 * Fetches a text, unpacks it on the way and checks it; from the store alone when it is already there. A broken
 * connection is taken up again where it broke, also in a later call. A DataError says what went wrong: of a text that
 * fails its check nothing is kept, of a broken connection everything that came.
 */
export async function downloadText(source: TextSource, options: DownloadOptions): Promise<DownloadedText> {
  const { signal, maxRetries = 5, retryDelayMs = 500 } = options;
  const file = await PackedFile.open(options.store, source);
  let mostReceived = file.receivedBytes;
  let failures = 0;
  let startedOver = false;
  let withRange = true;
  for (;;) {
    signal?.throwIfAborted();
    const resumed = file.receivedBytes > 0;
    try {
      const bytes = await attempt(file, source, withRange, options);
      await file.markComplete();
      return { bytes, kept: file.kept, notice: file.problem?.message ?? null };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof Interruption) {
        failures = file.receivedBytes > mostReceived ? 1 : failures + 1;
        mostReceived = Math.max(mostReceived, file.receivedBytes);
        withRange = error.answered || failures < maxRetries;
        if (failures > maxRetries) throw gaveUp(error, failures, file, source);
        await pause(Math.min(retryDelayMs * 2 ** (failures - 1), MAX_DELAY_MS), signal);
        continue;
      }
      if (!isContentError(error)) throw error;
      await file.discard();
      // The bytes of an earlier attempt may have been those of an older file.
      if (!resumed || startedOver) throw error;
      startedOver = true;
    }
  }
}

/** The text if it was downloaded before, checked again; null when it is not, or no longer, all there. */
export async function loadKeptText(source: TextSource, store: ByteStore): Promise<Uint8Array<ArrayBuffer> | null> {
  const file = await PackedFile.open(store, source);
  if (!file.complete) return null;
  try {
    return await unpack(file, source, null, () => {});
  } catch (error) {
    if (!isContentError(error)) throw error;
    await file.discard();
    return null;
  }
}

async function attempt(
  file: PackedFile,
  source: TextSource,
  withRange: boolean,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { stallMs = 30_000, onProgress = () => {} } = options;
  const connection = new AbortController();
  // Chrome has AbortSignal.any from 116.
  const stop = (): void => connection.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', stop, { once: true });
  const meter = new RateMeter();
  let reported = -Infinity;
  let unreported = 0;
  const report = (newBytes: number, decompressedBytes: number, atOnce = false) => {
    const now = performance.now();
    unreported += newBytes;
    if (!atOnce && now - reported < PROGRESS_MS) return;
    const bytesPerSecond = meter.add(unreported, now);
    reported = now;
    unreported = 0;
    const { receivedBytes, totalBytes } = file;
    onProgress({ receivedBytes, totalBytes, bytesPerSecond, decompressedBytes });
  };
  try {
    const body = await orBroken(requestRest(file, source, withRange, connection.signal), connection, stallMs);
    const network = body && watched(body.getReader(), connection, stallMs);
    return await unpack(file, source, network, report);
  } finally {
    options.signal?.removeEventListener('abort', stop);
    connection.abort();
    await file.closeWriter();
  }
}

type NextChunk = () => Promise<Uint8Array | null>;
type Report = (newBytes: number, decompressedBytes: number, atOnce?: boolean) => void;

/** Unpacks what the file holds and then what comes from the network, which is added to the file. */
async function unpack(
  file: PackedFile,
  source: TextSource,
  network: NextChunk | null,
  report: Report,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = new CheckedText(source);
  const inflater = new Inflater('gzip', (chunk) => text.append(chunk));
  const push = async (chunk: Uint8Array, newBytes: number) => {
    await orCorrupt(inflater.write(chunk), source);
    await text.checkHead();
    report(newBytes, text.length);
  };
  try {
    report(0, 0, true);
    const stored = await file.stream();
    if (stored) await forEachChunk(stored, (chunk) => push(chunk, 0));
    for (let chunk = await network?.(); chunk; chunk = await network?.()) {
      await file.append(chunk);
      await push(chunk, chunk.length);
    }
    if (file.receivedBytes < (file.totalBytes ?? 0)) throw new Interruption('the connection ended early', 'network');
    await orCorrupt(inflater.close(), source, network !== null && file.totalBytes === null);
    const bytes = await text.finish();
    report(0, text.length, true);
    return bytes;
  } catch (error) {
    await inflater.abort();
    throw error;
  }
}

/** Turns a failure to unpack into a DataError, or into an Interruption where the end may be missing. */
async function orCorrupt(action: Promise<void>, source: TextSource, mayBeCut = false): Promise<void> {
  try {
    await action;
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    if (mayBeCut) throw new Interruption('the content ended early', 'truncated', { cause });
    throw new DataError('corrupt', `${source.name}: the content is no intact gzip data; nothing is kept`, { cause });
  }
}

function watched(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  connection: AbortController,
  stallMs: number,
): NextChunk {
  return async () => (await orBroken(reader.read(), connection, stallMs)).value ?? null;
}

/** Turns a failure of the network, or its silence, into an Interruption. */
async function orBroken<T>(action: Promise<T>, connection: AbortController, stallMs: number): Promise<T> {
  const timer = setTimeout(() => connection.abort(), stallMs);
  try {
    return await action;
  } catch (cause) {
    if (cause instanceof DataError || cause instanceof Interruption) throw cause;
    const reason = connection.signal.aborted ? `nothing came for ${stallMs / 1000} s` : 'no connection';
    throw new Interruption(reason, 'network', { cause });
  } finally {
    clearTimeout(timer);
  }
}

function gaveUp(last: Interruption, failures: number, file: PackedFile, source: TextSource): DataError {
  const { host } = new URL(source.url);
  const total = file.totalBytes === null ? '' : ` of ${formatBytes(file.totalBytes)}`;
  const rest = `${formatBytes(file.receivedBytes)}${total} have come, the next download goes on from there`;
  const message = `${source.name}: the download from ${host} failed ${failures} times in a row (${last.message}); ${rest}`;
  return new DataError(last.code, message, { cause: last });
}

/** Whether the content itself is at fault. */
function isContentError(error: unknown): boolean {
  return error instanceof DataError && ['corrupt', 'truncated', 'checksum', 'too-large'].includes(error.code);
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    // The loop looks at the signal next.
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
