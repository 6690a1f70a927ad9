import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { matchesGlob } from '../../src/cli/parity/glob.ts';
import { checkGolden, goldenNames, readJson, readTensors } from '../../src/cli/parity/golden-file.ts';
import { compare, formatChecks, passed, relativeDeviation } from '../../src/cli/parity/report.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { gpu } from '../support/gpu.ts';

const device = await Gpu.open(await gpu());
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'golden-'));
  const files: Record<string, string> = {
    'spec.json': '{"kwargs": {}, "parameters": {}}',
    'lone.json': '{"cases": []}',
    'torn.json': '{"cases": [',
    'short.json': '{"cases": []}',
    'short.safetensors': 'abc',
    'nameless.safetensors': 'abc',
    'notes.md': 'nothing',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});

afterAll(() => rm(folder, { recursive: true }));

test('a folder has the files that belong in pairs, broken or not', () => {
  expect(goldenNames(folder)).toEqual(['lone', 'nameless', 'short', 'torn']);
});

test('what is wrong with a file is said', () => {
  expect(() => readTensors(folder, 'lone')).toThrow('lone.safetensors: is missing');
  expect(() => readJson(folder, 'nameless')).toThrow('nameless.json: is missing');
  expect(() => readTensors(folder, 'short')).toThrow('short.safetensors: safetensors: given 3 bytes, needs at least 8');
  expect(() => readJson(folder, 'torn')).toThrow('torn.json: is not JSON');
});

test.each([[null], [[]], [{ cases: [1] }], [{ kwargs: {} }], ['text']])(
  '%j describes neither ops nor a model',
  async (golden) => {
    await expect(checkGolden(device, 'some', golden, new Map())).rejects.toThrow('some.json: has neither "cases"');
  },
);

test.each([
  ['hist_rpq', 'hist_*', true],
  ['my_hist_rpq', 'hist_*', false],
  ['h12', 'h??', true],
  ['h128', 'h??', false],
  ['a.b', 'a.b', true],
  ['axb', 'a.b', false],
  ['x(1)', 'x(1)', true],
])('%s against %s: %s', (name, glob, expected) => {
  expect(matchesGlob(name, glob)).toBe(expected);
});

test('deviations are relative to the largest magnitude, and infinite where there is none', () => {
  expect(relativeDeviation([1, 2.5], [1, 2])).toBe(0.25);
  expect(relativeDeviation([0.1], [0])).toBe(0.1);
  expect(relativeDeviation([1], [2], 10)).toBe(0.1);
  expect(relativeDeviation([NaN], [1])).toBe(Infinity);
  expect(relativeDeviation([1], [NaN])).toBe(Infinity);
  expect(relativeDeviation([1], [1, 1])).toBe(Infinity);
});

test('a line has the worst of each group and names what failed', () => {
  const stored = { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) } as const;
  const good = compare('forward', 'a', { shape: [2], values: [1, 2] }, { ...stored, shape: [2] }, 1e-4);
  const bad = compare('forward', 'b', { shape: [2], values: [1, 2.5] }, { ...stored, shape: [2] }, 1e-4);
  const misshapen = compare('exact', 'c', { shape: [2, 1], values: [1, 2] }, { ...stored, shape: [2] }, 0);

  expect([good, bad, misshapen].map(passed)).toEqual([true, false, false]);
  expect(formatChecks('x', [good])).toMatch(/^ok {5}x +forward 0\/1e-4$/);
  expect(formatChecks('x', [good, bad, bad, misshapen])).toMatch(
    /^FAILED x +forward 2\.5e-1\/1e-4 \(b and 1 more\) {2}exact \(c: given \[2, 1\], needs \[2\] as in the file\)$/,
  );
});
