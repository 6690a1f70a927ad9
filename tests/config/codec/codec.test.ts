import { describe, expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { encodeQuery, shortestQuery } from '../../../src/config/codec/encode.ts';
import { embeddedQuery, withoutUi } from '../../../src/config/codec/ui-key.ts';
import { presetConfig, presets } from '../../../src/config/presets.ts';
import { problems } from '../../../src/config/problems.ts';
import type { RunConfig } from '../../../src/config/types.ts';
import { randomConfig, seededRandom } from '../random-config.ts';

/** The link reads without complaint. */
function read(query: string): RunConfig {
  const { config, problems: found, ignored, newerVersion } = decodeQuery(query);
  expect({ found, ignored, newerVersion }).toEqual({ found: [], ignored: [], newerVersion: false });
  return config;
}

const quick = presetConfig('quick');

describe('a link', () => {
  test('without a query is the default preset', () => {
    for (const query of ['', '?', 'p=quick', 'v=1', '?v=1&p=quick'])
      expect(decodeQuery(query)).toEqual({
        config: quick,
        preset: 'quick',
        problems: [],
        ignored: [],
        newerVersion: false,
      });
    expect(encodeQuery(quick)).toBe('v=1&p=quick');
  });

  test('that names a preset is that preset', () => {
    for (const { id } of presets)
      expect(decodeQuery(`p=${id}`)).toMatchObject({ preset: id, config: presetConfig(id) });
    expect(encodeQuery(presetConfig('micro'), 'micro')).toBe('v=1&p=micro');
  });

  test('states only what differs from its preset', () => {
    const config = presetConfig('quick');
    config.training.batchSize = 4;
    expect(read('p=quick&b=4')).toEqual(config);
    expect(encodeQuery(config)).toBe('v=1&p=quick&b=4');
  });

  test('can count from the preset that leaves the least to say', () => {
    for (const { id } of presets) {
      const config = presetConfig(id);
      config.training.learningRate = 0.0123;
      const query = shortestQuery(config);
      expect(decodeQuery(query)).toMatchObject({ preset: id, config });
    }
    expect(shortestQuery(quick)).toBe('v=1&p=quick');
  });

  test('replaces the hierarchies by those it lists', () => {
    const [bytes] = quick.model.hierarchies;
    expect(read('p=quick&h=1-d48').model.hierarchies).toEqual([{ ...bytes, dim: 48 }]);
  });

  test('gives a hierarchy what it does not state from the one of the same factor, else from the first', () => {
    const [bytes, fours] = quick.model.hierarchies;
    expect(read('h=1_4_8-n1').model.hierarchies).toEqual([bytes, fours, { ...bytes, factor: 8, heads: 1 }]);
  });

  test('of one hierarchy spelled out reads as it is spelled', () => {
    const config = read('h=1-d64-n2-e32-f2-w32&l=2&n=1024&b=1');
    expect(config.model).toMatchObject({ depth: 2, contextLength: 1024 });
    expect(config.model.hierarchies).toEqual([
      { factor: 1, stride: 1, dim: 64, heads: 2, dimHead: 32, ffMult: 2, window: 32 },
    ]);
  });

  test('of a whole run is written in one order, whatever order it was read in', () => {
    const given = 'aw=0.5&ds=own&wd=0.01&sd=7&lr=6e-4&h=16-wf-f4-e64-n4-d256-s8_1-w32&n=512&l=4';
    expect(encodeQuery(read(given))).toBe(
      'v=1&p=quick&h=1-w32_16-s8-d256-n4-e64-f4-wf&l=4&n=512&lr=6e-4&sd=7&aw=0.5&ds=own&wd=0.01',
    );
  });

  test('reads as what it was written from, for any valid configuration and preset', () => {
    for (let seed = 0; seed < 500; seed++) {
      const { config, preset } = randomConfig(seed);
      const query = encodeQuery(config, preset);
      expect(read(query)).toEqual(config);
      expect(decodeQuery(`?${query}`).preset).toBe(preset);
      expect(encodeQuery(decodeQuery(query).config, preset)).toBe(query);
    }
  });

  test('needs no escape and is short with three hierarchies and six edits', () => {
    const config = read('h=1-d96-n3-e32-f2-w32_4-d128-n4-e32-f2-wf_16-s8-d256-n4-e64-f4-wf&l=4&n=512&b=4&lr=6e-4&sd=7');
    const query = encodeQuery(config);
    expect(new URL(`https://example.org/?${query}`).search).toBe(`?${query}`);
    expect(query).not.toContain('%');
    expect(query.length).toBeLessThan(150);
  });

  test('may ask for a part of another page, which changes nothing of the configuration', () => {
    for (let seed = 0; seed < 100; seed++) {
      const { config, preset } = randomConfig(seed);
      const query = encodeQuery(config, preset);
      const embedded = embeddedQuery(query);
      expect(read(embedded)).toEqual(config);
      expect(decodeQuery(embedded)).toEqual({ ...decodeQuery(query), embedded: true });
      expect([
        withoutUi(embedded),
        decodeQuery(embedded).embedded ?? false,
        decodeQuery(query).embedded ?? false,
      ]).toEqual([query, true, false]);
    }
    expect(decodeQuery('?ui=embed&b=4#attn')).toMatchObject({ embedded: true, config: { training: { batchSize: 4 } } });
    expect([embeddedQuery(''), withoutUi('ui=embed'), withoutUi('b=4&ui=embed&r=abc')]).toEqual([
      'ui=embed',
      '',
      'b=4&r=abc',
    ]);
  });

  test('ends where the view begins', () => {
    expect(read('?b=4#watch/x=bytes.log').training.batchSize).toBe(4);
  });
});

describe('what a link gets wrong', () => {
  test('keeps the preset and is reported', () => {
    const { config, problems: found } = decodeQuery('b=-5&l=3');
    expect(config.training.batchSize).toBe(16);
    expect(config.model.depth).toBe(3);
    expect(found).toEqual([
      {
        key: 'b',
        given: '-5',
        used: '16',
        message: '`b=-5` is not allowed (needs a whole number, 1 to 4,096); using 16',
        complaint: '`b=-5` is not allowed (needs a whole number, 1 to 4,096)',
      },
    ]);
  });

  test('within a hierarchy keeps what the hierarchy would have without it', () => {
    const { config, problems: found } = decodeQuery('h=1-d0-n4_4-w-e64');
    expect(config.model.hierarchies).toMatchObject([
      { dim: 64, heads: 4 },
      { window: null, dimHead: 64 },
    ]);
    expect(found.map(({ key, given, used }) => [key, given, used])).toEqual([
      ['h', 'd0', 'd64'],
      ['h', 'w', 'wf'],
    ]);
  });

  test('in all of its hierarchies keeps those of the preset', () => {
    for (const text of ['', '_-_', 'd64', '1.5-d64', 'constructor', `${'x_'.repeat(8)}4`]) {
      const { config, problems: found } = decodeQuery(`h=${text}`);
      expect(config).toEqual(quick);
      expect(found.map(({ key }) => key)).toEqual(['h']);
    }
  });

  test('in one of its hierarchies leaves that one out, and says what it lacks', () => {
    const { config, problems: found } = decodeQuery('h=1_d64-n2_4');
    expect(config).toEqual(quick);
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^`d64-n2` is no hierarchy: it must start with a factor, which needs a whole number/),
    ]);
  });

  test('in the rules between settings is mended as the form would mend it', () => {
    const { config, problems: found } = decodeQuery('h=1_4-s8_4-e33&ph=2');
    expect(config.model.hierarchies).toMatchObject([
      { factor: 1 },
      { factor: 4, stride: 4 },
      { factor: 8, dimHead: 32 },
    ]);
    expect(config.model.predictFactor).toBeNull();
    expect(found.map(({ key, used, complaint }) => [key, used, complaint])).toEqual([
      ['h', '1_4-s4_8-d96-n3-wf', 'Two hierarchies use 4×. Stride 8 is larger than factor 4. Head width must be even.'],
      ['ph', 'auto', 'No hierarchy has factor 2, which should predict.'],
    ]);
  });

  test('again and again is reported once, with what came of it', () => {
    const { config, problems: found } = decodeQuery(`h=${Array(60).fill('1').join('_')}`);
    expect(config.model.hierarchies.map(({ factor }) => factor)).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
    expect(found.map(({ message }) => message)).toEqual([
      '60 hierarchies are too many; using the first 8',
      'Two hierarchies use 1×. Using `h=1_2_4-d64-n2-w16_8_16_32_64_128`',
    ]);
  });

  test('by listing hierarchies out of order is not worth a word', () => {
    expect(read('h=4_1').model.hierarchies).toEqual(quick.model.hierarchies);
  });

  test('by more hierarchies than a model takes leaves the first eight', () => {
    const { config, problems: found } = decodeQuery('h=1_2_4_8_16_32_64_128_256_512');
    expect(config.model.hierarchies).toHaveLength(8);
    expect(found).toHaveLength(1);
  });

  test('by naming a preset that does not exist is the default preset', () => {
    expect(decodeQuery('p=huge')).toMatchObject({
      preset: 'quick',
      config: quick,
      problems: [{ key: 'p', used: 'quick' }],
    });
  });

  test('by asking for a form that the page does not have is the whole page', () => {
    for (const text of ['', 'x', 'Embed', 'embed2', 'constructor']) {
      const { embedded, config, problems: found } = decodeQuery(`ui=${text}`);
      expect([embedded, config]).toEqual([undefined, quick]);
      expect(found).toEqual([
        {
          key: 'ui',
          given: text,
          used: '',
          message: `\`ui=${text}\` is not allowed (needs embed); showing the whole page`,
          complaint: `\`ui=${text}\` is not allowed (needs embed)`,
        },
      ]);
    }
    const twice = decodeQuery('ui=embed&ui=x');
    expect([
      twice.embedded,
      twice.problems.map(({ key }) => key),
      decodeQuery('ui=embed&ui=x').embedded ?? false,
    ]).toEqual([true, ['ui'], true]);
    expect(decodeQuery('ui=x&ui=embed').embedded ?? false).toBe(false);
  });

  test('by saying a thing twice counts once and is reported', () => {
    const { config, problems: found } = decodeQuery('b=4&b=8&h=1-d32-d48');
    expect(config.training.batchSize).toBe(4);
    expect(config.model.hierarchies[0].dim).toBe(32);
    expect(found.map(({ key }) => key)).toEqual(['b', 'h']);
  });

  test('by keys that mean nothing is listed and otherwise ignored', () => {
    const { config, ignored, problems: found } = decodeQuery('x=1&__proto__.x=1&constructor=1&h=1-z5_4&B=3');
    expect(config).toEqual(quick);
    expect(ignored).toEqual(['x', '__proto__.x', 'constructor', 'h:z5', 'B']);
    expect(found).toEqual([]);
  });

  test('by being of a later version is read as far as it is known', () => {
    expect(decodeQuery('v=99&b=4&new=1')).toMatchObject({
      newerVersion: true,
      config: { training: { batchSize: 4 } },
      ignored: ['new'],
      problems: [],
    });
    for (const version of ['0', '-1', 'x', '1.0', '9'.repeat(400)])
      expect(decodeQuery(`v=${version}`)).toMatchObject({ newerVersion: false, problems: [{ key: 'v', used: '1' }] });
  });
});

