import { expect, test } from 'vitest';
import { FloorNote } from '../../../src/ui/data/FloorNote.tsx';
import { copying } from '../support/fake-worker.ts';
import { shown } from '../support/render.tsx';

test('the note on the best possible says how many lines the context of the form holds', () => {
  const said = (query: string): string => shown(<FloorNote facts={copying.synthetic!} />, {}, query);
  expect(said('p=micro')).toContain('pays 2.26, and nobody less');
  // Lines of that text have eight bytes.
  expect(said('p=micro')).toContain('now 32 bytes or 4.0 lines');
  expect(said('p=micro&n=512')).toContain('now 512 bytes or 64 lines');
});
