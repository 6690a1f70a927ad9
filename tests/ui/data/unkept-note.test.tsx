import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { UnkeptNote } from '../../../src/ui/data/UnkeptNote.tsx';

test('a text that could not be kept says why, and that the next visit downloads it again', () => {
  const unkept = 'storage: no room; free some disk space or clear the data of other sites';
  const note = renderToStaticMarkup(<UnkeptNote unkept={unkept} />);
  expect(note).toContain(`Not kept, so your next visit downloads it again (${unkept}).`);
  expect(renderToStaticMarkup(<UnkeptNote />)).toBe('');
});
