import { afterEach, expect, test, vi } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { KeptRunNotices } from '../../../src/ui/run/KeptRunNotices.tsx';
import { READY, shown } from '../support/render.tsx';

afterEach(() => {
  vi.useRealTimers();
});

test('what the browser says of its storage is quoted as a sentence', () => {
  for (const message of ['The operation is insecure.', 'The operation is insecure']) {
    const unkept = { why: 'storage' as const, message };
    expect(shown(<KeptRunNotices />, { ...READY, unkept })).toContain('take it: The operation is insecure. It may');
  }
});

test('a run that was given up can be brought back, also where it was the only one', () => {
  const givenUp = { id: 'a', name: 'calm owl' };
  expect(shown(<KeptRunNotices />, { ...READY, givenUp })).toBe('calm owl is deletedBring it back');
});

test('a kept run is told by what it has had on the way as well', () => {
  const { config, preset } = decodeQuery('p=micro');
  const since = new Map([['learningRate', [{ step: 18, from: 900, to: 3e-3 }]] as const]);
  const run = { id: 'a', name: 'calm owl', text: null, config, preset, since, step: 40, bpb: null, keptAt: 0 };
  expect(shown(<KeptRunNotices />, { ...READY, earlier: [run] })).toContain(
    'calm owl Micro: learning rate 900, 3e-3 from step 18step 40 of',
  );
});

test('how long ago a run was kept is counted when that is said', () => {
  const { config, preset } = decodeQuery('p=micro');
  const run = {
    id: 'a',
    name: 'calm owl',
    text: null,
    config,
    preset,
    since: new Map(),
    step: 40,
    bpb: null,
    keptAt: 0,
  };
  for (const [now, words] of [
    [5000, 'kept about 5 s ago'],
    [35_000, 'kept about 35 s ago'],
  ] as const) {
    vi.setSystemTime(now);
    expect(shown(<KeptRunNotices />, { ...READY, earlier: [run] })).toContain(words);
  }
});

test('the limit says of which runs it is: one that stands still may be the sixth', () => {
  const { config, preset } = decodeQuery('p=micro');
  const kept = { name: 'calm owl', text: null, config, preset, since: new Map(), step: 40, bpb: null, keptAt: 0 };
  const earlier = Array.from({ length: 6 }, (_, at) => ({ ...kept, id: String(at) }));
  const text = shown(<KeptRunNotices />, { ...READY, earlier });
  expect(text).toContain('6 earlier runs are kept');
  expect(text).toContain('More than 5 beside the present one are not kept');
});
