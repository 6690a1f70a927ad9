import { expect, test } from 'vitest';
import { BitsRuler } from '../../../src/ui/data/BitsRuler.tsx';
import { copying, mobyDick } from '../support/fake-worker.ts';
import { markup, shown } from '../support/render.tsx';

test('a text that gzip makes longer has no mark of it on the ruler', () => {
  expect(shown(<BitsRuler corpus={mobyDick} />, {})).toContain('3.24 gzip');
  expect(shown(<BitsRuler corpus={{ ...mobyDick, gzipBits: 88 }} />, {})).not.toContain('gzip');
});

test('where a rule made the text, the ruler marks the best possible', () => {
  expect(shown(<BitsRuler corpus={mobyDick} />, {})).not.toContain('best possible');
  expect(shown(<BitsRuler corpus={copying} />, {})).toContain('2.26 best possible');
});

test('each label has a row of its own, above the marks to its right; that of uniform the first one where it is free', () => {
  const rows = (corpus: typeof mobyDick): string[] =>
    [
      ...markup(<BitsRuler corpus={corpus} />, {}).matchAll(
        /top:(\d+)(?:px)?" data-side="(\w+)".*?<\/strong> ([a-z ]+)/g,
      ),
    ].map(([, top, side, name]) => `${name} ${top} ${side}`);
  expect(rows(mobyDick)).toEqual(['gzip 0 right', 'byte frequencies 22 left', 'uniform 44 left']);
  expect(rows({ ...mobyDick, order0Bits: 3.9 })).toEqual([
    'gzip 0 right',
    'byte frequencies 22 right',
    'uniform 0 left',
  ]);
  // Of four letters at random gzip makes more than knowing their shares does.
  expect(rows({ ...mobyDick, order0Bits: 2, gzipBits: 2.3 })[0]).toBe('byte frequencies 0 right');
});
