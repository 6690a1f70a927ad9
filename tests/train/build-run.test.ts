import { expect, onTestFinished, test, vi } from 'vitest';
import { makeCorpus } from '../../src/data/corpus.ts';
import { Sampler } from '../../src/data/sampler.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { buildRun } from '../../src/train/build-run.ts';
import { gpu } from '../support/gpu.ts';
import { tinyRun } from '../support/tiny-model.ts';

const corpus = makeCorpus(
  'numbers',
  Uint8Array.from({ length: 20_000 }, (_, i) => 32 + ((i * i * 7 + (i >> 6) * 13 + (i >> 3)) % 89)),
);

test('runs of one context are validated on the same sequences, whatever their seed and their batch', async () => {
  const device = await Gpu.open(await gpu());
  // Of no features, so that there are no kernels to be checked first.
  const plain = Object.create(device, { info: { value: { ...device.info, features: [] } } }) as Gpu;
  const sample = vi.spyOn(Sampler.prototype, 'sample');
  onTestFinished(() => sample.mockRestore());
  const sequences = async (seed: number, batchSize: number): Promise<string[]> => {
    sample.mockClear();
    const config = tinyRun({ training: { seed, batchSize } });
    const parts = await buildRun({ gpu: plain, runId: 1, config, corpus, emit: () => {} }, () => {});
    parts.texts.destroy();
    parts.validator.destroy();
    parts.session.destroy();
    const length = config.model.contextLength + 1;
    return sample.mock.calls.flatMap(([ids]) =>
      Array.from({ length: ids.length / length }, (_, row) => ids.slice(row * length, (row + 1) * length).join()),
    );
  };

  const all = await sequences(0, 4);
  expect(all).toHaveLength(32);
  expect(await sequences(7, 4)).toEqual(all);
  for (const batchSize of [1, 16]) expect(await sequences(0, batchSize)).toEqual(all);
  device.close();
});
