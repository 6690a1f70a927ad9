import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import type { LossReader } from '../../../src/ui/state/loss-reader.ts';
import { initialTextState } from '../../../src/ui/state/text.ts';
import type { Writing } from '../../../src/ui/state/text.ts';
import { LossStrip } from '../../../src/ui/text/LossStrip.tsx';
import { promptBytes } from '../../../src/ui/text/prompt-bytes.ts';
import { WrittenText } from '../../../src/ui/text/WrittenText.tsx';
import { markup, READY } from '../support/render.tsx';

const LONG = 140_000;
/** Places of the bytes that are shown. */
const shownBytes = (html: string): number[] => [...html.matchAll(/data-byte="(\d+)"/g)].map(([, at]) => Number(at));

test('of a long text of one’s own what comes next is shown, and how much more there is', () => {
  const passage = { source: 'own', text: new Uint8Array(LONG).fill(97), start: 0 };
  const reader = { store: createStore(() => ({ passage, capture: null, picked: null })) } as unknown as LossReader;
  const html = markup(<LossStrip reader={reader} label="Bytes" asBytes={false} />, READY);
  expect(shownBytes(html)).toHaveLength(2048);
  expect(html).toContain('137,952 more bytes');
});

test('of a long prompt what the model sees of it is shown, and what it wrote', () => {
  const writing: Writing = {
    requestId: 1,
    runId: 1,
    prompt: new Uint8Array(LONG).fill(97),
    without: null,
    hadChoice: false,
    settings: initialTextState.settings,
    bytes: Uint8Array.of(98, 99),
    askedAt: 0,
    first: null,
    last: null,
    status: 'done',
    step: 1,
    lastStep: 1,
    failure: null,
  };
  const state = { ...READY, config: decodeQuery('p=micro&n=32').config };
  const html = markup(<WrittenText writing={writing} hasToggle={false} />, state);
  expect(shownBytes(html)).toHaveLength(34);
  expect(html.match(/data-given/g)).toHaveLength(32);
  expect(html).toContain('The first 139,968 bytes of the prompt are not shown.');
});

test('a prompt is its UTF-8 with single bytes by their number', () => {
  expect([...promptBytes('aé\\xE9\\x00b\\xg')]).toEqual([97, 0xc3, 0xa9, 0xe9, 0, 98, 92, 120, 103]);
});
