import { describe, expect, test } from 'vitest';
import { presetConfig } from '../../src/config/presets.ts';
import { withHierarchy } from '../../src/config/problem.ts';
import { problems } from '../../src/config/problems.ts';
import type { AdapterLimits, Problem } from '../../src/config/problems.ts';
import type { HierarchyConfig, ModelConfig, RunConfig } from '../../src/config/types.ts';
import { randomConfig } from './random-config.ts';

const MIB = 2 ** 20;
const baseline: AdapterLimits = {
  maxBufferSize: 256 * MIB,
  maxStorageBufferBindingSize: 128 * MIB,
  halfPrecision: true,
  matrixComponents: [],
};

function quick(change: Partial<ModelConfig> = {}): RunConfig {
  const config = presetConfig('quick');
  return { ...config, model: { ...config.model, ...change } };
}

/** `quick` with one of its hierarchies changed. */
function hierarchy(index: number, change: Partial<HierarchyConfig>): RunConfig {
  const { hierarchies } = quick().model;
  return quick({ hierarchies: hierarchies.map((old, at) => (at === index ? { ...old, ...change } : old)) });
}

function trained(change: Partial<RunConfig['training']>): RunConfig {
  return { ...quick(), training: { ...quick().training, ...change } };
}

/** The problem with that message, which must exist. */
function problem(config: RunConfig, message: string, limits?: AdapterLimits): Problem {
  const all = problems(config, limits);
  const found = all.find((candidate) => candidate.message === message);
  if (found === undefined) throw new Error(`no such problem, but: ${all.map((other) => other.message).join(' | ')}`);
  return found;
}

const errors = (config: RunConfig, limits?: AdapterLimits): Problem[] =>
  problems(config, limits).filter(({ severity }) => severity === 'error');

function mended(config: RunConfig, limits?: AdapterLimits): RunConfig {
  let current = config;
  for (let round = 0; round < 50; round++) {
    const [first] = errors(current, limits);
    if (first?.fix === undefined) return current;
    current = first.fix.apply(current);
  }
  return current;
}

test('a factor that is there twice becomes a smaller one where all larger ones are taken, down to 1', () => {
  const [, coarse] = quick().model.hierarchies;
  const factored = (...factors: number[]): RunConfig =>
    quick({ contextLength: 8192, hierarchies: factors.map((factor) => ({ ...coarse, factor })) });
  const label = (...factors: number[]) => problem(factored(...factors), 'Two hierarchies use 1024×.').fix?.label;
  expect(label(1024, 1024)).toBe('Make it 512×');
  expect(label(2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1024)).toBe('Make it 1×');
  expect(label(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1024)).toBeUndefined();
});

test('half precision is refused where the adapter lacks it, and one click takes it back', () => {
  const half = trained({ halfPrecision: true });
  const without = { ...baseline, halfPrecision: false };
  const { control, severity, fix } = problem(half, 'This adapter has no 16-bit floats (shader-f16).', without);
  expect({ control, severity, label: fix?.label }).toEqual({
    control: 'halfPrecision',
    severity: 'error',
    label: 'Use full precision',
  });
  expect(errors(mended(half, without), without)).toEqual([]);
  expect(errors(half, baseline)).toEqual([]);
});

test('subgroup matrices are refused where the adapter lacks them, or 16-bit activations for them', () => {
  const wanted = trained({ subgroupMatrices: true });
  const missing = 'This browser offers no subgroup matrices here (chromium-experimental-subgroup-matrix).';
  expect(problem(wanted, missing, baseline)).toMatchObject({ control: 'subgroupMatrices', severity: 'error' });
  expect(mended(wanted, baseline).training.subgroupMatrices).toBe(false);

  expect(problem(trained({ subgroupMatrices: true, halfPrecision: true }), missing, baseline)).toBeDefined();

  const halves = { ...baseline, matrixComponents: ['f16'] as const };
  const text = 'Subgroup matrices hold 16-bit numbers on this adapter, which needs half-precision activations.';
  const { otherFix } = problem(wanted, text, halves);
  const { halfPrecision, subgroupMatrices } = mended(wanted, halves).training;
  expect({ halfPrecision, subgroupMatrices }).toEqual({ halfPrecision: true, subgroupMatrices: true });
  expect(errors(otherFix!.apply(wanted), halves)).toEqual([]);
  expect(errors(wanted, { ...baseline, matrixComponents: ['f16', 'f32'] })).toEqual([]);
});

