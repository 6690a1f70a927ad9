import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import type { WrittenBy } from '../../../src/ui/state/text.ts';
import { omissionHint } from '../../../src/ui/text/omission-hint.ts';

const hint = (by: WrittenBy, query = ''): string | null => omissionHint(decodeQuery(query).config.model, by);

test('what it means to leave a hierarchy out is said where one is', () => {
  expect(hint('all')).toBeNull();
  expect(hint(4)).toContain('What 4× tells the others is left out of every merge.');
  expect(hint(4)).toContain('never trained without 4×');
  expect(hint('each')).toContain('never trained without any of them');
});

test('what still counts of it is said: the stream that predicts, or the last embedding of each', () => {
  expect(hint(4)).not.toContain('still');
  expect(hint(1)).toContain('1× still predicts each byte');
  expect(hint('each')).toContain('1× still predicts each byte');
  expect(hint(4, 'ua=1')).toContain('Its last embedding still counts');
  expect(hint(1, 'ua=1')).not.toContain('still predicts');
});
