import { describe, expect, test } from 'vitest';
import { flopsPerStep, memoryEstimate, parameterCount, parameterParts, tokensPerStep } from '../../src/config/costs.ts';
import { recomputedFlops } from '../../src/config/costs/flops.ts';
import { attentionPairs } from '../../src/config/costs/rows.ts';
import { presetConfig } from '../../src/config/presets.ts';
import type { HierarchyConfig, ModelConfig, RunConfig } from '../../src/config/types.ts';

function hierarchy(change: Partial<HierarchyConfig> = {}): HierarchyConfig {
  return { factor: 1, stride: 1, dim: 24, heads: 2, dimHead: 8, ffMult: 2, window: null, ...change };
}

function model(hierarchies: HierarchyConfig[], change: Partial<ModelConfig> = {}): ModelConfig {
  return { ...presetConfig('quick').model, numTokens: 64, depth: 2, contextLength: 48, hierarchies, ...change };
}

const pair = [hierarchy({ window: 8 }), hierarchy({ factor: 2, window: 16 })];
const uneven = (first: number, second: number): HierarchyConfig[] => [
  { ...pair[0], dim: first },
  { ...pair[1], dim: second },
];
const total = (config: ModelConfig): number => parameterCount(config).total;

describe('parameter count', () => {
  test.each([
    ['micro', 35_968],
    ['quick', 611_968],
    ['two', 1_348_320],
    ['flat', 381_888],
    ['readme4', 223_393_792],
  ] as const)('of preset %s is that of the reference', (id, expected) => {
    expect(total(presetConfig(id).model)).toBe(expected);
  });

  // Figures counted in the reference's own models.
  test.each([
    ['two hierarchies', model(pair), 36_768],
    ['no reconstruction loss has no reconstruction heads', model(pair, { reconWeight: 0 }), 33_696],
    ['a hierarchical prediction weight of 0 keeps its heads', model(pair, { arWeight: 0 }), 36_768],
    ['an ablated merge keeps its parameters', model(pair, { ablateMerge: true }), 36_768],
    ['hierarchies without attention', model([pair[0], hierarchy({ factor: 2, window: 0 })]), 33_600],
    ['a plain transformer', model([hierarchy({ dim: 32, ffMult: 4 })]), 24_832],
    ['hierarchies of different widths', model(uneven(16, 32)), 42_336],
    ['prediction from all hierarchies', model(uneven(16, 24), { predictAll: true }), 31_120],
    ['prediction from the second hierarchy', model(uneven(16, 24), { predictFactor: 2 }), 32_704],
    ['a merge into all hierarchies', model(pair, { mergeAll: true }), 48_432],
  ])('%s', (_, config, expected) => {
    expect(total(config)).toBe(expected);
  });

  test('a small model is kept twice to go back to, a large one not at all', () => {
    expect(memoryEstimate(presetConfig('quick')).restorePoints).toBe(2 * 3 * 4 * 611_968);
    expect(memoryEstimate(presetConfig('readme4')).restorePoints).toBe(0);
  });

  test('is as large with half precision as one sequence is in full, which a text needs', () => {
    const largest = (batchSize: number, halfPrecision: boolean): number => {
      const config = presetConfig('quick');
      // Logits are exact always.
      Object.assign(config.model, { reconWeight: 0, numTokens: 2 });
      Object.assign(config.training, { batchSize, halfPrecision });
      return memoryEstimate(config).largest.bytes;
    };
    expect(largest(16, true)).toBe(largest(8, false));
    expect(largest(1, true)).toBe(largest(1, false));
  });

  test('parts add up to the total', () => {
    const count = parameterCount(presetConfig('readme4').model);
    expect(parameterParts.reduce((sum, part) => sum + count[part], 0)).toBe(count.total);
  });

  test('of readme4 lies for 45 percent in the compressors', () => {
    const count = parameterCount(presetConfig('readme4').model);
    expect(Math.round((100 * count.compress) / count.total)).toBe(45);
  });

  test('counts a window that is too wide as full attention, whose norm has no bias', () => {
    const local = model([hierarchy({ window: 48 })]);
    const tooWide = model([hierarchy({ window: 49 })]);
    const full = model([hierarchy({ window: null })]);
    expect(total(tooWide)).toBe(total(full));
    expect(total(local)).toBe(total(full) + 2 * 24);
  });

  test('of no hierarchies is the empty embedding', () => {
    expect(total(model([]))).toBe(0);
  });
});

describe('attention pairs', () => {
  function countPairs(length: number, dilation: number, window: number | null): number {
    let pairs = 0;
    for (let query = 0; query < length; query++)
      for (let distance = 0; distance * dilation <= query && distance <= (window ?? length); distance++) pairs++;
    return pairs;
  }

  test.each([
    [12, 1, null],
    [12, 1, 3],
    [13, 4, null],
    [13, 4, 2],
    [3, 8, 5],
    [1, 1, 1],
  ])('of %i tokens, dilation %i, window %s are counted one by one', (length, dilation, window) => {
    expect(attentionPairs(length, dilation, window)).toBe(countPairs(length, dilation, window));
  });
});

