import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { initialTextState } from '../../../src/ui/state/text.ts';
import type { WrittenBy as By, Writing } from '../../../src/ui/state/text.ts';
import { TextTab } from '../../../src/ui/text/TextTab.tsx';
import { WrittenBy } from '../../../src/ui/text/WrittenBy.tsx';
import { WrittenTexts } from '../../../src/ui/text/WrittenTexts.tsx';
import { markup, READY, recordedQuick, shown } from '../support/render.tsx';

const trained = (query: string) => ({
  ...READY,
  config: decodeQuery(query).config,
  runId: 1,
  phase: { name: 'paused' as const },
});

const row = (query: string, by: By): string => markup(<WrittenBy />, trained(query), query, { text: { by } });

/** Labels of the choices, and the one that is made. */
function choices(html: string): { labels: string[]; chosen: string | undefined } {
  const options = [...html.matchAll(/<input[^>]*type="radio"[^>]*><span>([^<]*)<\/span>/g)];
  return { labels: options.map(([, label]) => label), chosen: options.find(([tag]) => tag.includes('checked'))?.[1] };
}

test('a model can write by all hierarchies, without each, or in all of these ways', () => {
  const html = row('', 4);
  expect(choices(html)).toEqual({ labels: ['all', 'without 1×', 'without 4×', 'each of these'], chosen: 'without 4×' });
  expect(html).toContain('role="radiogroup" aria-labelledby="written-by-label" aria-describedby="written-by-hint"');
  expect(html).toContain('--segment:var(--hue-4)');
  expect(row('', 'all')).not.toContain('written-by-hint');
});

test('a hierarchy that the model has not cannot be chosen', () => {
  expect(choices(row('', 8)).chosen).toBe('all');
});

test('with one hierarchy, or without merges, there is no such choice', () => {
  expect(row('h=1-d16-wf', 'each')).toBe('');
  expect(row('am=1', 'each')).toBe('');
});

test('a recorded run offers none either', () => {
  const state = { ...READY, recorded: recordedQuick, config: recordedQuick.config };
  expect(shown(<TextTab />, state)).toContain('A recording cannot continue a text.');
  expect(shown(<TextTab />, state)).not.toContain('without 4×');
});

function writing(requestId: number, without: number | null, changes: Partial<Writing> = {}): Writing {
  return {
    requestId,
    runId: 1,
    without,
    hadChoice: true,
    step: 300,
    lastStep: 300,
    prompt: encodeText('Call me '),
    bytes: encodeText('Ishmael'),
    settings: { ...initialTextState.settings, length: 7 },
    askedAt: 0,
    first: { at: 20, bytes: 1 },
    last: { at: 1000, bytes: 7 },
    status: 'done',
    failure: null,
    ...changes,
  };
}

const texts = (...writings: Writing[]): string => shown(<WrittenTexts writings={writings} />, trained(''));

test('a text says which hierarchies wrote it, where that could have been others', () => {
  expect(texts(writing(1, 4))).toMatch(/^without 4× · 7 of 7 bytes/);
  expect(texts(writing(1, null))).toMatch(/^by all · 7 of 7 bytes/);
  expect(texts(writing(1, null, { hadChoice: false }))).toMatch(/^7 of 7 bytes/);
  expect(texts(writing(1, 4))).toContain('what the model, as it is now with all hierarchies, expects');
});

test('texts by each stand below one another, and those to come wait', () => {
  const waiting = writing(3, 4, { status: 'waiting', first: null, last: null, step: null, lastStep: null });
  const html = texts(writing(1, null), writing(2, 1, { status: 'writing' }), waiting);
  expect(html).toMatch(/by all · .*without 1× · .*without 4× · Waits for the text above/s);
  expect(html).toContain('Writing, without 1×.');
  expect(texts(writing(1, null), writing(2, 1), writing(3, 4))).toContain('3 texts written, done.');
});

test('a text that there was no memory for says why', () => {
  const nothing = { bytes: new Uint8Array(0), first: null, last: null, status: 'failed' as const };
  const html = texts(writing(1, null), writing(2, 1, { ...nothing, failure: 'text: not enough memory' }));
  expect(html).toContain('no memory');
  expect(html).toContain('The text could not be written: text: not enough memory');
});

test('texts that training has gone on between are not called those of one model', () => {
  expect(texts(writing(1, null), writing(2, 4))).not.toContain('Training went on');
  expect(texts(writing(1, null), writing(2, 4, { step: 310, lastStep: 310 }))).toContain('Pause it to compare');
});

test('the byte that is asked for is marked in the text that it is of', () => {
  const passage = { source: 'written' as const, text: encodeText('Call me Ishmael'), start: 0, requestId: 2 };
  const html = markup(<WrittenTexts writings={[writing(1, null), writing(2, 4)]} />, trained(''), '', {
    reading: { passage, picked: 9 },
  });
  expect(html.match(/aria-current/g)).toHaveLength(1);
  expect(html.indexOf('aria-current')).toBeGreaterThan(html.indexOf('without 4×'));
});
