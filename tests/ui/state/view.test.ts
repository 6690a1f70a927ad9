import { expect, test } from 'vitest';
import { createViewStore, formatHash, openTab, parseHash, setDetail, ViewSync } from '../../../src/ui/state/view.ts';
import type { HashAddress, ViewStore } from '../../../src/ui/state/view.ts';

/** An address bar with its history, whose timers run when told to. */
class FakeAddress implements HashAddress {
  entries: string[];
  at = 0;
  writes = 0;
  private timers: (() => void)[] = [];

  constructor(hash: string) {
    this.entries = [hash];
  }

  hash(): string {
    return this.entries[this.at];
  }

  replace(hash: string): void {
    this.writes++;
    this.entries[this.at] = hash;
  }

  push(hash: string): void {
    this.writes++;
    this.entries = [...this.entries.slice(0, ++this.at), hash];
  }

  later(callback: () => void): () => void {
    this.timers.push(callback);
    return () => {
      this.timers = this.timers.filter((timer) => timer !== callback);
    };
  }

  pass(): void {
    const due = this.timers;
    this.timers = [];
    for (const timer of due) timer();
  }
}

function open(hash = ''): { address: FakeAddress; store: ViewStore; sync: ViewSync } {
  const address = new FakeAddress(hash);
  const store = createViewStore(hash);
  return { address, store, sync: new ViewSync(store, address) };
}

test('a view and its hash say the same', () => {
  for (const [hash, view] of [
    ['', { tab: 'watch', detail: '' }],
    ['#watch/x=bytes.log', { tab: 'watch', detail: 'x=bytes.log' }],
    ['#attn/l2.h1.k1.q118.dist', { tab: 'attn', detail: 'l2.h1.k1.q118.dist' }],
    ['#cmp', { tab: 'cmp', detail: '' }],
  ] as const) {
    expect(formatHash(view)).toBe(hash);
    expect(createViewStore(hash).getState()).toMatchObject(view);
  }
});

test('a hash that is none of ours opens the first tab and stays as it is', () => {
  const strange = ['#', '#zz', '#__proto__', '#constructor/x', '#ATTN', '#attn=1', '#%E0%A4', `#${'a'.repeat(20_000)}`];
  for (const hash of strange) {
    const { store, sync, address } = open(hash);
    sync.read();
    address.pass();

    expect(parseHash(hash)).toBeNull();
    expect(store.getState()).toMatchObject({ tab: 'watch', detail: '' });
    expect(address.entries).toEqual([hash]);
  }
});

test('a detail that is none is left out, its tab is opened', () => {
  const hostile = ['<script>', '%3Cscript%3E', 'a b', 'x'.repeat(401), 'line\nbreak', '\u202E'];
  for (const detail of hostile) expect(parseHash(`#attn/${detail}`)).toEqual({ tab: 'attn', detail: '' });
});

test('each tab that is opened is an entry, and Back and Forward return to it and to the place in it', () => {
  const { address, store, sync } = open();
  openTab(store, 'attn', 'l2');
  openTab(store, 'data');

  expect(address.entries).toEqual(['', '#attn/l2', '#data']);

  address.at = 1;
  sync.read();
  expect(store.getState()).toMatchObject({ tab: 'attn', detail: 'l2' });
  address.at = 0;
  sync.read();
  expect(store.getState()).toMatchObject({ tab: 'watch', detail: '' });
  address.at = 2;
  sync.read();
  address.pass();
  expect(store.getState().tab).toBe('data');
  expect(address.entries).toEqual(['', '#attn/l2', '#data']);
});

test('many moves within a tab are one write into its entry', () => {
  const { address, store } = open('#attn');
  for (let query = 0; query < 200; query++) setDetail(store, 'attn', `q${query}`);
  expect(address.writes).toBe(0);
  address.pass();

  expect(address.entries).toEqual(['#attn/q199']);
  expect(address.writes).toBe(1);
});

test('a move just before another tab is opened is kept in the entry that is left', () => {
  const { address, store } = open('#attn');
  setDetail(store, 'attn', 'q7');
  openTab(store, 'text');
  address.pass();

  expect(address.entries).toEqual(['#attn/q7', '#text']);
});

test('a tab that is opened again is where it was left', () => {
  const { store } = open('#attn/q7');
  openTab(store, 'watch');
  setDetail(store, 'attn', 'q9');

  expect(store.getState()).toMatchObject({ tab: 'watch', detail: '' });
  openTab(store, 'attn');
  expect(store.getState()).toMatchObject({ tab: 'attn', detail: 'q9' });
});

test('opening the open tab writes nothing', () => {
  const { address, store } = open('#data');
  openTab(store, 'data');
  address.pass();

  expect(address.writes).toBe(0);
});

test('a detail that a link could not carry is refused', () => {
  const { store } = open();
  expect(() => setDetail(store, 'text', 'two words')).toThrow('view: given the detail "two words", needs');
});
