/** What the store uses of the origin private file system, in memory and with a quota, for tests under Node. */
export class FakeFileSystem {
  readonly files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly locked = new Set<string>();
  readonly inWorker: boolean;
  quota = Infinity;

  constructor(inWorker: boolean) {
    this.inWorker = inWorker;
  }

  /** To stand in for navigator.storage. */
  get storageManager(): Pick<StorageManager, 'getDirectory' | 'estimate'> {
    const root = { getDirectoryHandle: async () => this.directory() };
    return {
      getDirectory: async () => root as unknown as FileSystemDirectoryHandle,
      estimate: async () => ({ usage: this.usage(), quota: this.quota }),
    };
  }

  private usage(): number {
    return [...this.files.values()].reduce((sum, bytes) => sum + bytes.length, 0);
  }

  private directory() {
    const { files } = this;
    return {
      getFileHandle: async (name: string, options?: { create?: boolean }) => {
        if (!files.has(name)) {
          if (!options?.create) throw new DOMException('no such file', 'NotFoundError');
          files.set(name, new Uint8Array(0));
        }
        return this.fileHandle(name);
      },
      removeEntry: async (name: string) => {
        if (this.locked.has(name)) throw new DOMException('locked', 'NoModificationAllowedError');
        if (!files.delete(name)) throw new DOMException('no such file', 'NotFoundError');
      },
      async *keys() {
        yield* files.keys();
      },
    };
  }

  private fileHandle(name: string) {
    const getFile = async () => new File([this.files.get(name)!], name);
    if (!this.inWorker) return { name, getFile, createWritable: async () => this.writable(name) };
    return { name, getFile, createSyncAccessHandle: async () => this.syncHandle(name) };
  }

  private lock(name: string): void {
    if (this.locked.has(name)) throw new DOMException('locked', 'NoModificationAllowedError');
    this.locked.add(name);
  }

  /** Writes what fits, as a synchronous handle may, and then gives an error number as Chromium does. */
  private syncHandle(name: string) {
    this.lock(name);
    return {
      getSize: () => this.files.get(name)!.length,
      write: (chunk: Uint8Array, { at }: { at: number }) => {
        const room = Math.max(0, this.quota - this.usage());
        const part = chunk.subarray(0, Math.min(chunk.length, room));
        this.files.set(name, joined(this.files.get(name)!, part, at));
        return part.length === 0 && chunk.length > 0 ? 2 ** 32 - 8 : part.length;
      },
      flush: () => {},
      close: () => this.locked.delete(name),
    };
  }

  /** Shows nothing until it is closed, as a writable stream does. */
  private writable(name: string) {
    let bytes = this.files.get(name)!;
    let position = 0;
    return {
      seek: async (to: number) => {
        position = to;
      },
      write: async (chunk: Uint8Array) => {
        if (this.usage() + chunk.length > this.quota) throw new DOMException('full', 'QuotaExceededError');
        bytes = joined(bytes, chunk, position);
        position += chunk.length;
      },
      close: async () => {
        this.files.set(name, bytes);
      },
    };
  }
}

function joined(bytes: Uint8Array, chunk: Uint8Array, at: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(Math.max(bytes.length, at + chunk.length));
  result.set(bytes);
  result.set(chunk, at);
  return result;
}
