import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { ShortText } from '../../../src/ui/data/ShortText.tsx';
import { startBlocker } from '../../../src/ui/state/start-blocker.ts';
import { mobyDick } from '../support/fake-worker.ts';
import { READY, shown } from '../support/render.tsx';

const QUERY = 'p=micro&ds=own&n=32';

/** A page with a text of so many bytes. */
function withText(bytes: number) {
  const parts = { trainBytes: Math.floor(0.9 * bytes), validationBytes: Math.floor(bytes / 20) };
  const corpus = { ...mobyDick, dataset: 'own' as const, name: 'short.txt', bytes, ...parts };
  const state = { ...READY, corpus };
  const form = { config: decodeQuery(QUERY).config, drafts: {} };
  return {
    said: shown(<ShortText />, state, QUERY),
    blocker: startBlocker(form, { adapter: READY.adapter!, corpus, loading: null }),
  };
}

test('a text that is too short says how long it is, how long it has to be, and which context it has room for', () => {
  const { said, blocker } = withText(100);
  expect(said).toContain('text &quot;short.txt&quot;: given 100 bytes, needs at least 660 bytes, so that its');
  expect(said).toMatch(/validation part \(5 bytes\) holds a context of 32 bytes and the byte after it\.Use context 4$/);
  expect(blocker).toEqual({
    reason: 'The text is too short: 100 of 660 bytes.',
    control: 'contextLength',
  });
});

test('a text that is too short for any context leads to other texts', () => {
  const { said, blocker } = withText(11);
  expect(said).toContain('No context is so short that it would do.');
  expect(blocker!.control).toBe('dataset');
});

test('nothing is said of a text that is long enough', () => {
  expect(withText(660)).toEqual({ said: '', blocker: null });
});
