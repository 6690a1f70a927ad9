import { expect, test } from 'vitest';
import { BitsRuler } from '../../../src/ui/data/BitsRuler.tsx';
import { copying, mobyDick } from '../support/fake-worker.ts';
import { shown } from '../support/render.tsx';

test('a text that gzip makes longer has no mark of it on the ruler', () => {
  expect(shown(<BitsRuler corpus={mobyDick} />, {})).toContain('3.24 gzip');
  expect(shown(<BitsRuler corpus={{ ...mobyDick, gzipBits: 88 }} />, {})).not.toContain('gzip');
});

test('where a rule made the text, the ruler marks the best possible', () => {
  expect(shown(<BitsRuler corpus={mobyDick} />, {})).not.toContain('best possible');
  expect(shown(<BitsRuler corpus={copying} />, {})).toContain('2.26 best possible');
});
