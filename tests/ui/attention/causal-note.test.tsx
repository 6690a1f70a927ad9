import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { encodeText } from '../../../src/text/encode.ts';
import { CausalNote } from '../../../src/ui/attention/CausalNote.tsx';
import { streamsOf } from '../../../src/ui/attention/scene.ts';
import { plausibleInspection } from '../support/fake-inspection.ts';

const note = (passage: string): string => {
  const inspection = plausibleInspection(presetConfig('micro').model, encodeText(passage));
  const lanes = streamsOf(inspection, { layer: 0, hierarchy: 0, head: 0 });
  return renderToStaticMarkup(<CausalNote lanes={lanes} hasShares />).replaceAll(/<[^>]*>/g, '');
};

test('the note says what each hierarchy is worth over the passage', () => {
  expect(note('Call me Ishmael.')).toMatch(/: without 1× a byte costs [+−]\d\.\d\d bits, without 4×/);
});

test('of a passage of one byte, where nothing is predicted, it says no such thing, nor that it cannot be measured', () => {
  expect(note('C')).toMatch(/not whether it helps\. $/);
});
