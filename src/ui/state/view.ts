import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

/** Tabs in the order in which they stand; the names are those of the hash, kept forever. */
export const tabIds = ['watch', 'attn', 'text', 'cmp', 'data', 'about'] as const;
export type TabId = (typeof tabIds)[number];

/** What the visitor looks at. `detail` is the open tab's own text for its position; what it means only that tab knows. */
export interface View {
  tab: TabId;
  detail: string;
}

export interface ViewState extends View {
  /** The position in each tab, for when it is opened again. */
  details: Readonly<Record<TabId, string>>;
}

export type ViewStore = StoreApi<ViewState>;

/** Characters that no browser and no messenger encodes in a fragment. */
const DETAIL = /^[\w.~=,:/+-]{0,400}$/;
const HOME: View = { tab: 'watch', detail: '' };
const NOWHERE: ViewState['details'] = { watch: '', attn: '', text: '', cmp: '', data: '', about: '' };

/** `#attn/l2.h1` as a view; null when it names no tab. A detail that cannot be one is left out. */
export function parseHash(hash: string): View | null {
  const [, name, detail = ''] = /^#?([a-z]+)(?:\/([^]*))?$/.exec(hash) ?? [];
  const tab = tabIds.find((id) => id === name);
  if (tab === undefined) return null;
  return { tab, detail: DETAIL.test(detail) ? detail : '' };
}

/** The hash of a view, with its `#`; empty for where every visit begins. */
export function formatHash({ tab, detail }: View): string {
  if (detail !== '') return `#${tab}/${detail}`;
  return tab === HOME.tab ? '' : `#${tab}`;
}

export function createViewStore(hash: string): ViewStore {
  const { tab, detail } = parseHash(hash) ?? HOME;
  return createStore<ViewState>(() => ({ tab, detail, details: { ...NOWHERE, [tab]: detail } }));
}

/** Opens a tab where it was left, or at `detail`. */
export function openTab(store: ViewStore, tab: TabId, detail?: string): void {
  const at = checked(detail ?? store.getState().details[tab]);
  store.setState(({ details }) => ({ tab, detail: at, details: { ...details, [tab]: at } }));
}

/** Says where in a tab the visitor is. The address follows once they rest, and only if that tab is open. */
export function setDetail(store: ViewStore, tab: TabId, detail: string): void {
  checked(detail);
  store.setState((state) =>
    state.details[tab] === detail
      ? state
      : {
          ...state,
          detail: state.tab === tab ? detail : state.detail,
          details: { ...state.details, [tab]: detail },
        },
  );
}

function checked(detail: string): string {
  if (!DETAIL.test(detail)) {
    throw new Error(`view: given the detail "${detail}", needs at most 400 letters, digits or any of _.~=,:/+-`);
  }
  return detail;
}

/** The fragment of the page's address. Hashes are with `#`, or empty. */
export interface HashAddress {
  hash(): string;
  /** Changes the hash of the present history entry. */
  replace(hash: string): void;
  /** Makes a new history entry. */
  push(hash: string): void;
  /** Calls back after `delay` ms unless the function that it returns is called before. */
  later(callback: () => void, delay: number): () => void;
}

const WRITE_DELAY = 350;

/**
 * Keeps view and hash the same: another tab is a history entry, so that Back returns to the one before; a position
 * within a tab changes its entry, once the visitor rests.
 */
export class ViewSync {
  private readonly store: ViewStore;
  private readonly address: HashAddress;
  private cancelWrite: (() => void) | null = null;
  private reading = false;

  constructor(store: ViewStore, address: HashAddress) {
    this.store = store;
    this.address = address;
    store.subscribe((state, before) => {
      if (this.reading || (state.tab === before.tab && state.detail === before.detail)) return;
      if (state.tab === before.tab) {
        this.cancelWrite?.();
        this.cancelWrite = address.later(() => this.write(this.store.getState()), WRITE_DELAY);
      } else {
        if (this.cancelWrite !== null) this.write(before);
        address.push(formatHash(state));
      }
    });
  }

  /** Reads the hash into the view, after Back, Forward or an edit of the address. What names no tab changes nothing. */
  read(): void {
    this.cancelWrite?.();
    this.cancelWrite = null;
    const hash = this.address.hash();
    const view = hash === '' ? HOME : parseHash(hash);
    if (view === null) return;
    this.reading = true;
    openTab(this.store, view.tab, view.detail);
    this.reading = false;
  }

  private write(view: View): void {
    this.cancelWrite?.();
    this.cancelWrite = null;
    const hash = formatHash(view);
    if (hash !== this.address.hash()) this.address.replace(hash);
  }
}
