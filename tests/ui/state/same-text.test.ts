import { expect, test } from 'vitest';
import type { CorpusInfo } from '../../../src/protocol/events.ts';
import { isSameText } from '../../../src/ui/state/same-text.ts';
import { mobyDick } from '../support/fake-worker.ts';

test('files of one name are the same text only if that is known, and a text is always itself', () => {
  const file = (sha256: string | null): CorpusInfo => ({ ...mobyDick, dataset: 'own', name: 'mine.txt', sha256 });
  const unknown = file(null);
  expect(isSameText(unknown, unknown)).toBe(true);
  expect(isSameText(unknown, file(null))).toBe(false);
  expect(isSameText(unknown, file('a'))).toBe(false);
  expect([isSameText(file('a'), file('a')), isSameText(file('a'), file('b'))]).toEqual([true, false]);
  expect(isSameText({ ...mobyDick, sha256: null }, { ...mobyDick, sha256: null })).toBe(true);
});
