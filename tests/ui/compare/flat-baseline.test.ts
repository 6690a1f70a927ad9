import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { flopsPerStep, tokensPerStep } from '../../../src/config/costs.ts';
import { presetConfig, presets } from '../../../src/config/presets.ts';
import { problems } from '../../../src/config/problems.ts';
import { excessText, flatBaseline } from '../../../src/ui/compare/flat-baseline.ts';

const hierarchical = presets.map(({ id }) => id).filter((id) => presetConfig(id).model.hierarchies.length > 1);

test('a baseline is one stream of bytes that trains on the same text in the same batches', () => {
  for (const id of hierarchical) {
    const config = presetConfig(id);
    const flat = flatBaseline(config)!.config;

    expect(flat.model.hierarchies).toHaveLength(1);
    expect(flat.model.hierarchies[0]).toMatchObject({ factor: 1, stride: 1, window: null });
    expect(flat.model.depth).toBe(config.model.depth);
    expect(flat.training).toEqual(config.training);
    expect(tokensPerStep(flat)).toBe(tokensPerStep(config));
    expect(problems(flat).filter(({ severity }) => severity === 'error')).toEqual([]);
  }
});

test('a baseline takes nearly the same FLOPs a step, and says how nearly', () => {
  for (const id of hierarchical) {
    const config = presetConfig(id);
    const { config: flat, excess } = flatBaseline(config)!;
    const ratio = flopsPerStep(flat).total / flopsPerStep(config).total;

    expect(excess).toBeCloseTo(ratio - 1, 12);
    // One channel more or less of a narrow model is a few percent.
    expect(Math.abs(excess)).toBeLessThan(id === 'micro' ? 0.05 : 0.01);
  }
});

test('no other width comes nearer unless it suits a GPU less', () => {
  const config = decodeQuery('h=1-d20-n1_4-d24-n1').config;
  const { config: flat, excess } = flatBaseline(config)!;
  const { dim } = flat.model.hierarchies[0];
  const target = flopsPerStep(config).total;
  const others = [dim - 1, dim + 1].map((width) => {
    const hierarchies = [{ ...flat.model.hierarchies[0], dim: width }];
    return Math.abs(flopsPerStep({ ...flat, model: { ...flat.model, hierarchies } }).total / target - 1);
  });

  expect(Math.abs(excess)).toBeLessThanOrEqual(Math.max(0.01, Math.min(...others)));
});

test('a flat model has no baseline but itself', () => {
  expect(flatBaseline(presetConfig('flat'))).toBeNull();
  expect(flatBaseline(flatBaseline(presetConfig('two'))!.config)).toBeNull();
});

test('a single compressed stream has one: its bytes', () => {
  const config = decodeQuery('h=4').config;

  expect(flatBaseline(config)!.config.model.hierarchies[0].factor).toBe(1);
});

test('the remaining difference is said in words', () => {
  expect(excessText(0.00412)).toBe('0.41\u00a0% more FLOPs');
  expect(excessText(-0.031)).toBe('3.1\u00a0% fewer FLOPs');
  expect(excessText(0)).toBe('the same FLOPs');
});
