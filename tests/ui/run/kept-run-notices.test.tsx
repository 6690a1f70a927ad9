import { expect, test } from 'vitest';
import { KeptRunNotices } from '../../../src/ui/run/KeptRunNotices.tsx';
import { READY, shown } from '../support/render.tsx';

test('what the browser says of its storage is quoted as a sentence', () => {
  for (const message of ['The operation is insecure.', 'The operation is insecure']) {
    const unkept = { why: 'storage' as const, message };
    expect(shown(<KeptRunNotices />, { ...READY, unkept })).toContain('take it: The operation is insecure. It may');
  }
});

test('a run that was given up can be brought back, also where it was the only one', () => {
  const givenUp = { id: 'a', name: 'calm owl' };
  expect(shown(<KeptRunNotices />, { ...READY, givenUp })).toBe('calm owl is given upBring it back');
});
