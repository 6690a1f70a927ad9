import { expect, test } from 'vitest';
import { embedCode } from '../../../src/ui/embed/embed-code.ts';

test('the code is a frame of the link, loaded when the reader gets there', () => {
  expect(embedCode('https://example.org/?p=micro', 'Strata, Micro')).toBe(
    '<iframe src="https://example.org/?p=micro" width="640" height="420" title="Strata, Micro" loading="lazy"></iframe>',
  );
});

test('nothing in a link or a name ends an attribute', () => {
  const code = embedCode('https://example.org/?v=1&copy=1#attn/a"b<', 'a "b" & <c>');
  expect(code).toContain('src="https://example.org/?v=1&amp;copy=1#attn/a&quot;b&lt;"');
  expect(code).toContain('title="a &quot;b&quot; &amp; &lt;c>"');
});
