import { expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { presetConfig } from '../../../src/config/presets.ts';
import { differenceLine, differences, settingRows } from '../../../src/ui/compare/config-diff.ts';

const linked = (query: string) => decodeQuery(query).config;
const quick = presetConfig('quick');

test('settings that differ are told apart from those that do not', () => {
  const rows = settingRows([quick, linked('lr=1e-3&h=1_4-d128')]);

  expect(rows.filter(({ differs }) => differs)).toEqual([
    { label: '4× width', values: ['96', '128'], differs: true },
    { label: 'Learning rate', values: ['3e-3', '1e-3'], differs: true },
  ]);
});

test('every setting of every hierarchy has one row', () => {
  const rows = settingRows([quick, linked('h=1_4_16'), linked('h=1')]);
  const labels = rows.map(({ label }) => label);

  expect(new Set(labels).size).toBe(labels.length);
  expect(rows.find(({ label }) => label === '16× width')?.values).toEqual([null, '64', null]);
  expect(rows.find(({ label }) => label === '1× window')?.values[0]).toBe('16');
  expect(rows.find(({ label }) => label === '4× window')?.values[0]).toBe('full');
});

test('a difference is told in one line: hierarchies first, then settings', () => {
  expect(differences(linked('h=1_8&lr=1e-3'), quick)).toEqual(['+8×', '−4×', 'learning rate 3e-3→1e-3']);
  expect(differences(quick, quick)).toEqual([]);
});

test('a run is told by its preset, or by the run before when that is shorter', () => {
  const before = { name: 'calm owl', config: linked('h=1_4-d128&lr=1e-3') };

  expect(differenceLine(quick, 'quick', null)).toBe('Quick');
  expect(differenceLine(quick, 'quick', before)).toBe('Quick');
  expect(differenceLine(linked('lr=1e-3'), 'quick', null)).toBe('Quick: learning rate 3e-3→1e-3');
  expect(differenceLine(linked('h=1_4-d128&lr=1e-3&sd=4'), 'quick', before)).toBe('calm owl: seed 0→4');
  expect(differenceLine(before.config, 'quick', before)).toBe('as calm owl');
});

test('what a run took up on the way is told with the step', () => {
  const since = new Map([['learningRate', 1088] as const]);
  expect(differenceLine(linked('lr=3e-5&sd=4'), 'quick', null, since)).toBe(
    'Quick: learning rate 3e-3→3e-5 from step 1,088, seed 0→4',
  );
  expect(differenceLine(quick, 'quick', null, since)).toBe('Quick: learning rate again 3e-3 from step 1,088');
});
