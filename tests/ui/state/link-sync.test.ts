import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { choosePreset, createConfigStore, writeControl } from '../../../src/ui/state/config-store.ts';
import type { ConfigStore } from '../../../src/ui/state/config-store.ts';
import { runControl } from '../../../src/ui/state/controls.ts';
import { LinkSync, statesConfig } from '../../../src/ui/state/link-sync.ts';
import type { Address } from '../../../src/ui/state/link-sync.ts';

/** An address bar with its history, whose timers run when told to. */
class FakeAddress implements Address {
  entries: string[];
  at = 0;
  writes = 0;
  private timers: (() => void)[] = [];

  constructor(query: string) {
    this.entries = [query];
  }

  query(): string {
    return this.entries[this.at];
  }

  replace(query: string): void {
    this.writes++;
    this.entries[this.at] = query;
  }

  push(query: string): void {
    this.writes++;
    this.entries = [...this.entries.slice(0, ++this.at), query];
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

function open(query = ''): { address: FakeAddress; store: ConfigStore; link: LinkSync } {
  const address = new FakeAddress(query);
  const { config, preset } = decodeQuery(query);
  const store = createConfigStore(preset, config, statesConfig(query));
  return { address, store, link: new LinkSync(store, address) };
}

test('an untouched page leaves its address alone', () => {
  const { address } = open();

  address.pass();

  expect([address.query(), address.writes]).toEqual(['', 0]);
});

test('the default preset is named once somebody has chosen it, so that a reload has it again', () => {
  const { address, store, link } = open();
  link.seal();
  expect([address.query(), address.writes]).toEqual(['', 0]);
  link.commit(() => choosePreset(store, 'micro'));
  link.commit(() => choosePreset(store, 'quick'));
  expect(address.query()).toBe('v=1&p=quick');
  expect(statesConfig(address.query())).toBe(true);
});

test('what is shared names the preset, whoever chose it', () => {
  const { link } = open();
  expect(link.query()).toBe('v=1&p=quick');
});

test('Back to a bare address is the default preset, and another tab there changes nothing', () => {
  const { address, store, link } = open();
  link.commit(() => choosePreset(store, 'two'));
  address.at = 0;
  expect(link.isCurrent()).toBe(false);
  link.read();
  expect([store.getState().preset, link.isCurrent()]).toEqual(['quick', true]);
});

test('many edits in a row are one write into the present entry', () => {
  const { address, store } = open();

  for (let batch = 2; batch <= 100; batch++) writeControl(store, runControl('batchSize'), String(batch));
  expect(address.writes).toBe(0);
  address.pass();

  expect(address.entries).toEqual(['v=1&p=quick&b=100']);
  expect(address.writes).toBe(1);
});

test('presets make entries, edits change theirs, and Back and Forward restore the whole form', () => {
  const { address, store, link } = open();
  link.commit(() => choosePreset(store, 'two'));
  writeControl(store, runControl('batchSize'), '4');
  link.commit(() => choosePreset(store, 'flat'));

  expect(address.entries).toEqual(['', 'v=1&p=two&b=4', 'v=1&p=flat']);

  address.at = 1;
  link.read();
  expect(store.getState().config).toEqual(decodeQuery('p=two&b=4').config);
  expect(store.getState().preset).toBe('two');
  address.at = 2;
  link.read();
  expect(store.getState().config).toEqual(presetConfig('flat'));
  address.pass();
  expect(address.entries).toHaveLength(3);
});

test('the first edit after a run has begun gets an entry of its own', () => {
  const { address, store, link } = open();
  writeControl(store, runControl('batchSize'), '4');
  link.seal();

  writeControl(store, runControl('batchSize'), '2');
  address.pass();
  writeControl(store, runControl('batchSize'), '1');
  address.pass();

  expect(address.entries).toEqual(['v=1&p=quick&b=4', 'v=1&p=quick&b=1']);
});

test('a link with mistakes is reported, kept until something changes, and its report can be put away', () => {
  const { address, store, link } = open('b=-5&zz=1');

  expect(link.notice.getState().current).toMatchObject({
    problems: [{ key: 'b' }],
    ignored: ['zz'],
    newerVersion: false,
  });
  address.pass();
  expect(address.query()).toBe('b=-5&zz=1');
  writeControl(store, runControl('steps'), '50');
  address.pass();
  expect(address.query()).toBe('v=1&p=quick&st=50');
  link.dismissNotice();
  expect(link.notice.getState().current).toBeNull();
});

test('Back to a link with mistakes reports them again and leaves it as it is', () => {
  const { address, store, link } = open('b=-5&zz=1');
  link.commit(() => choosePreset(store, 'two'));
  link.dismissNotice();
  address.entries[0] = 'b=-5&zz=1';
  address.at = 0;
  link.read();
  address.pass();
  expect(link.notice.getState().current).toMatchObject({ problems: [{ key: 'b' }], ignored: ['zz'] });
  expect(address.query()).toBe('b=-5&zz=1');
});

test('a curve stays in the address until the configuration is edited', () => {
  const { address, store, link } = open('v=1&p=two&r=abc');
  expect(link.isCurrent()).toBe(true);
  link.seal();
  expect(address.writes).toBe(0);

  writeControl(store, runControl('batchSize'), '4');
  address.pass();
  expect(address.entries).toEqual(['v=1&p=two&r=abc', 'v=1&p=two&b=4']);

  address.at = 0;
  link.read();
  expect([store.getState().config, link.query()]).toEqual([presetConfig('two'), 'v=1&p=two']);
  expect(link.notice.getState().current).toBeNull();
});

test('the form of the page stays in the address whatever is edited, and is in no link that is shared', () => {
  const { address, store, link } = open('v=1&p=two&ui=embed&r=abc');
  expect([link.isCurrent(), link.query(), address.writes]).toEqual([true, 'v=1&p=two', 0]);
  link.seal();
  expect(address.writes).toBe(0);

  writeControl(store, runControl('batchSize'), '4');
  address.pass();
  link.commit(() => choosePreset(store, 'micro'));
  expect(address.entries).toEqual(['v=1&p=two&ui=embed&r=abc', 'v=1&p=two&b=4&ui=embed', 'v=1&p=micro&ui=embed']);
  expect([link.query(), link.notice.getState().current]).toEqual(['v=1&p=micro', null]);

  address.at = 1;
  link.read();
  expect([store.getState().config.training.batchSize, link.isCurrent()]).toEqual([4, true]);
});

test('a bare page that is a part of another one says nothing else until something is chosen', () => {
  const { address, store, link } = open('ui=embed');
  expect([link.isCurrent(), statesConfig('ui=embed')]).toEqual([true, false]);
  link.seal();
  expect(address.writes).toBe(0);
  link.commit(() => choosePreset(store, 'micro'));
  expect(address.query()).toBe('v=1&p=micro&ui=embed');
});

test('the whole page has the address as it is but for the form, and an edit before it is written', () => {
  const { address, store, link } = open('b=-5&ui=embed&r=abc');
  expect(link.wholeQuery()).toBe('b=-5&r=abc');
  writeControl(store, runControl('batchSize'), '4');
  expect([address.query(), link.wholeQuery()]).toEqual(['b=-5&ui=embed&r=abc', 'v=1&p=quick&b=4']);
  address.pass();
  expect([address.query(), link.wholeQuery()]).toEqual(['v=1&p=quick&b=4&ui=embed', 'v=1&p=quick&b=4']);
});

test('a form that the page does not have is gone with the first edit', () => {
  const { address, store, link } = open('b=4&ui=x');
  expect(link.notice.getState().current).toMatchObject({ problems: [{ key: 'ui', given: 'x' }], ignored: [] });
  writeControl(store, runControl('batchSize'), '2');
  address.pass();
  expect(address.query()).toBe('v=1&p=quick&b=2');
});

test('what turns out later about a link is added to its report', () => {
  const { link } = open('b=-5&zz=1');
  link.report({ key: 'r', given: 'x', used: '', message: 'no curve' });
  expect(link.notice.getState().current).toMatchObject({
    problems: [{ key: 'b' }, { message: 'no curve' }],
    ignored: ['zz'],
  });
  link.dismissNotice();
  link.report({ key: 'r', given: 'x', used: '', message: 'no curve' });
  expect(link.notice.getState().current).toMatchObject({ problems: [{ message: 'no curve' }], ignored: [] });
});

test('a link states a configuration when it names a preset, changes a setting, or has a curve or another run', () => {
  expect(['p=quick', 'b=4', 'ds=enwik8', 'h=1', 'r=abc', 'vs=sd:1'].map(statesConfig)).toEqual(Array(6).fill(true));
  expect(['', 'v=1', 'utm_source=x'].map(statesConfig)).toEqual([false, false, false]);
  // The notice says which batch is used in its place: that of the preset that opens.
  expect(['b=-5', 'p=huge'].map(statesConfig)).toEqual([true, true]);
});

test('a link to several runs stays as it came, and an edit leaves it for Back', () => {
  const query = 'v=1&p=two&nm=mine&r=abc&vs=p:flat,r:abc&vs=p:micro';
  const { address, store, link } = open(query);
  expect([link.isCurrent(), link.query(), link.notice.getState().current]).toEqual([true, 'v=1&p=two', null]);
  writeControl(store, runControl('batchSize'), '4');
  address.pass();
  expect(address.entries).toEqual([query, 'v=1&p=two&b=4']);
  address.at = 0;
  link.read();
  link.seal();
  expect(address.entries).toEqual([query, 'v=1&p=two&b=4']);
  writeControl(store, runControl('batchSize'), '2');
  address.pass();
  expect(address.entries).toEqual([query, 'v=1&p=two&b=2']);
});

test('a corrected link has all runs with what is used in place of mistakes, and no curves', () => {
  const { link } = open('p=two&b=-4&nm=mine&r=abc&vs=p:flat,b:-5,lr:1e-4,nm:plain,r:abc&vs=x&vs=p:micro,zz:3');
  expect(link.correctedQuery()).toBe('v=1&p=two&nm=mine&vs=p:flat,lr:1e-4,nm:plain&vs=p:micro');
  expect(decodeQuery(link.correctedQuery())).toMatchObject({ problems: [], ignored: [] });
  const { link: sound } = open('p=two&vs=p:flat,r:AAAA');
  sound.report({ key: 'vs', given: 'AAAA', used: '', message: 'no curve' });
  expect(sound.correctedQuery()).toBe('v=1&p=two&vs=p:flat');
});
