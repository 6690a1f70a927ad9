import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withoutRuns } from '../../../src/config/codec/compared-keys.ts';
import { comparisonQuery } from '../../../src/config/codec/compared-runs.ts';
import type { ComparedRun } from '../../../src/config/codec/compared-runs.ts';
import { withCurve } from '../../../src/config/codec/curve-key.ts';
import { decodeQuery, linkComplaints } from '../../../src/config/codec/decode.ts';
import { encodeQuery } from '../../../src/config/codec/encode.ts';
import { problems } from '../../../src/config/problems.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { randomConfig, seededRandom } from '../random-config.ts';

const CURVE = 'Y9RhZGAQ-_VQ';

/** Runs of a valid link, some of them with a name and a curve. */
function randomRuns(seed: number): [ComparedRun, ...ComparedRun[]] {
  const random = seededRandom(seed);
  const one = (at: number): ComparedRun => ({
    ...randomConfig(10 * seed + at),
    ...(random() < 0.5 && { name: `wide, ${'größer: '.repeat(at % 3)}№ ${at} 🦉` }),
    ...(random() < 0.5 && { curve: CURVE + at }),
  });
  return [one(0), ...Array.from({ length: Math.floor(6 * random()) }, (_, at) => one(at + 1))];
}

const told = ({ config, preset, name, curve }: ComparedRun): ComparedRun => ({ config, preset, name, curve });

test('a link to several runs is that of the first, and one value for each of the others', () => {
  const first = { ...decodeQuery('p=quick&b=4'), name: 'two streams', curve: CURVE };
  const flat = { ...decodeQuery('p=quick&h=1-d144-n5-f1.5-wf&b=4&lr=1e-7&sd=3'), name: 'flat', curve: `${CURVE}A` };
  const bare = decodeQuery('p=micro');
  expect(comparisonQuery([first, { ...flat }, { ...bare }])).toBe(
    'v=1&p=quick&b=4&nm=two_streams&r=Y9RhZGAQ-_VQ' +
      '&vs=p:quick,h:1-d144-n5-f1.5-wf,b:4,lr:1e-7,sd:3,nm:flat,r:Y9RhZGAQ-_VQA&vs=p:micro',
  );
  expect(comparisonQuery([bare])).toBe('v=1&p=micro');
});

test('any valid runs come back as they were sent, in a link that needs no escape', () => {
  for (let seed = 0; seed < 200; seed++) {
    const runs = randomRuns(seed);
    const query = comparisonQuery(runs);
    expect(new URL(`https://example.org/?${query}`).search).toBe(`?${query}`);
    expect(query).not.toContain('%');
    const link = decodeQuery(`?${query}#cmp`);
    const { versus = [], problems: found, ignored, newerVersion } = link;
    const sent = runs.map((run) => ({ name: undefined, curve: undefined, ...run }));
    expect([link, ...versus].map(told)).toEqual(sent);
    expect([found, ignored, newerVersion]).toEqual([[], [], false]);
    expect(versus.flatMap(({ complaints }) => complaints)).toEqual([]);
  }
});

test('the first run reads as it would alone, and what is beside it is no part of the configuration', () => {
  const [first, ...others] = randomRuns(2);
  const query = comparisonQuery([first, ...others]);
  const alone = encodeQuery(first.config, first.preset);
  expect(others.length).toBeGreaterThan(0);
  expect(withoutRuns(query)).toBe(alone);
  expect(withoutRuns(`vs=p:two&nm=x&${withCurve('b=4&ui=embed', CURVE)}&vs=`)).toBe('b=4&ui=embed');
  expect(decodeQuery(query)).toMatchObject({ config: first.config, preset: first.preset });
});

test('what is wrong with another run is told, and names it', () => {
  const { versus, problems: found, ignored, config } = decodeQuery('b=4&vs=b:-5,st:20,q:7&vs=p:micro,h:1_4-s8,v:2');
  expect(config.training.batchSize).toBe(4);
  expect(versus?.map(({ complaints }) => complaints)).toEqual([
    ['`b:-5` is not allowed (needs a whole number, 1 to 4,096)'],
    ['Stride 8 is larger than factor 4.'],
  ]);
  // It holds what the form would have made of it.
  expect(versus?.map((run) => encodeQuery(run.config, run.preset))).toEqual([
    'v=1&p=quick&st=20',
    'v=1&p=micro&h=1_4-s4',
  ]);
  expect(found.map(({ key, message }) => [key, message])).toEqual([
    ['vs', 'Run 2: `b:-5` is not allowed (needs a whole number, 1 to 4,096); it is neither drawn nor trained'],
    ['vs', 'Run 3: Stride 8 is larger than factor 4. It is neither drawn nor trained'],
  ]);
  expect(ignored).toEqual(['vs:q', 'vs:v']);
});

