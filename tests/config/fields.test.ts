import { describe, expect, test } from 'vitest';
import type { Field } from '../../src/config/field.ts';
import { fieldsTable } from '../support/fields-table.ts';
import { factorField, hierarchyFields, reservedKeys, runField, runFields } from '../../src/config/fields.ts';
import { presetConfig } from '../../src/config/presets.ts';
import type { HierarchyConfig, RunConfig } from '../../src/config/types.ts';
import { randomConfig } from './random-config.ts';

function hierarchyField(key: string): Field<HierarchyConfig> {
  const found = hierarchyFields.find((field) => field.key === key);
  if (found === undefined) throw new Error(`no hierarchy field ${key}`);
  return found;
}

function written<Owner>(field: Field<Owner>, owner: Owner, text: string): string {
  const result = field.write(owner, text);
  return result.ok ? field.read(result.value) : result.error;
}

const quick = presetConfig('quick');

describe('keys', () => {
  // A key that once meant a setting means it for ever: rows may be added here, none changed.
  test('mean the same settings as in the first version', () => {
    expect(Object.fromEntries(runFields.map((field) => [field.key, field.name]))).toEqual({
      l: 'depth',
      n: 'contextLength',
      b: 'batchSize',
      ga: 'accumulation',
      st: 'steps',
      lr: 'learningRate',
      wu: 'warmupSteps',
      cl: 'clip',
      sd: 'seed',
      rw: 'reconWeight',
      aw: 'arWeight',
      ph: 'predictFactor',
      ma: 'mergeAll',
      ua: 'predictAll',
      ds: 'dataset',
      sc: 'schedule',
      wd: 'weightDecay',
      ii: 'ignoreIndex',
      am: 'ablateMerge',
      rc: 'recompute',
      hp: 'halfPrecision',
      sm: 'subgroupMatrices',
    });
    expect(Object.fromEntries(hierarchyFields.map((field) => [field.key, field.name]))).toEqual({
      s: 'stride',
      d: 'dim',
      n: 'heads',
      e: 'dimHead',
      f: 'ffMult',
      w: 'window',
    });
  });

  test('are short, unique and none of the reserved ones', () => {
    const keys = [...runFields.map((field) => field.key), ...reservedKeys];
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(key).toMatch(/^[a-z]{1,2}$/);
  });

  test('cover every setting of a run', () => {
    const { hierarchies, numTokens, ...model } = quick.model;
    const training = Object.keys({ ...quick.training, recompute: true, halfPrecision: true, subgroupMatrices: true });
    const names = [...Object.keys(model), ...training, 'dataset'];
    expect(runFields.map((field) => field.name).sort()).toEqual(names.sort());
    const hierarchyNames = [factorField, ...hierarchyFields].map((field) => field.name);
    expect(hierarchyNames.sort()).toEqual(Object.keys(hierarchies[0]).sort());
    expect(numTokens).toBe(256);
  });
});

