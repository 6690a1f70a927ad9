/** Writes to the end of one entry of a store. Chunks may be reused as soon as write resolves. */
export interface ByteWriter {
  /** DataError `storage-full` when there is no room; what was written before stays. */
  write(chunk: Uint8Array): Promise<void>;
  /** Must be called once, also after a failed write: it lets go of the entry. */
  close(): Promise<void>;
}

/** Named runs of bytes that are kept. All methods throw a DataError of a `storage` code when the storage fails. */
export interface ByteStore {
  /** Whether the entries outlive this visit. */
  readonly persistent: boolean;
  /** Length in bytes, or null when there is no such entry. */
  size(name: string): Promise<number | null>;
  /** The whole entry, or null when there is no such entry. */
  read(name: string): Promise<Uint8Array | null>;
  /** The entry in chunks, or null when there is no such entry. */
  stream(name: string): Promise<ReadableStream<Uint8Array> | null>;
  /** Opens an entry to write behind its last byte; creates it when there is none. */
  append(name: string): Promise<ByteWriter>;
  /** Removes an entry; no error when there is none. */
  remove(name: string): Promise<void>;
  list(): Promise<string[]>;
}
