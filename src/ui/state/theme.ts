import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

export type Theme = 'auto' | 'light' | 'dark';
export type ThemeStore = StoreApi<{ theme: Theme }>;

const KEY = 'theme';
const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

/** The theme after the present one, round and round. */
export function nextTheme(theme: Theme): Theme {
  return THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
}

/** Starts with the stored choice. Storage may be forbidden; then the choice lasts as long as the page. */
export function createThemeStore(storage: () => Storage, apply: (theme: Theme) => void): ThemeStore {
  const store = createStore<{ theme: Theme }>(() => ({ theme: stored(storage) }));
  apply(store.getState().theme);
  store.subscribe(({ theme }) => {
    apply(theme);
    try {
      storage().setItem(KEY, theme);
    } catch {
      // Nothing is lost but the memory of it.
    }
  });
  return store;
}

function stored(storage: () => Storage): Theme {
  try {
    const text = storage().getItem(KEY);
    return THEMES.find((theme) => theme === text) ?? 'auto';
  } catch {
    return 'auto';
  }
}
