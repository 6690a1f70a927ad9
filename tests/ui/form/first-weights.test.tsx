import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { settingRows } from '../../../src/ui/compare/config-diff.ts';
import { FirstWeights } from '../../../src/ui/form/FirstWeights.tsx';
import { READY, shown } from '../support/render.tsx';

const { model } = presetConfig('micro');
const weights = { file: new Blob(), name: 'the whale', step: 1200, model, preset: 'micro' as const };
const kept = { step: 9, file: new Blob() };

test('the form says which weights the next run begins with, and how to have others', () => {
  const text = shown(<FirstWeights />, READY, 'p=micro', { weights });
  expect(text).toContain('Begins with the weights of “the whale”, step 1,200.');
  expect(text).toContain('Draw new weights instead');
  expect(text).not.toContain('Use the model');
});

test('weights that do not fit are an error that names the setting, with both ways out', () => {
  const text = shown(<FirstWeights />, READY, 'p=micro&l=3', { weights });
  expect(text).toContain(`trained with depth ${model.depth}, the configuration has 3.`);
  expect(text).toContain('Use the model of the weightsDraw new weights instead');
});

test('where none are chosen, those of a run that stands still are offered', () => {
  const label = 'Begin anew with these weights';
  const config = presetConfig('micro');
  for (const name of ['paused', 'done'] as const)
    expect(shown(<FirstWeights />, { ...READY, config, kept, phase: { name } })).toBe(label);
  expect(shown(<FirstWeights />, { ...READY, config, kept, phase: { name: 'training' } })).toBe('');
  expect(shown(<FirstWeights />, { ...READY, config, phase: { name: 'done' } })).toBe('');
});

test('Compare has a row of first weights only where some were not drawn, and tells namesakes apart', () => {
  const config = presetConfig('micro');
  const row = (...digests: (string | null)[]) =>
    settingRows(
      digests.map((sha256) => ({ config, ...(sha256 && { firstWeights: { name: 'whale', step: 1200, sha256 } }) })),
    ).find(({ label }) => label === 'First weights');
  expect(row(null, null)).toBeUndefined();
  expect(row(null, 'aaaaaaaa')).toEqual({
    label: 'First weights',
    values: ['drawn', 'whale, step 1,200'],
    differs: true,
  });
  expect(row('aaaaaaaa', 'aaaaaaaa')).toMatchObject({ differs: false });
  expect(row('aaaaaaaa', 'bbbbbbbb')?.values).toEqual(['whale, step 1,200 (aaaaaa)', 'whale, step 1,200 (bbbbbb)']);
});
