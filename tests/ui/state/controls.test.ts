import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { controlNamed, hierarchyControls } from '../../../src/ui/state/controls.ts';

test('of strides those are allowed that the factor of the hierarchy allows', () => {
  const allowed = (factor: number) => hierarchyControls(0, factor).find(({ label }) => label === 'Stride')?.allowed;
  expect([1, 2, 16].map(allowed)).toEqual(['1', '1, 2', '1, 2, 4, 8, 16']);
});

test('a control is found by the name that problems call it by', () => {
  const config = presetConfig('quick');
  expect(controlNamed('contextLength', config)!.label).toBe('Context');
  expect(controlNamed('hierarchies[1].dim', config)!.read(config)).toBe('96');
  expect(controlNamed('hierarchies[0].factor', config)!.label).toBe('Factor');
});
