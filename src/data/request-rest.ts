import { DataError } from './data-error.ts';
import { Interruption } from './interruption.ts';
import type { PackedFile } from './packed-file.ts';
import type { TextSource } from './text-source.ts';

const TRANSIENT = new Set([408, 425, 429]);

/**
 * Asks for the bytes that a file still lacks. The file is emptied when the server sends all of them or has another file
 * by now. Null when there are none to come. An Interruption or a DataError `http` when there is no answer to use.
 * withRange false asks for the whole file: some browsers ask a server first whether it takes Range, and some servers
 * refuse the question.
 */
export async function requestRest(
  file: PackedFile,
  source: TextSource,
  withRange: boolean,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array> | null> {
  const first = file.receivedBytes;
  if (first > 0 && first === file.totalBytes) return null;
  const response = await ask(source, withRange ? first : 0, signal);
  if (response.status === 416 && first > 0) return null;
  if (!response.ok) throw statusError(response, source);
  const validator = response.headers.get('etag') ?? response.headers.get('last-modified');
  if (response.status === 206) {
    if (
      !continues(response, first) ||
      (file.validator !== null && validator !== null && validator !== file.validator)
    ) {
      await file.discard();
      throw new Interruption('the file on the server has changed', 'network');
    }
  } else if (first > 0) {
    await file.discard();
  }
  await file.describe(totalBytes(response, file.receivedBytes), validator);
  return response.body ?? new Blob([]).stream();
}

async function ask(source: TextSource, first: number, signal: AbortSignal): Promise<Response> {
  // No If-Range: cross-origin requests may not carry it without asking first, which file servers tend to refuse.
  // Comparing the validators of the answer does the same.
  const headers = first > 0 ? { Range: `bytes=${first}-` } : undefined;
  try {
    return await fetch(source.url, { headers, cache: 'no-store', credentials: 'omit', signal });
  } catch (cause) {
    throw new Interruption('no connection', 'network', { cause, answered: false });
  }
}

function statusError(response: Response, source: TextSource): Error {
  const { status, statusText } = response;
  const answer = `${new URL(response.url || source.url).host} answered ${status} ${statusText}`.trimEnd();
  if (status >= 500 || TRANSIENT.has(status)) return new Interruption(answer, 'http');
  return new DataError('http', `${source.name}: ${answer}, needs the file at ${source.url}`);
}

/** Content-Range is hidden from cross-origin readers unless the server exposes it. */
function contentRange(response: Response): RegExpExecArray | null {
  return /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
}

function continues(response: Response, first: number): boolean {
  const range = contentRange(response);
  return range === null || Number(range[1]) === first;
}

function totalBytes(response: Response, first: number): number | null {
  const total = contentRange(response)?.[2];
  if (total !== undefined && total !== '*') return Number(total);
  // Under a content encoding the length is that of the encoded bytes, which are not the ones that arrive here.
  const length = response.headers.get('content-encoding') === null ? response.headers.get('content-length') : null;
  return length === null ? null : first + Number(length);
}
