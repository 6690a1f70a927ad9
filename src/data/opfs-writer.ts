import type { ByteWriter } from './byte-store.ts';
import { DataError } from './data-error.ts';
import { formatBytes } from '../text/format-bytes.ts';
import { storageError } from './storage-error.ts';

/** A writable stream keeps nothing until it is closed, so it is closed and opened again each time so much is written. */
const COMMIT_BYTES = 8 * 2 ** 20;

/** Appends to a file by a synchronous handle, which only workers have, or else by a writable stream. */
export async function openOpfsWriter(handle: FileSystemFileHandle): Promise<ByteWriter> {
  if (typeof handle.createSyncAccessHandle === 'function') {
    return new SyncWriter(handle.name, await handle.createSyncAccessHandle());
  }
  if (typeof handle.createWritable === 'function') return new CommittingWriter(handle, (await handle.getFile()).size);
  throw new DataError('storage', 'storage: this browser can write to its private file system only in a worker');
}

class SyncWriter implements ByteWriter {
  private readonly name: string;
  private readonly handle: FileSystemSyncAccessHandle;
  private position: number;

  constructor(name: string, handle: FileSystemSyncAccessHandle) {
    this.name = name;
    this.handle = handle;
    this.position = handle.getSize();
  }

  async write(chunk: Uint8Array): Promise<void> {
    let rest = chunk as Uint8Array<ArrayBuffer>;
    try {
      while (rest.length > 0) {
        const written = this.handle.write(rest, { at: this.position });
        // Chromium gives its error number, taken as unsigned, when the disk or the quota is full.
        if (written === 0 || written > rest.length) throw new DOMException('nothing was written', 'QuotaExceededError');
        this.position += written;
        rest = rest.subarray(written);
      }
    } catch (error) {
      throw await storageError(error, this.name);
    }
  }

  async close(): Promise<void> {
    try {
      this.handle.flush();
      checkSize(this.name, this.handle.getSize(), this.position);
    } catch (error) {
      throw await storageError(error, this.name);
    } finally {
      this.handle.close();
    }
  }
}

class CommittingWriter implements ByteWriter {
  private readonly handle: FileSystemFileHandle;
  private position: number;
  private stream: FileSystemWritableFileStream | null = null;
  private uncommitted = 0;

  constructor(handle: FileSystemFileHandle, position: number) {
    this.handle = handle;
    this.position = position;
  }

  async write(chunk: Uint8Array): Promise<void> {
    try {
      this.stream ??= await this.open();
      await this.stream.write(chunk as Uint8Array<ArrayBuffer>);
      this.position += chunk.length;
      this.uncommitted += chunk.length;
      if (this.uncommitted >= COMMIT_BYTES) await this.commit();
    } catch (error) {
      throw await storageError(error, this.handle.name);
    }
  }

  async close(): Promise<void> {
    try {
      await this.commit();
      checkSize(this.handle.name, (await this.handle.getFile()).size, this.position);
    } catch (error) {
      throw await storageError(error, this.handle.name);
    }
  }

  private async open(): Promise<FileSystemWritableFileStream> {
    const stream = await this.handle.createWritable({ keepExistingData: true });
    await stream.seek(this.position);
    return stream;
  }

  private async commit(): Promise<void> {
    const stream = this.stream;
    this.stream = null;
    this.uncommitted = 0;
    await stream?.close();
  }
}

function checkSize(name: string, given: number, needed: number): void {
  if (given === needed) return;
  throw new DataError(
    'storage',
    `storage: "${name}" holds ${formatBytes(given)} after writing, needs ${formatBytes(needed)}`,
  );
}
