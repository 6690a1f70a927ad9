import { expect, test } from 'vitest';
import { createShellStore } from '../../../src/ui/state/shell.ts';

function fakeStorage(): Storage {
  const entries = new Map<string, string>();
  return {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
    removeItem: (key: string) => void entries.delete(key),
  } as Storage;
}

test('that shortcuts are unwanted is remembered, and forgotten when they are wanted again', () => {
  const storage = fakeStorage();
  createShellStore(() => storage).setState({ shortcuts: false });
  const second = createShellStore(() => storage);

  expect(second.getState().shortcuts).toBe(false);
  second.setState({ shortcuts: true });
  expect(createShellStore(() => storage).getState().shortcuts).toBe(true);
});

test('forbidden storage is no hindrance', () => {
  const store = createShellStore(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  store.setState({ shortcuts: false });

  expect(store.getState().shortcuts).toBe(false);
});
