import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { differenceLine, differences, settingRows } from '../../../src/ui/compare/config-diff.ts';

const linked = (query: string) => decodeQuery(query).config;
const told = (query: string) => ({ config: linked(query), preset: 'quick' as const });
const plain = told('');

test('settings that differ are told apart from those that do not', () => {
  const rows = settingRows([plain, told('lr=1e-3&h=1_4-d128')]);

  expect(rows.filter(({ differs }) => differs)).toEqual([
    { label: '4× width', values: ['96', '128'], differs: true },
    { label: 'Learning rate', values: ['3e-3', '1e-3'], differs: true },
  ]);
});

test('every setting of every hierarchy has one row', () => {
  const rows = settingRows([plain, told('h=1_4_16'), told('h=1')]);
  const labels = rows.map(({ label }) => label);

  expect(new Set(labels).size).toBe(labels.length);
  expect(rows.find(({ label }) => label === '16× width')?.values).toEqual([null, '64', null]);
  expect(rows.find(({ label }) => label === '1× window')?.values[0]).toBe('16');
  expect(rows.find(({ label }) => label === '4× window')?.values[0]).toBe('full');
});

test('a difference is told in one line: hierarchies first, then settings', () => {
  expect(differences(told('h=1_8&lr=1e-3'), plain)).toEqual(['+8×', '−4×', 'learning rate 3e-3→1e-3']);
  expect(differences(plain, plain)).toEqual([]);
});

test('a run is told by its preset, or by the run before when that is shorter', () => {
  const before = { ...told('h=1_4-d128&lr=1e-3'), name: 'calm owl' };

  expect(differenceLine(plain, null)).toBe('Quick');
  expect(differenceLine(plain, before)).toBe('Quick');
  expect(differenceLine(told('lr=1e-3'), null)).toBe('Quick: learning rate 3e-3→1e-3');
  expect(differenceLine(told('h=1_4-d128&lr=1e-3&sd=4'), before)).toBe('calm owl: seed 0→4');
  expect(differenceLine(before, before)).toBe('as calm owl');
});

test('what a run took up on the way is told with the step', () => {
  const since = new Map([['learningRate', [{ step: 1088 }]] as const]);
  expect(differenceLine({ ...told('lr=3e-5&sd=4'), since }, null)).toBe(
    'Quick: learning rate 3e-3→3e-5 from step 1,088, seed 0→4',
  );
  expect(differenceLine({ ...plain, since }, null)).toBe('Quick: learning rate again 3e-3 from step 1,088');
});

test('a value that a run has had only since a step says so beside the others, and differs from one it always had', () => {
  const since = new Map([['learningRate', [{ step: 74 }]] as const]);
  const row = settingRows([plain, { ...plain, since }]).find(({ label }) => label === 'Learning rate');
  expect(row).toEqual({ label: 'Learning rate', values: ['3e-3', '3e-3 from step 74'], differs: true });
});

test('all values that a setting has had are told where they are known', () => {
  const lr = (...changes: [step: number, from: number, to: number][]) =>
    new Map([['learningRate', changes.map(([step, from, to]) => ({ step, from, to }))] as const]);
  const wrong = lr([18, 3e-3, 900], [780, 900, 3e-3]);
  const course = '3e-3, 900 from step 18, 3e-3 from step 780';
  expect(differenceLine({ ...plain, since: wrong }, null)).toBe(`Quick: learning rate ${course}`);
  expect(settingRows([{ ...plain, since: wrong }]).find(({ label }) => label === 'Learning rate')?.values).toEqual([
    course,
  ]);
  expect(differenceLine({ ...told('lr=3e-5'), since: lr([88, 3e-3, 3e-5]) }, null)).toBe(
    'Quick: learning rate 3e-3→3e-5 from step 88',
  );
  expect(differenceLine({ ...plain, since: lr([88, 1e-3, 3e-3]) }, null)).toBe(
    'Quick: learning rate 1e-3, 3e-3 from step 88',
  );
  const many = lr([1, 1, 2], [2, 2, 3], [3, 3, 4], [4, 4, 5]);
  expect(differenceLine({ ...told('lr=5'), since: many }, null)).toBe(
    'Quick: learning rate 1, …, 4 from step 3, 5 from step 4',
  );
});

test('runs on different texts of the visitor differ in their text, by its name', () => {
  const [own, other] = ['easy.txt', 'hard.txt'].map((name) => ({ ...told('ds=own'), text: { name, sha256: name } }));
  const text = settingRows([own, other]).find(({ label }) => label === 'Text');

  expect(text).toEqual({ label: 'Text', values: ['easy.txt', 'hard.txt'], differs: true });
  expect(differenceLine(other, { ...own, name: 'calm owl' })).toBe('Quick: text Moby Dick (built in)→hard.txt');
  expect(differences(other, own)).toEqual(['text easy.txt→hard.txt']);
});