describe('text', () => {
  test.each([
    ['lr', '0.001', '1e-3'],
    ['lr', '1e-3', '1e-3'],
    ['lr', '0.0006', '6e-4'],
    ['lr', ' 3E-3 ', '3e-3'],
    ['rw', '.1', '0.1'],
    ['b', '0016', '16'],
    ['ph', 'auto', 'auto'],
    ['ii', 'none', 'none'],
    ['ma', '1', '1'],
    ['sc', 'cosine', 'cosine'],
    ['sd', '4294967295', '4294967295'],
  ])('%s=%s is written %s', (key, text, canonical) => {
    const field = runFields.find((candidate) => candidate.key === key);
    expect(field && written(field, quick, text)).toBe(canonical);
  });

  test.each([
    ['w', 'f', 'f'],
    ['w', '0', '0'],
    ['f', '2.50', '2.5'],
    ['f', '1e1', '10'],
  ])('of a hierarchy, %s%s is written %s', (key, text, canonical) => {
    expect(written(hierarchyField(key), quick.model.hierarchies[0], text)).toBe(canonical);
  });

  test.each([
    ['b', ''],
    ['b', '-5'],
    ['b', '4.5'],
    ['b', '1e3'],
    ['b', '4097'],
    ['b', '9'.repeat(20_000)],
    ['lr', 'NaN'],
    ['lr', 'Infinity'],
    ['lr', '1e999'],
    ['lr', '0x10'],
    ['lr', '1,5'],
    ['sd', '4294967296'],
    ['ma', 'true'],
    ['ds', 'https://example.org/text'],
    ['sc', 'constructor'],
    ['ph', ''],
  ])('%s=%s is refused', (key, text) => {
    const field = runFields.find((candidate) => candidate.key === key);
    expect(field?.write(quick, text).ok).toBe(false);
  });

  test('of a refused number says what is allowed', () => {
    expect(written(runField('batchSize'), quick, '0')).toBe('needs a whole number, 1 to 4,096');
  });

  test('of a number with a comma says how to write it', () => {
    const [batch, steps, rate, clip] = ['batchSize', 'steps', 'learningRate', 'clip'].map(runField);
    expect(written(rate, quick, '0,003')).toBe('needs a number, 0 to 1,000; write 0.003');
    expect(written(clip, quick, '1,500')).toBe('needs a number, 0 to 1,000,000; write 1500 or 1.500');
    expect(written(steps, quick, '10,000')).toBe('needs a whole number, 1 to 10,000,000; write 10000');
    for (const text of ['1,5', ',', '1,00', '1,,000'])
      expect(written(batch, quick, text), text).toBe('needs a whole number, 1 to 4,096');
  });

  test('of every allowed value reads back as that value, in characters that a link never escapes', () => {
    const check = <Owner>(field: Field<Owner>, owner: Owner): void => {
      const text = field.read(owner);
      expect(encodeURIComponent(text)).toBe(text);
      expect(field.check(field.get(owner))).toBeNull();
      expect(field.parse(text)).toEqual({ ok: true, value: field.get(owner) });
    };
    for (let seed = 0; seed < 100; seed++) {
      const { config } = randomConfig(seed);
      for (const field of runFields) check<RunConfig>(field, config);
      for (const hierarchy of config.model.hierarchies)
        for (const field of [factorField, ...hierarchyFields]) check<HierarchyConfig>(field, hierarchy);
    }
  });

  test('of a hierarchy never holds what separates its fields', () => {
    for (let seed = 0; seed < 100; seed++)
      for (const hierarchy of randomConfig(seed).config.model.hierarchies)
        for (const field of hierarchyFields) expect(field.read(hierarchy)).not.toMatch(/[-_]/);
  });
});

describe('values', () => {
  test('are written into a copy', () => {
    const result = runField('depth').write(quick, '7');
    expect(result.ok && result.value.model.depth).toBe(7);
    expect(quick.model.depth).toBe(2);
  });

  test.each([
    ['a string', '16'],
    ['nothing', undefined],
    ['NaN', Number.NaN],
    ['a fraction', 1.5],
    ['too many', 5000],
  ])('of a batch may not be %s', (_, value) => {
    expect(runField('batchSize').check(value)).toBe('needs a whole number, 1 to 4,096');
  });

  test.each([
    [5000, 4096],
    [-1, 1],
    [Number.NaN, 1],
    [15.6, 16],
  ])('outside the limits become the nearest allowed: batch %d becomes %d', (given, nearest) => {
    const broken = { ...quick, training: { ...quick.training, batchSize: given } };
    expect(runField('batchSize').repair(broken).training.batchSize).toBe(nearest);
  });
});

test('only learning rate and loss weights change a running model', () => {
  const hot = runFields.filter((field) => field.applies === 'hot').map((field) => field.name);
  expect(hot).toEqual(['learningRate', 'reconWeight', 'arWeight']);
});

test('the table of settings has a row with help for every key', () => {
  const table = fieldsTable();
  for (const field of runFields) expect(table).toContain(`| \`${field.key}\` | ${field.label} |`);
  for (const field of hierarchyFields) expect(table).toContain(`| \`${field.key}\` | ${field.label} |`);
  for (const field of [...runFields, ...hierarchyFields, factorField]) expect(field.help).toMatch(/^[A-Z].{60,}\.$/);
});

test('asking for a setting that does not exist is an error that names it', () => {
  expect(() => runField('__proto__')).toThrow('runField: given __proto__');
});