describe('FLOPs of a step', () => {
  test('by the rule of thumb are those of the preset table', () => {
    const gigaflops = (id: 'quick' | 'two' | 'flat'): number => flopsPerStep(presetConfig(id)).simple / 1e9;
    expect(gigaflops('quick')).toBeCloseTo(7.2, 1);
    expect(gigaflops('two')).toBeCloseTo(16.2, 1);
    expect(gigaflops('flat')).toBeCloseTo(4.4, 1);
  });

  test('of plain layers are their matrix products and its attention', () => {
    const config: RunConfig = presetConfig('flat');
    config.model = model([hierarchy({ dim: 16, heads: 1, dimHead: 4, ffMult: 2 })], { depth: 5, contextLength: 6 });
    config.training.batchSize = 3;
    const weights = 5 * (4 * 16 * 4 + 2 * 16 * 32) + 16 * 64;
    const pairs = 5 * 21 * 4;
    const forward = 2 * 3 * (6 * weights + 2 * pairs);
    expect(flopsPerStep(config).forward).toBe(forward);
    expect(flopsPerStep(config).backward).toBe(2 * 3 * (2 * 6 * weights + 5 * pairs));
  });

  test('grow with the batch and with accumulation alike', () => {
    const config = presetConfig('quick');
    const base = flopsPerStep(config);
    const wide = flopsPerStep({ ...config, training: { ...config.training, batchSize: 32 } });
    const accumulated = flopsPerStep({ ...config, training: { ...config.training, accumulation: 2 } });
    expect(wide.forward).toBe(2 * base.forward);
    expect(accumulated).toEqual(wide);
  });

  test('are the same when some of it is done twice', () => {
    const config = presetConfig('two');
    config.training.recompute = true;
    expect(flopsPerStep(config)).toEqual(flopsPerStep(presetConfig('two')));
  });

  test('that are done twice are those of the layers but for the last product of each block and merge', () => {
    const config: RunConfig = presetConfig('flat');
    config.model = model([hierarchy({ dim: 16, heads: 1, dimHead: 4, ffMult: 2 })], { depth: 5, contextLength: 6 });
    Object.assign(config.training, { batchSize: 3, accumulation: 7 });
    expect(recomputedFlops(config)).toBe(0);
    config.training.recompute = true;
    expect(recomputedFlops(config)).toBe(2 * 3 * 7 * 5 * (6 * (4 * 16 * 4 + 16 * 32) + 2 * 21 * 4));
  });

  test('shrink by a window and by taking the merge out', () => {
    const base = flopsPerStep(presetConfig('quick')).total;
    const local = presetConfig('quick');
    local.model.hierarchies[1].window = 4;
    expect(flopsPerStep(local).total).toBeLessThan(base);
    const ablated = presetConfig('quick');
    ablated.model.ablateMerge = true;
    expect(flopsPerStep(ablated).total).toBeLessThan(base);
  });
});

describe('memory', () => {
  test('of parameters is 16 bytes each', () => {
    const { weights, gradients, moments } = memoryEstimate(presetConfig('quick'));
    expect(weights + gradients + moments).toBe(16 * 611_968);
  });

  test('names the largest tensor', () => {
    expect(memoryEstimate(presetConfig('quick')).largest).toEqual({
      kind: 'activation',
      label: 'reconstruction logits of 4×',
      bytes: 16 * 128 * 4 * 256 * 4,
      copies: 1,
    });
    // Its largest weight, a convolution of 256 MiB, is cut where that is too large for an adapter.
    expect(memoryEstimate(presetConfig('readme4')).largest).toMatchObject({
      kind: 'parameter',
      label: 'compressor projection of 16×',
      bytes: 1024 * 4096 * 4,
    });
  });

  test('parts add up to the total', () => {
    const { total, largest, ...parts } = memoryEstimate(presetConfig('two'));
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(total);
    expect(parts.activations).toBeGreaterThan(largest.bytes);
  });

  test('with recomputed activations grows by the tokens between its layers for each layer', () => {
    const config = presetConfig('readme3');
    config.training.recompute = true;
    const at = (depth: number): number => memoryEstimate({ ...config, model: { ...config.model, depth } }).activations;
    // Three blocks and a merge give out 512 channels for each of 2048 bytes.
    expect(at(7) - at(6)).toBe(4 * 512 * 2048 * 4);
    expect(at(6)).toBeLessThan(memoryEstimate(presetConfig('readme3')).activations / 6);
  });

  test('of activations grows with the batch but not with accumulation', () => {
    const config = presetConfig('quick');
    const base = memoryEstimate(config).activations;
    config.training.accumulation = 8;
    expect(memoryEstimate(config).activations).toBe(base);
    config.training.batchSize *= 2;
    expect(memoryEstimate(config).activations).toBe(2 * base);
  });
});

test('a step of readme4 trains on 8 batches of 1024 bytes', () => {
  expect(tokensPerStep(presetConfig('readme4'))).toBe(8 * 1024);
});
