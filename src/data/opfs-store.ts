import type { ByteStore, ByteWriter } from './byte-store.ts';
import { DataError } from './data-error.ts';
import { openOpfsWriter } from './opfs-writer.ts';
import { storageError } from './storage-error.ts';

/**
 * A store in the origin private file system: kept until the visitor clears the site's data or the browser evicts it.
 * A DataError when the browser has none (no secure context, some private windows).
 */
export async function openOpfsStore(directoryName: string): Promise<ByteStore> {
  const storage = (globalThis.navigator as Navigator | undefined)?.storage;
  if (!storage?.getDirectory) {
    throw new DataError('storage', 'storage: this browser offers no private file system here');
  }
  try {
    const root = await storage.getDirectory();
    return new OpfsStore(await root.getDirectoryHandle(directoryName, { create: true }));
  } catch (error) {
    throw await storageError(error, directoryName);
  }
}

class OpfsStore implements ByteStore {
  readonly persistent = true;
  private readonly directory: FileSystemDirectoryHandle;

  constructor(directory: FileSystemDirectoryHandle) {
    this.directory = directory;
  }

  async size(name: string): Promise<number | null> {
    return (await this.file(name))?.size ?? null;
  }

  async read(name: string): Promise<Uint8Array | null> {
    const file = await this.file(name);
    return file && translated(name, async () => new Uint8Array(await file.arrayBuffer()));
  }

  async stream(name: string): Promise<ReadableStream<Uint8Array> | null> {
    return (await this.file(name))?.stream() ?? null;
  }

  append(name: string): Promise<ByteWriter> {
    return translated(name, async () => openOpfsWriter(await this.directory.getFileHandle(name, { create: true })));
  }

  async remove(name: string): Promise<void> {
    await translated(name, async () => {
      try {
        await this.directory.removeEntry(name);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    });
  }

  list(): Promise<string[]> {
    return translated('*', async () => {
      const names: string[] = [];
      for await (const name of this.directory.keys()) names.push(name);
      return names;
    });
  }

  private file(name: string): Promise<File | null> {
    return translated(name, async () => {
      try {
        const handle = await this.directory.getFileHandle(name);
        return await handle.getFile();
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    });
  }
}

async function translated<T>(name: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw await storageError(error, name);
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'NotFoundError';
}
