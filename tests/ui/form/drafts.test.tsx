import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { ControlRow } from '../../../src/ui/form/ControlRow.tsx';
import { Estimate } from '../../../src/ui/form/Estimate.tsx';
import { runControl } from '../../../src/ui/state/controls.ts';
import { READY, shown } from '../support/render.tsx';

const { config } = decodeQuery('p=micro&n=7');
const error = 'needs a whole number, 2 to 65536';
const drafts = { contextLength: { text: '10000000', error } };

test('a text that is no value says which one counts until it is', () => {
  const row = <ControlRow control={runControl('contextLength')} problems={[]} />;
  expect(shown(row, READY, 'p=micro&n=7', { drafts })).toContain(`Context ${error}. Until then 7 counts.`);
});

test('costs say of which values they are while the form shows others', () => {
  const width = { 'hierarchies[1].dim': { text: '', error: 'needs a whole number' } };
  const costs = (texts: Record<string, { text: string; error: string }>) =>
    shown(<Estimate config={config} />, READY, 'p=micro&n=7', { drafts: texts });
  expect(costs(drafts)).toContain('Counted with context 7.');
  const window = { 'hierarchies[1].window': { text: '', error: 'needs a whole number' } };
  expect(costs(window)).toContain('Counted with 4× window full.');
  expect(costs(width)).toContain('Counted with 4× width 16.');
});
