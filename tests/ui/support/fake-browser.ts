import { vi } from 'vitest';

/** What the browser's database holds. */
export const stored = new Map<string, unknown>();

/** In place of idb-keyval. Like the database it has copies of its own of all that is written. */
export const fakeDatabase = {
  createStore: () => null,
  keys: async () => [...stored.keys()],
  get: async (key: string) => stored.get(key),
  getMany: async (keys: string[]) => keys.map((key) => stored.get(key)),
  set: async (key: string, value: unknown) => void stored.set(key, structuredClone(value)),
  setMany: vi.fn<(pairs: [string, unknown][]) => Promise<void>>(async (pairs) =>
    pairs.forEach(([key, value]) => stored.set(key, structuredClone(value))),
  ),
  delMany: async (keys: string[]) => keys.forEach((key) => stored.delete(key)),
};

/** Names of the locks that any page has. */
export const held = new Set<string>();

/** What a navigator has of locks. */
export const fakeLocks = {
  query: async () => ({ held: [...held].map((name) => ({ name })) }),
  request: async (name: string, _: object, granted: (lock: object | null) => unknown) => {
    await Promise.resolve();
    if (held.has(name)) return granted(null);
    held.add(name);
    try {
      return await granted({ name });
    } finally {
      held.delete(name);
    }
  },
};
