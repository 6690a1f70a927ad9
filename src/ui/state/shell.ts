import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

/** What surrounds the tabs. */
export interface ShellState {
  dialog: 'share' | 'keys' | null;
  /** Whether settings stand beside the tabs. Where there is no room for that they are a drawer, whatever this says. */
  configure: boolean;
  /** What settings are searched for, as typed. */
  search: string;
  /** Whether single characters are shortcuts; some speech input and some hands type them unasked. */
  shortcuts: boolean;
  /** Whether the screen is to stay on while a run trains. */
  stayAwake: boolean;
}

export type ShellStore = StoreApi<ShellState>;

const KEY = 'shortcuts';
const OFF = 'off';

/** Remembers whether shortcuts are wanted. Storage may be forbidden; then that lasts as long as the page. */
export function createShellStore(storage: () => Storage): ShellStore {
  const store = createStore<ShellState>(() => ({
    dialog: null,
    configure: true,
    search: '',
    shortcuts: wanted(storage),
    stayAwake: false,
  }));
  store.subscribe(({ shortcuts }, before) => {
    if (shortcuts === before.shortcuts) return;
    try {
      if (shortcuts) storage().removeItem(KEY);
      else storage().setItem(KEY, OFF);
    } catch {
      // Nothing is lost but the memory of it.
    }
  });
  return store;
}

function wanted(storage: () => Storage): boolean {
  try {
    return storage().getItem(KEY) !== OFF;
  } catch {
    return true;
  }
}
