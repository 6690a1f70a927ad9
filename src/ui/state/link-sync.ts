import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { VERSUS_KEY, withoutRuns } from '../../config/codec/compared-keys.ts';
import { comparisonQuery } from '../../config/codec/compared-runs.ts';
import { CURVE_KEY } from '../../config/codec/curve-key.ts';
import { decodeQuery } from '../../config/codec/decode.ts';
import type { DecodedLink, LinkProblem } from '../../config/codec/decode.ts';
import { embeddedQuery, withoutUi } from '../../config/codec/ui-key.ts';
import { encodeQuery } from '../../config/codec/encode.ts';
import { loadConfig } from './config-store.ts';
import type { ConfigStore } from './config-store.ts';

/** The page's address, as far as a configuration goes. Queries are without `?`. */
export interface Address {
  query(): string;
  /** Changes the address of the present history entry. */
  replace(query: string): void;
  /** Makes a new history entry. */
  push(query: string): void;
  /** Calls back after `delay` ms unless the function that it returns is called before. */
  later(callback: () => void, delay: number): () => void;
}

/** What was wrong with the link that opened the page; null when nothing was, or it has been put aside. */
export type LinkNotice = Pick<DecodedLink, 'problems' | 'ignored' | 'newerVersion' | 'name' | 'versus'> | null;

/** An edit is written once typing has paused; browsers allow about 100 writes in 30 s. */
const WRITE_DELAY = 350;

/** What a link opens that says nothing. */
const UNSAID = encodeQuery(decodeQuery('').config);

/**
 * Whether a link says anything about the run: only a page of which nobody has asked anything may be changed for them. What
 * could not be used was said, too, and the notice names what is used in its place.
 */
export function statesConfig(query: string): boolean {
  const link = decodeQuery(query);
  const keys = new URLSearchParams(query);
  // A curve was measured with the very configuration of its link, be it the default one, and other runs are compared with it.
  return (
    ['p', CURVE_KEY, VERSUS_KEY].some((key) => keys.has(key)) ||
    link.problems.length > 0 ||
    encodeQuery(link.config, link.preset) !== UNSAID
  );
}

/** Keeps form and address the same: edits go into the address, Back and Forward go into the form. */
export class LinkSync {
  readonly notice: StoreApi<{ current: LinkNotice }>;
  private readonly store: ConfigStore;
  private readonly address: Address;
  private cancelWrite: (() => void) | null = null;
  /** The present entry belongs to a run, or holds several: the next edit gets one of its own. */
  private sealed: boolean;
  private loading = false;

  constructor(store: ConfigStore, address: Address) {
    this.store = store;
    this.address = address;
    const link = decodeQuery(address.query());
    this.sealed = link.versus !== undefined;
    this.notice = createStore<{ current: LinkNotice }>(() => ({ current: noticeOf(link) }));
    store.subscribe((state, before) => {
      if (this.loading || (state.config === before.config && state.preset === before.preset)) return;
      this.cancelWrite?.();
      this.cancelWrite = address.later(() => this.flush(), WRITE_DELAY);
    });
  }

  /** The present configuration as a query; never empty, for what a bare address opens depends on the adapter. */
  query(): string {
    const { config, preset } = this.store.getState();
    return encodeQuery(config, preset);
  }

  /** The same with what the link compares it with, as far as that could be read. Curves are left out: they are of what was sent. */
  correctedQuery(): string {
    const { config, preset } = this.store.getState();
    const { name, versus = [] } = this.notice.getState().current ?? {};
    return comparisonQuery([{ config, preset, name }, ...versus.map((run) => ({ ...run, curve: undefined }))]);
  }

  /** The address as a query of the whole page; an edit that is still to be written is in it already. */
  wholeQuery(): string {
    return this.cancelWrite === null ? withoutUi(this.address.query()) : this.wanted;
  }

  /** Whether the address says what the form holds. A curve beside it stays until something is edited. */
  isCurrent(): boolean {
    return this.query() === (this.said === '' ? UNSAID : this.said);
  }

  /** Makes a change that Back undoes as a whole, such as another preset. */
  commit(change: () => void): void {
    this.flush();
    change();
    this.sealed = true;
    this.flush();
  }

  /** From here on Back returns to the present configuration: a run has begun with it. */
  seal(): void {
    this.flush();
    this.sealed = true;
  }

  /** Reads the address into the form, after Back or Forward. */
  read(): void {
    this.cancelPending();
    const link = decodeQuery(this.address.query());
    this.loading = true;
    loadConfig(this.store, link.preset, link.config);
    this.loading = false;
    this.sealed = link.versus !== undefined;
    this.notice.setState({ current: noticeOf(link) });
  }

  /** Adds what turned out later about the link that was read last. */
  report(problem: LinkProblem): void {
    const { name, versus } = decodeQuery(this.address.query());
    const nothing = { problems: [], ignored: [], newerVersion: false, name, versus };
    const { problems, ...rest } = this.notice.getState().current ?? nothing;
    this.notice.setState({ current: { ...rest, problems: [...problems, problem] } });
  }

  dismissNotice(): void {
    this.notice.setState({ current: null });
  }

  /** What the address says of the configuration. */
  private get said(): string {
    return withoutUi(withoutRuns(this.address.query()));
  }

  /** What it is to say: nothing as long as nobody has asked for anything. */
  private get wanted(): string {
    return this.store.getState().touched ? this.query() : '';
  }

  private flush(): void {
    this.cancelPending();
    const { said, wanted } = this;
    // A link with a curve stays as it came until something is changed. One with mistakes says what is used in their place as soon as
    // a run begins or another tab is opened; the notice has named them.
    if (said === wanted) return;
    const query = decodeQuery(this.address.query()).embedded ? embeddedQuery(wanted) : wanted;
    if (this.sealed) this.address.push(query);
    else this.address.replace(query);
    this.sealed = false;
  }

  private cancelPending(): void {
    this.cancelWrite?.();
    this.cancelWrite = null;
  }
}

function noticeOf({ problems, ignored, newerVersion, name, versus }: DecodedLink): LinkNotice {
  const isSound = problems.length === 0 && ignored.length === 0 && !newerVersion;
  return isSound ? null : { problems, ignored, newerVersion, name, versus };
}
