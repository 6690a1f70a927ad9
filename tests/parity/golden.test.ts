import { expect, test } from 'vitest';
import { checkGolden, checkGoldenFile, goldenNames, readJson, readTensors } from '../../src/cli/parity/golden-file.ts';
import { numbers, passed, type Check } from '../../src/cli/parity/report.ts';
import { Gpu } from '../../src/gpu/device.ts';
import type { StoredTensor } from '../../src/protocol/safetensors.ts';
import { GOLDEN_FOLDER } from '../support/golden-folder.ts';
import { gpu } from '../support/gpu.ts';

const device = await Gpu.open(await gpu());
const names = goldenNames(GOLDEN_FOLDER);

type Tensors = Map<string, StoredTensor>;

async function check(name: string, tensors: Tensors): Promise<Check[]> {
  return checkGolden(device, name, readJson(GOLDEN_FOLDER, name), tensors);
}

/** Its largest entry two percent larger, or one larger where that is nothing or a whole number. */
function changed(stored: StoredTensor): StoredTensor {
  const values = numbers(stored);
  const at = values.reduce((most, value, i) => (Math.abs(value) > Math.abs(values[most]) ? i : most), 0);
  values[at] = stored.dtype === 'I32' || values[at] === 0 ? values[at] + 1 : values[at] * 1.02;
  return { ...stored, data: stored.dtype === 'I32' ? Int32Array.from(values) : Float32Array.from(values) };
}

test('there are files of models and of every family of ops', () => {
  expect(names.filter((name) => name.startsWith('ops_'))).toEqual([
    'ops_activations',
    'ops_conv',
    'ops_cross_entropy',
    'ops_full_attention',
    'ops_layout',
    'ops_local_attention',
    'ops_norm',
    'ops_optimizer',
    'ops_rotary',
    'ops_sampling',
  ]);
  expect(names.filter((name) => !name.startsWith('ops_'))).toContain('h4_strided');
});

test.each(names)('%s is what the reference computed', async (name) => {
  const checks = await checkGoldenFile(device, GOLDEN_FOLDER, name);

  expect(checks.length).toBeGreaterThan(0);
  expect(checks.filter((check) => !passed(check))).toEqual([]);
});

// Larger models have the same kinds of results.
const SMALL = names.filter((name) => name.startsWith('ops_') || ['plain_window16', 'short_infer'].includes(name));

test.each(SMALL)('%s: each result that differs is named', async (name) => {
  const tensors = readTensors(GOLDEN_FOLDER, name);
  const compared = new Set((await check(name, tensors)).map(({ what }) => what).filter((what) => tensors.has(what)));
  const wrong: Tensors = new Map(
    [...tensors].map(([key, stored]) => [key, compared.has(key) ? changed(stored) : stored]),
  );
  const checks = await check(name, wrong);

  const failed = new Set(checks.filter((one) => !passed(one)).map(({ what }) => what));
  expect([...compared].filter((key) => !failed.has(key))).toEqual([]);
  expect(compared.size).toBeGreaterThan(tensors.size / 5);
});

test('one gradient alone that differs fails a model', async () => {
  const tensors = readTensors(GOLDEN_FOLDER, 'plain_window16');
  const key = 'grad/layers.0.0.attn.to_qkv.weight';
  tensors.set(key, changed(tensors.get(key)!));
  const checks = await check('plain_window16', tensors);

  expect(checks.filter((one) => !passed(one)).map(({ what }) => what)).toEqual([key]);
});

test('a parameter that the model does not have is named, and so is one that the file lacks', async () => {
  const tensors = readTensors(GOLDEN_FOLDER, 'plain_window16');
  const some = tensors.get('param/norms.0.bias')!;
  const more: Tensors = new Map([...tensors, ['param/norms.7.bias', some]]);
  const failed = (await check('plain_window16', more)).filter((one) => !passed(one));
  expect(failed.map(({ what, error }) => [what, error])).toEqual([
    ['param/norms.7.bias', 'nothing is compared with it'],
  ]);

  tensors.delete('param/norms.0.bias');
  await expect(check('plain_window16', tensors)).rejects.toThrow('norms.0.bias: missing, needs [32]');
});

test('a model whose batch has another shape than the JSON file says is refused', async () => {
  const tensors = readTensors(GOLDEN_FOLDER, 'plain_window16');
  tensors.set('in/ids', { dtype: 'I32', shape: [2, 64], data: new Int32Array(128) });
  await expect(check('plain_window16', tensors)).rejects.toThrow(
    'in/ids: given [2, 64], needs [2, 65] as batch and n in the JSON file say',
  );
});