test('what is no run is left out, and so are more than can be drawn', () => {
  for (const text of ['', ',', ':', 'x', '__proto__:1,constructor:2', '<script>', `p:two,nm:${'x'.repeat(4000)}`]) {
    const { versus, problems: found } = decodeQuery(`vs=${text}`);
    expect(versus).toBeUndefined();
    expect(found.map(({ key, complaint }) => [key, complaint?.endsWith(' is no run')])).toEqual([['vs', true]]);
  }
  expect(decodeQuery('vs=x&vs=b:4').versus).toMatchObject([{ number: 3 }]);
  const { versus, problems: found } = decodeQuery(Array.from({ length: 8 }, (_, seed) => `vs=sd:${seed}`).join('&'));
  expect(versus?.map(({ config }) => config.training.seed)).toEqual([0, 1, 2, 3, 4]);
  expect(found.map(({ message }) => message)).toEqual(['`vs` is given 8 times; only the first 5 count']);
});

test('a name that is none is told, and the run is none the worse', () => {
  const { name, versus, problems: found } = decodeQuery('nm=a%20b&vs=p:two,nm:.21&vs=p:two,nm:ok');
  expect([name, ...(versus ?? []).map((run) => [run.name, run.complaints])]).toEqual([
    undefined,
    [undefined, []],
    ['ok', []],
  ]);
  expect(found.map(({ message }) => message)).toEqual([
    '`a b` is no name; it is called by its settings',
    '`.21` is no name of run 2; it is called by its settings',
  ]);
});

test('where one configuration is needed a link to several is refused', () => {
  expect(linkComplaints(decodeQuery('p=micro&vs=p:two'))).toEqual([
    'it holds several runs, and one is needed: leave out "vs"',
  ]);
  expect(linkComplaints(decodeQuery('p=micro&nm=x'))).toEqual([]);
});

test('no text in place of a run throws, makes the report long, or gives a run that may not start', () => {
  const pieces =
    `p: p:micro b: h: h:1-d64_4 nm: nm:.1f989. nm:.ffffff. r: r:AAAA vs: v:9 ui:embed , : . ~ - _ %2C %26b=2& %00 %E0%A4 + \ud800 ${'9'.repeat(400)} ${'1_'.repeat(900)} ${'nm:.41.,'.repeat(300)} __proto__: constructor: toString:1 <img>`.split(
      ' ',
    );
  const random = seededRandom(11);
  const pick = (): string => pieces[Math.floor(random() * pieces.length)];
  let runs = 0;
  for (let round = 0; round < 300; round++) {
    const values = Array.from({ length: 1 + Math.floor(7 * random()) }, () =>
      Array.from({ length: 1 + Math.floor(8 * random()) }, pick).join(random() < 0.5 ? ',' : ''),
    );
    const { config, versus = [], ...report } = decodeQuery(values.map((value) => `vs=${value}`).join('&'));
    runs += versus.length;
    expect(versus.length).toBeLessThanOrEqual(5);
    for (const each of [config, ...versus.map((run) => run.config)])
      expect(problems(each).filter(({ severity }) => severity === 'error')).toEqual([]);
    for (const { name = 'x' } of versus) expect(name).toMatch(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,40}$/u);
    expect(report.problems.length + report.ignored.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(report).length).toBeLessThan(100_000);
  }
  expect(runs).toBeGreaterThan(150);
  expect(Reflect.get({}, '1')).toBeUndefined();
});

/** Links as they were published, and what they hold: runs parted by ` | `, each as settings, name and curve. */
const golden = readFileSync(new URL('../fixtures/comparisons.v1.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t'));

test.each(golden)('reads %s as it always has', (query, expected) => {
  const { versus = [], problems: found, ignored, ...first } = decodeQuery(query);
  const shown = [first, ...versus].map(({ config, preset, name = '-', curve = '-' }) =>
    [encodeQuery(config, preset), name, curve].join(' ; '),
  );
  expect(shown.join(' | ')).toBe(expected);
  expect([found, ignored]).toEqual([[], []]);
});

test('a run that counts from a preset is whole without it', () => {
  const { versus } = decodeQuery('p=two&vs=b:4');
  expect(versus?.[0].config).toEqual({
    ...presetConfig('quick'),
    training: { ...presetConfig('quick').training, batchSize: 4 },
  });
});
