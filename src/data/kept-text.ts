import type { ByteStore } from './byte-store.ts';

/** A short text that outlives the process. Both methods reject when the storage fails. */
export interface KeptText {
  /** Null when there is none. */
  read(): Promise<string | null>;
  /** Puts `text` in the place of what was kept. */
  write(text: string): Promise<void>;
}

/**
 * The entry `name` of a store as a text. It is not replaced in one step: a tab that is closed meanwhile, or two tabs that
 * write at once, may leave none or a broken one.
 */
export function storedText(open: () => Promise<ByteStore>, name: string): KeptText {
  return {
    async read() {
      const store = await open();
      const bytes = await store.read(name);
      return bytes && new TextDecoder().decode(bytes);
    },
    async write(text) {
      const store = await open();
      await store.remove(name);
      const writer = await store.append(name);
      try {
        await writer.write(new TextEncoder().encode(text));
      } finally {
        await writer.close();
      }
    },
  };
}