const clean = hierarchy(1, { window: null });
const three: HierarchyConfig[] = [...clean.model.hierarchies, { ...clean.model.hierarchies[1] }];

describe('a rule that is broken', () => {
  test.each<[string, RunConfig, string, Problem['severity'], string, string | undefined]>([
    [
      'a value of no allowed size',
      trained({ batchSize: 0 }),
      'batchSize',
      'error',
      'Batch 0 is not allowed: it needs a whole number, 1 to 4,096.',
      'Use 1',
    ],
    [
      'a hierarchy value of no allowed size',
      hierarchy(1, { dim: 9000 }),
      'hierarchies[1].dim',
      'error',
      'Width 9000 is not allowed: it needs a whole number, 1 to 8,192.',
      'Use 8192',
    ],
    [
      'no hierarchies',
      quick({ hierarchies: [] }),
      'hierarchies',
      'error',
      'There is no hierarchy; a model needs at least one.',
      'Add 1×',
    ],
    [
      'a vocabulary that is not bytes',
      quick({ numTokens: 64 }),
      'numTokens',
      'error',
      'A run reads bytes and needs a vocabulary of 256, not 64.',
      'Use 256',
    ],
    [
      'the same factor twice',
      quick({ hierarchies: three }),
      'hierarchies[2].factor',
      'error',
      'Two hierarchies use 4×.',
      'Make it 8×',
    ],
    [
      'a factor that is no power of two',
      hierarchy(1, { factor: 3 }),
      'hierarchies[1].factor',
      'error',
      'Factor 3 is not a power of two.',
      'Make it 2×',
    ],
    [
      'hierarchies out of order',
      quick({ hierarchies: [...clean.model.hierarchies].reverse() }),
      'hierarchies',
      'error',
      'Hierarchies must be listed from the smallest factor to the largest.',
      'Sort them',
    ],
    [
      'a stride beyond the factor',
      hierarchy(1, { stride: 8 }),
      'hierarchies[1].stride',
      'error',
      'Stride 8 is larger than factor 4.',
      'Use 4',
    ],
    [
      'a stride that is no power of two',
      hierarchy(1, { stride: 3 }),
      'hierarchies[1].stride',
      'error',
      'Stride 3 is not a power of two.',
      'Use 2',
    ],
    [
      'a stride on the predicting hierarchy',
      quick({ hierarchies: hierarchy(1, { stride: 2 }).model.hierarchies, predictFactor: 4 }),
      'hierarchies[1].stride',
      'error',
      'The 4× hierarchy predicts, so it must keep stride 1.',
      'Set 1',
    ],
    [
      'a stride on the predicting hierarchy with a merge into all',
      quick({ hierarchies: hierarchy(1, { stride: 2 }).model.hierarchies, predictFactor: 4, mergeAll: true }),
      'hierarchies[1].stride',
      'error',
      'The 4× hierarchy predicts, so it must keep stride 1.',
      'Set 1',
    ],
    [
      'a predictor that is not there',
      quick({ predictFactor: 8 }),
      'predictFactor',
      'error',
      'No hierarchy has factor 8, which should predict.',
      'Use the smallest',
    ],
    [
      'an odd head width',
      hierarchy(0, { dimHead: 33 }),
      'hierarchies[0].dimHead',
      'error',
      'Head width must be even.',
      'Use 32',
    ],
    [
      'a head of one channel',
      hierarchy(0, { dimHead: 1 }),
      'hierarchies[0].dimHead',
      'error',
      'Head width must be even.',
      'Use 2',
    ],
    [
      'a feed-forward network of no width',
      hierarchy(0, { dim: 3, ffMult: 0.25 }),
      'hierarchies[0].ffMult',
      'error',
      '0.25 times width 3 leaves no channel for the feed-forward network.',
      'Use 1',
    ],
    [
      'a window that covers everything',
      hierarchy(1, { window: 64 }),
      'hierarchies[1].window',
      'notice',
      'Window 64 covers all 32 positions – same as Full.',
      'Use Full',
    ],
    [
      'a factor that leaves few positions',
      hierarchy(1, { factor: 64 }),
      'hierarchies[1].factor',
      'warning',
      '64× leaves 2 positions of 128.',
      'Use context 512',
    ],
    [
      'no byte stream',
      quick({ hierarchies: clean.model.hierarchies.slice(1) }),
      'hierarchies',
      'warning',
      'Predictions come from 4× tokens.',
      'Add 1×',
    ],
    [
      'a stride',
      hierarchy(1, { factor: 8, stride: 8 }),
      'hierarchies[1].stride',
      'notice',
      'Bytes see tokens up to s-1 = 7 bytes old. The author found larger strides uncompetitive.',
      undefined,
    ],
    [
      'compressors that are most of the model',
      presetConfig('readme4'),
      'hierarchies',
      'notice',
      '45 % of the parameters are in the compressors: each convolution has 4 × factor × (largest width)².',
      undefined,
    ],
  ])('such as %s is named at its control, and its fix mends it', (_, config, control, severity, message, label) => {
    const found = problem(config, message);
    expect(found).toMatchObject({ control, severity });
    expect(found.fix?.label).toBe(label);
    if (found.fix === undefined) return;
    const fixed = found.fix.apply(config);
    expect(problems(fixed).map((other) => other.message)).not.toContain(message);
    expect(errors(fixed)).toEqual([]);
  });

  test('by too many hierarchies is mended by dropping the last', () => {
    const hierarchies = Array.from({ length: 9 }, (_, k) => ({ ...quick().model.hierarchies[0], factor: 2 ** k }));
    const found = problem(quick({ hierarchies }), 'There are 9 hierarchies; a model takes at most 8.');
    expect(found.fix?.apply(quick({ hierarchies })).model.hierarchies).toHaveLength(8);
  });

  test('by a stride beyond its factor is not told what such a stride would cost, too', () => {
    expect(problems(hierarchy(1, { stride: 8 })).map(({ message }) => message)).toEqual([
      'Stride 8 is larger than factor 4.',
    ]);
  });

  test('does not hide the others', () => {
    const config = quick({
      hierarchies: [
        { ...clean.model.hierarchies[0], dimHead: 33 },
        { ...three[1], stride: 8 },
      ],
    });
    expect(errors(config).map(({ control }) => control)).toEqual(['hierarchies[1].stride', 'hierarchies[0].dimHead']);
  });

  test('leaves the given configuration as it is when its fix is applied', () => {
    const config = hierarchy(1, { stride: 8 });
    problem(config, 'Stride 8 is larger than factor 4.').fix?.apply(config);
    expect(config.model.hierarchies[1].stride).toBe(8);
  });
});

