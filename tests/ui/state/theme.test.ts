import { expect, test } from 'vitest';
import { createThemeStore, nextTheme } from '../../../src/ui/state/theme.ts';
import type { Theme } from '../../../src/ui/state/theme.ts';

function fakeStorage(values: Record<string, string>): Storage {
  return {
    getItem: (key: string) => values[key] ?? null,
    setItem: (key: string, value: string) => {
      values[key] = value;
    },
  } as Storage;
}

test('the chosen theme is applied and remembered', () => {
  const values: Record<string, string> = {};
  const applied: Theme[] = [];
  const store = createThemeStore(
    () => fakeStorage(values),
    (theme) => applied.push(theme),
  );
  store.setState({ theme: 'dark' });

  expect(applied).toEqual(['auto', 'dark']);
  expect(
    createThemeStore(
      () => fakeStorage(values),
      () => {},
    ).getState().theme,
  ).toBe('dark');
});

test('a page without storage, or with nonsense in it, follows the system', () => {
  const forbidden = (): Storage => {
    throw new DOMException('denied', 'SecurityError');
  };
  const store = createThemeStore(forbidden, () => {});
  store.setState({ theme: 'light' });

  expect(store.getState().theme).toBe('light');
  expect(
    createThemeStore(
      () => fakeStorage({ theme: 'pink' }),
      () => {},
    ).getState().theme,
  ).toBe('auto');
});

test('the themes go round', () => {
  expect((['auto', 'light', 'dark'] as const).map(nextTheme)).toEqual(['light', 'dark', 'auto']);
});
