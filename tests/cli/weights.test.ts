import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { headerOf } from '../../src/cli/train/header.ts';
import { readWeights, writeRun } from '../../src/cli/train/run-file.ts';
import { makeCorpus } from '../../src/data/corpus.ts';
import type { DeviceInfo } from '../../src/gpu/adapter-info.ts';
import { emptyCheckpoint } from '../support/empty-checkpoint.ts';
import { tinyHierarchy, tinyRun } from '../support/tiny-model.ts';

const trained = tinyRun({ training: { seed: 3 } });
const values = new Map([['w', { shape: [2], data: Float32Array.of(1, 2) }]]);

async function fileWith(changes: Parameters<typeof emptyCheckpoint>[0]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'strata-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'whale.safetensors');
  await writeRun(path, emptyCheckpoint({ config: trained, weights: values, ...changes }), '--save-model');
  return path;
}

it('takes the weights of a file, under the name of their run, or of the file where it has none', async () => {
  const named = await readWeights(await fileWith({ name: 'wide 4x' }), [tinyRun()]);
  expect(named).toMatchObject({ of: { name: 'wide 4x', step: 5 }, values });
  const unnamed = await readWeights(await fileWith({}), [tinyRun()]);
  expect(unnamed.of).toEqual({ ...named.of, name: 'whale.safetensors' });
});

it('says of weights of another model what differs, in which configuration, and what their run was trained with', async () => {
  const wide = tinyRun({ model: { hierarchies: [tinyHierarchy(1, { window: 4 }), tinyHierarchy(4, { dim: 96 })] } });
  const path = await fileWith({});
  const refused = readWeights(path, [wide]);
  await expect(refused).rejects.toThrow(
    `--weights: ${path}: trained with width of 4× 8, the configuration has 96; its run was trained with --config "v=1&`,
  );
  await expect(readWeights(path, [trained, wide])).rejects.toThrow('the configuration of --versus has 96');
  await expect(readWeights(path, [trained, tinyRun()])).resolves.toBeDefined();
});

it('names the option and the file that cannot be read', async () => {
  await expect(readWeights('/none/at/all', [trained])).rejects.toThrow(/^--weights: \/none\/at\/all: ENOENT/);
});

it('says in the first line of JSON which weights a run began with, also of one that goes on', async () => {
  const { of } = await readWeights(await fileWith({}), [trained]);
  const corpus = makeCorpus('words', new TextEncoder().encode('the whale swam under the ship '.repeat(40)));
  const parts = { config: trained, corpus, adapter: {} as DeviceInfo, facts: {}, from: undefined };
  expect(await headerOf({ ...parts, weights: of })).toMatchObject({ fromStep: 0, firstWeights: of });
  const from = emptyCheckpoint({ firstWeights: of });
  expect(await headerOf({ ...parts, from, weights: undefined })).toMatchObject({ fromStep: 5, firstWeights: of });
  expect(await headerOf({ ...parts, weights: undefined })).not.toHaveProperty('firstWeights');
});
