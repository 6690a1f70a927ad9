import { describe, expect, test } from 'vitest';
import { effectiveWindow } from '../../src/config/effective-window.ts';
import { predictingIndex } from '../../src/config/predicting-hierarchy.ts';
import { presetConfig, presetId, presets } from '../../src/config/presets.ts';
import { problems } from '../../src/config/problems.ts';

describe('presets', () => {
  test.each(presets)('$id breaks no rule', ({ id }) => {
    expect(problems(presetConfig(id)).filter((problem) => problem.severity !== 'notice')).toEqual([]);
  });

  test.each(presets)('$id has no window that would silently become full', ({ id }) => {
    const { model } = presetConfig(id);
    for (const hierarchy of model.hierarchies) expect(effectiveWindow(model, hierarchy)).toBe(hierarchy.window);
  });

  test('are given as copies', () => {
    presetConfig('quick').model.hierarchies[0].dim = 1;
    expect(presetConfig('quick').model.hierarchies[0].dim).toBe(64);
  });

  test('are found by name, and by nothing that an object happens to have', () => {
    expect(presetId('two')).toBe('two');
    for (const name of ['', 'Quick', '__proto__', 'constructor', 'toString']) expect(presetId(name)).toBeUndefined();
  });

  test('all train with Adam at a constant rate after 20 steps, clipped at 0.5', () => {
    for (const { id } of presets)
      expect(presetConfig(id).training).toMatchObject({
        warmupSteps: 20,
        schedule: 'constant',
        weightDecay: 0,
        clip: 0.5,
        seed: 0,
      });
  });
});

describe('the effective window', () => {
  const model = { contextLength: 50 };

  test.each([
    [1, 50, 50],
    [1, 51, null],
    [4, 12, 12],
    [4, 13, null],
    [4, 0, 0],
    [4, null, null],
    [64, 1, null],
  ])('of factor %i and window %s in 50 bytes is %s', (factor, window, expected) => {
    expect(effectiveWindow(model, { factor, window })).toBe(expected);
  });
});

describe('the predicting hierarchy', () => {
  const { model } = presetConfig('readme3');

  test('is the smallest factor wherever it stands', () => {
    expect(predictingIndex({ ...model, hierarchies: [...model.hierarchies].reverse() })).toBe(2);
  });

  test('is found by its factor, else the smallest', () => {
    expect(predictingIndex({ ...model, predictFactor: 8 })).toBe(2);
    expect(predictingIndex({ ...model, predictFactor: 16 })).toBe(0);
  });

  test('is none where there are no hierarchies', () => {
    expect(predictingIndex({ hierarchies: [], predictFactor: null })).toBe(-1);
  });
});
