import { expect, test } from 'vitest';
import { isLong, shareLink } from '../../../src/ui/share/share-link.ts';

const page = { origin: 'https://example.org', pathname: '/strata/' };

test('a link is the page with what differs from its beginning', () => {
  expect(shareLink(page, '', '')).toBe('https://example.org/strata/');
  expect(shareLink(page, 'v=1&p=two', '#attn/l2')).toBe('https://example.org/strata/?v=1&p=two#attn/l2');
});

test('a link is long from 2001 characters on', () => {
  expect([2000, 2001].map((length) => isLong('x'.repeat(length)))).toEqual([false, true]);
});
