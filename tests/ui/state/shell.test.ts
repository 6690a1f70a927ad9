import { expect, test } from 'vitest';
import { createShellStore } from '../../../src/ui/state/shell.ts';
import { memoryStorage } from '../support/memory-storage.ts';

test('that shortcuts are unwanted is remembered, and forgotten when they are wanted again', () => {
  const storage = memoryStorage();
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
  expect(store.getState().shortcuts).toBe(true);
  store.setState({ shortcuts: false });

  expect(store.getState().shortcuts).toBe(false);
});
