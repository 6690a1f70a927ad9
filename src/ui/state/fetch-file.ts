/** A connection that brings nothing for so long counts as broken. */
const STALL_MS = 30_000;

/**
 * Fetches a file, and tells how many bytes of it have come. Rejects with an Error that says why there is none: what the server
 * answered, that there was no connection, or that it brought nothing for half a minute.
 */
export async function fetchFile(url: string, onBytes: (received: number) => void): Promise<Blob> {
  const connection = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const waitAnew = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => connection.abort(), STALL_MS);
  };
  try {
    waitAnew();
    const response = await fetch(url, { signal: connection.signal });
    if (!response.ok || response.body === null) throw new RefusedError(`the server answered ${response.status}`);
    const reader = response.body.getReader();
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let received = 0;
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      waitAnew();
      parts.push(read.value);
      received += read.value.length;
      onBytes(received);
    }
    return new Blob(parts);
  } catch (cause) {
    if (cause instanceof RefusedError) throw cause;
    const why = connection.signal.aborted ? `nothing came for ${STALL_MS / 1000} s` : 'there was no connection';
    throw new Error(why, { cause });
  } finally {
    clearTimeout(timer);
  }
}

class RefusedError extends Error {}
