import type { ByteStore, ByteWriter } from './byte-store.ts';
import { DataError } from './data-error.ts';
import { Interruption } from './interruption.ts';
import { MemoryStore } from './memory-store.ts';
import type { TextSource } from './text-source.ts';

/** What is known of a stored download. */
interface Manifest {
  readonly url: string;
  readonly totalBytes: number | null;
  /** The server's ETag or else its Last-Modified: as long as it is the same, so is the file. */
  readonly validator: string | null;
  /** Whether all bytes are there and have been checked. */
  readonly complete: boolean;
}

const packedEntry = (source: TextSource) => `${source.name}.gz`;
const manifestEntry = (source: TextSource) => `${source.name}.json`;

/**
 * The compressed bytes of a download received so far, in a store, so that a later visit goes on from there. When the
 * store fails, they move to memory and the download goes on; `problem` then says why they are not kept.
 */
export class PackedFile {
  private readonly source: TextSource;
  private store: ByteStore;
  private writer: ByteWriter | null = null;
  private manifest: Manifest;
  private received = 0;
  private storeProblem: DataError | null = null;

  private constructor(store: ByteStore, source: TextSource) {
    this.store = store;
    this.source = source;
    this.manifest = emptyManifest(source);
  }

  static async open(store: ByteStore, source: TextSource): Promise<PackedFile> {
    const file = new PackedFile(store, source);
    await file.orInMemory(() => file.load());
    return file;
  }

  get receivedBytes(): number {
    return this.received;
  }

  get totalBytes(): number | null {
    return this.manifest.totalBytes;
  }

  get validator(): string | null {
    return this.manifest.validator;
  }

  get complete(): boolean {
    return this.manifest.complete;
  }

  /** Why the bytes will not outlive this visit although the store is there for that, or null. */
  get problem(): DataError | null {
    return this.storeProblem;
  }

  /** Whether the checked bytes outlive this visit. */
  get kept(): boolean {
    return this.store.persistent && this.complete;
  }

  async stream(): Promise<ReadableStream<Uint8Array> | null> {
    return this.received === 0 ? null : this.store.stream(packedEntry(this.source));
  }

  async append(chunk: Uint8Array): Promise<void> {
    await this.orInMemory(async () => {
      this.writer ??= await this.store.append(packedEntry(this.source));
      await this.writer.write(chunk);
    });
    this.received += chunk.length;
  }

  /** Notes what a response says of the whole file. */
  async describe(totalBytes: number | null, validator: string | null): Promise<void> {
    if (totalBytes === this.totalBytes && validator === this.validator) return;
    await this.save({ ...this.manifest, totalBytes, validator });
  }

  /** Lets go of the entry, so that it can be read. */
  async closeWriter(): Promise<void> {
    const writer = this.writer;
    this.writer = null;
    await this.orInMemory(async () => writer?.close());
  }

  /** After the text has been checked. */
  async markComplete(): Promise<void> {
    await this.closeWriter();
    await this.save({ ...this.manifest, totalBytes: this.received, complete: true });
  }

  /** Forgets all bytes. */
  async discard(): Promise<void> {
    await this.closeWriter();
    this.received = 0;
    this.manifest = emptyManifest(this.source);
    await this.orInMemory(async () => {
      await this.store.remove(manifestEntry(this.source));
      await this.store.remove(packedEntry(this.source));
    });
  }

  private async load(): Promise<void> {
    const manifest = parseManifest(await this.store.read(manifestEntry(this.source)));
    const size = await this.store.size(packedEntry(this.source));
    if (manifest?.url === this.source.url && size !== null && size <= (manifest.totalBytes ?? Infinity)) {
      this.manifest = manifest;
      this.received = size;
    } else if (manifest !== null || size !== null) {
      await this.discard();
    }
  }

  private async save(manifest: Manifest): Promise<void> {
    this.manifest = manifest;
    await this.orInMemory(async () => {
      await this.store.remove(manifestEntry(this.source));
      const writer = await this.store.append(manifestEntry(this.source));
      try {
        await writer.write(new TextEncoder().encode(JSON.stringify(manifest)));
      } finally {
        await writer.close();
      }
    });
  }

  private async orInMemory(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof DataError) || this.storeProblem !== null) throw error;
      await this.moveToMemory(error);
      await action();
    }
  }

  private async moveToMemory(problem: DataError): Promise<void> {
    const full = this.store;
    const memory = new MemoryStore();
    this.storeProblem = problem;
    await this.writer?.close().catch(() => {});
    this.writer = null;
    const bytes = this.received === 0 ? null : await full.read(packedEntry(this.source)).catch(() => null);
    this.store = memory;
    if (bytes !== null) {
      const writer = await memory.append(packedEntry(this.source));
      await writer.write(bytes.subarray(0, this.received));
      await writer.close();
    }
    // What another tab writes is left to it.
    if (problem.code !== 'storage-busy') {
      await full.remove(manifestEntry(this.source)).catch(() => {});
      await full.remove(packedEntry(this.source)).catch(() => {});
    }
    const saved = bytes === null ? 0 : Math.min(bytes.length, this.received);
    if (saved === this.received) return;
    // The store has lost bytes that it had taken: the next attempt goes on from what is left.
    this.received = saved;
    throw new Interruption(problem.message, 'storage', { cause: problem });
  }
}

function emptyManifest(source: TextSource): Manifest {
  return { url: source.url, totalBytes: null, validator: null, complete: false };
}

function parseManifest(bytes: Uint8Array | null): Manifest | null {
  if (bytes === null) return null;
  try {
    const { url, totalBytes, validator, complete } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Manifest>;
    if (typeof url !== 'string' || typeof complete !== 'boolean') return null;
    return {
      url,
      complete,
      totalBytes: typeof totalBytes === 'number' ? totalBytes : null,
      validator: typeof validator === 'string' ? validator : null,
    };
  } catch {
    return null;
  }
}
