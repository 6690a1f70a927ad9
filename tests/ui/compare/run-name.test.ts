import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { freeName, runName } from '../../../src/ui/compare/run-name.ts';

test('a configuration has one name of two words', () => {
  const name = runName(presetConfig('quick'));

  expect(name).toMatch(/^[a-z]+ [a-z]+$/);
  expect(runName(presetConfig('quick'))).toBe(name);
});

test('another seed or setting is another name', () => {
  const config = presetConfig('quick');
  const names = Array.from({ length: 200 }, (_, seed) =>
    runName({ ...config, training: { ...config.training, seed } }),
  );

  expect(new Set(names).size).toBeGreaterThan(190);
});

test('a name that is taken gets a number', () => {
  expect(freeName('calm owl', [])).toBe('calm owl');
  expect(freeName('calm owl', ['calm owl', 'calm owl 2'])).toBe('calm owl 3');
});
