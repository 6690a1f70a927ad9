/** Decompression by the platform, with each failure seen at the call that caused it. */
export class Inflater {
  private readonly writer: WritableStreamDefaultWriter<BufferSource>;
  private readonly drained: Promise<void>;
  /** What onChunk threw, or why the bytes could not be decompressed. */
  private failure: unknown = null;

  /** onChunk may throw to end the work; the error then comes out of write or close. */
  constructor(format: CompressionFormat, onChunk: (chunk: Uint8Array) => void) {
    const stream = new DecompressionStream(format);
    this.writer = stream.writable.getWriter();
    this.drained = drain(stream.readable, onChunk).catch((error: unknown) => {
      this.failure = error;
      // Nothing reads any more: a write would wait for ever.
      this.writer.abort(error).catch(() => {});
    });
  }

  /** Rejects when the bytes so far are no such format. A failure may also come out of a later call. */
  async write(chunk: Uint8Array): Promise<void> {
    await this.orFailure(this.writer.write(chunk as Uint8Array<ArrayBuffer>));
  }

  /** Resolves when all is decompressed; rejects when the data ends early or fails its check. */
  async close(): Promise<void> {
    await this.orFailure(this.writer.close());
    await this.drained;
    if (this.failure !== null) throw this.failure;
  }

  /** Gives up. Never rejects. */
  async abort(): Promise<void> {
    await Promise.allSettled([this.writer.abort(), this.drained]);
  }

  private async orFailure(action: Promise<void>): Promise<void> {
    try {
      await action;
    } catch (error) {
      throw this.failure ?? error;
    }
  }
}

async function drain(readable: ReadableStream<Uint8Array>, onChunk: (chunk: Uint8Array) => void): Promise<void> {
  const reader = readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onChunk(value);
    }
  } catch (error) {
    reader.cancel(error).catch(() => {});
    throw error;
  }
}

/** Decompresses a whole stream; the chunks go to onChunk. Rejects like Inflater. */
export async function inflateStream(
  stream: ReadableStream<Uint8Array>,
  format: CompressionFormat,
  onChunk: (chunk: Uint8Array) => void,
  signal?: AbortSignal,
): Promise<void> {
  const inflater = new Inflater(format, onChunk);
  try {
    await forEachChunk(stream, (chunk) => inflater.write(chunk), signal);
    await inflater.close();
  } catch (error) {
    await inflater.abort();
    throw error;
  }
}

/** Reads a stream to its end; cancels it when `action` fails or the signal is aborted. Browsers cannot all iterate. */
export async function forEachChunk(
  stream: ReadableStream<Uint8Array>,
  action: (chunk: Uint8Array) => Promise<void> | void,
  signal?: AbortSignal,
): Promise<void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) return;
      await action(value);
    }
  } catch (error) {
    reader.cancel(error).catch(() => {});
    throw error;
  }
}
