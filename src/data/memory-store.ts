import type { ByteStore, ByteWriter } from './byte-store.ts';

/** A store that lasts as long as the object: for tests, Node, and browsers without a private file system. */
export class MemoryStore implements ByteStore {
  readonly persistent = false;
  private readonly entries = new Map<string, Uint8Array<ArrayBuffer>[]>();

  async size(name: string): Promise<number | null> {
    return this.entries.get(name)?.reduce((size, chunk) => size + chunk.length, 0) ?? null;
  }

  async read(name: string): Promise<Uint8Array | null> {
    const blob = this.blob(name);
    return blob && new Uint8Array(await blob.arrayBuffer());
  }

  async stream(name: string): Promise<ReadableStream<Uint8Array> | null> {
    return this.blob(name)?.stream() ?? null;
  }

  async append(name: string): Promise<ByteWriter> {
    const chunks = this.entries.get(name) ?? [];
    this.entries.set(name, chunks);
    return {
      async write(chunk) {
        chunks.push(chunk.slice());
      },
      async close() {},
    };
  }

  async remove(name: string): Promise<void> {
    this.entries.delete(name);
  }

  async list(): Promise<string[]> {
    return [...this.entries.keys()];
  }

  private blob(name: string): Blob | null {
    const chunks = this.entries.get(name);
    return chunks ? new Blob(chunks) : null;
  }
}