describe('nothing is said about', () => {
  test('the default', () => {
    expect(problems(quick(), baseline)).toEqual([]);
  });

  test('a window that equals the number of positions', () => {
    expect(problems(hierarchy(1, { window: 32 }))).toEqual([]);
  });

  test('a factor that leaves four positions', () => {
    expect(problems(quick({ contextLength: 16 }))).toEqual([]);
  });

  test('an odd width, which rotary embeddings never see', () => {
    expect(problems(hierarchy(1, { dim: 97 }))).toEqual([]);
  });

  test('attention that is off', () => {
    expect(problems(hierarchy(1, { window: 0 }))).toEqual([]);
  });
});

describe('a run that the adapter has no room for', () => {
  test('names the tensor and the limit, and offers a smaller batch or context that fits', () => {
    const config = trained({ batchSize: 4096 });
    const message =
      'The largest tensor, reconstruction logits of 4×, takes 2048 MiB; this adapter binds at most 128 MiB.';
    const found = problem(config, message, baseline);
    expect(found).toMatchObject({ control: 'batchSize', severity: 'error' });
    expect(found.fix?.label).toBe('Use batch 256');
    expect(found.otherFix?.label).toBe('Use context 8');
    for (const fix of [found.fix, found.otherFix]) expect(errors(fix?.apply(config) ?? config, baseline)).toEqual([]);
  });

  test('is offered whole sequences, down to a single one', () => {
    const config = { ...trained({ batchSize: 3 }), model: { ...quick().model, contextLength: 32_768 } };
    const [found] = errors(config, baseline);
    expect(found.fix?.label).toBe('Use batch 1');
  });

  test('because of a weight is offered a smaller width', () => {
    const config = withHierarchy(presetConfig('flat'), 0, (old) => ({ ...old, dim: 4096 }));
    const message = 'The largest tensor, feed-forward input of 1×, takes 256 MiB; this adapter binds at most 128 MiB.';
    const found = problem(config, message, baseline);
    expect(found).toMatchObject({ control: 'hierarchies[0].dim', severity: 'error', fix: { label: 'Use width 2048' } });
    expect(errors(found.fix?.apply(config) ?? config, baseline)).toEqual([]);
  });

  test('unless the weight is a convolution, which the engine cuts', () => {
    expect(errors(presetConfig('readme4'), baseline)).toEqual([]);
  });

  test('is measured by the smaller of what one buffer holds and what one binding does', () => {
    const limits = { ...baseline, maxBufferSize: 64 * MIB };
    const found = errors(trained({ batchSize: 256 }), limits);
    expect(found.map(({ message }) => message)).toEqual([
      'The largest tensor, reconstruction logits of 4×, takes 128 MiB; this adapter binds at most 64 MiB.',
    ]);
    expect(found[0].fix?.label).toBe('Use batch 128');
  });

  test('nor any other has, though each of its tensors fits, is offered a smaller width or depth', () => {
    const large = withHierarchy(presetConfig('flat'), 0, (old) => ({ ...old, dim: 8192, ffMult: 12 }));
    const config = { ...large, model: { ...large.model, depth: 64 } };
    const roomy = { ...baseline, maxBufferSize: 2 ** 32 - 4, maxStorageBufferBindingSize: 2 ** 32 - 4 };
    const message = 'A step takes 1.6 TiB of memory, and no GPU has more than 1 TiB.';
    const found = problem(config, message, roomy);
    expect(found).toMatchObject({ control: 'hierarchies[0].dim', severity: 'error' });
    expect([found.fix?.label, found.otherFix?.label]).toEqual(['Use width 4096', 'Use depth 32']);
    for (const fix of [found.fix, found.otherFix]) expect(errors(fix?.apply(config) ?? config, roomy)).toEqual([]);
  });

  test('is left alone as long as nobody knows the adapter', () => {
    expect(problems(trained({ batchSize: 4096 }))).toEqual([]);
  });
});

test('random configurations that were meant to be valid have no errors', () => {
  for (let seed = 0; seed < 200; seed++) expect(errors(randomConfig(seed).config)).toEqual([]);
});

test('every error of a thoroughly broken configuration has a fix, and together they mend it', () => {
  const broken = quick({
    numTokens: 3,
    depth: Number.NaN,
    predictFactor: 7,
    hierarchies: [
      { factor: 5, stride: 3, dim: 1, heads: 0, dimHead: 7, ffMult: 0.1, window: -4 },
      { factor: 2000, stride: 4096, dim: 1e9, heads: 2, dimHead: 3, ffMult: Infinity, window: 1.5 },
      { factor: 1024, stride: Number.NaN, dim: 8, heads: 2, dimHead: 0, ffMult: 1, window: null },
      { factor: Number.NaN, stride: 0, dim: 8, heads: 2, dimHead: 4, ffMult: 1, window: null },
    ],
  });
  expect(errors(mended(broken))).toEqual([]);
});