describe('hostile links', () => {
  test('cannot make the report long', () => {
    const unknown = Array.from({ length: 3000 }, (_, k) => `x${k}=1`).join('&');
    const { problems: found, ignored } = decodeQuery(`h=1${'-d1'.repeat(3000)}&b=${'9'.repeat(20_000)}&${unknown}`);
    expect(found).toHaveLength(100);
    expect(ignored).toHaveLength(100);
    expect(JSON.stringify([found, ignored]).length).toBeLessThan(20_000);
  });

  const pieces = [
    'b=',
    'h=',
    'l=',
    'lr=',
    'n=',
    'ph=',
    'ma=',
    'ds=',
    'sc=',
    'v=',
    'ui=',
    'ui=embed',
    'p=',
    'ii=',
    'w',
    '1-d64',
    '4-w16-s2',
    '_',
    '-',
    '&',
    '=',
    '?',
    '#',
    '-5',
    '1e9',
    '1e999',
    '0',
    '0x1F',
    'NaN',
    'Infinity',
    '__proto__',
    '__proto__.x=1',
    'constructor',
    'prototype[x]',
    'toString',
    '%',
    '%E0%A4',
    '%00',
    '%2D',
    '%F0%9F%98%80',
    '+',
    ' ',
    '\u0000',
    '\ud800',
    '\u202e',
    '٣',
    '１',
    'quick',
    'micro',
    'readme4',
    '<script>alert(1)</script>',
    'visualization.script=alert(1)',
    'javascript:alert(1)',
    '9'.repeat(400),
    'x'.repeat(20_000),
    '1_'.repeat(3000),
    '-d1'.repeat(3000),
  ];

  test('never throw, never reach a prototype, and always give a configuration that may start', () => {
    const random = seededRandom(7);
    for (let round = 0; round < 500; round++) {
      const parts = Array.from(
        { length: 1 + Math.floor(random() * 12) },
        () => pieces[Math.floor(random() * pieces.length)],
      );
      const { config, preset, problems: found, ignored } = decodeQuery(parts.join(random() < 0.5 ? '' : '&'));
      expect(problems(config).filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(decodeQuery(encodeQuery(config, preset))).toMatchObject({ config, preset, problems: [] });
      expect(found.length).toBeLessThanOrEqual(100);
      expect(ignored.length).toBeLessThanOrEqual(100);
      expect(JSON.stringify([found, ignored]).length).toBeLessThan(100_000);
    }
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });
});
