import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { compileAhead } from '../../../src/train/passes/compile-ahead.ts';
import { TrainingSession } from '../../../src/train/passes/training-session.ts';
import { gpu } from '../../support/gpu.ts';

const config = presetConfig('micro');

test('a run finds all pipelines of its steps there, and no memory has been taken', async () => {
  const device = await Gpu.open(await gpu());
  await compileAhead(device, config, new AbortController().signal);
  const { pipelinesCreated, bytesAlive } = device.counts;
  expect(pipelinesCreated).toBeGreaterThan(20);
  expect(bytesAlive).toBe(0);

  const { model, training } = config;
  const { batchSize, accumulation, seed } = training;
  const session = await TrainingSession.create(device, { model, batchSize, accumulation, seed, onRecord: () => {} });
  expect(device.counts.pipelinesCreated).toBe(pipelinesCreated);
  expect(session.pipelineCount).toBe(pipelinesCreated);
  session.destroy();
});

test('kernels that are only checked when a run begins are not compiled', async () => {
  const device = await Gpu.open(await gpu());
  const { signal } = new AbortController();
  for (const wish of [{ halfPrecision: true }, { subgroupMatrices: true }]) {
    await compileAhead(device, { ...config, training: { ...config.training, ...wish } }, signal);
  }
  expect(device.counts.pipelinesCreated).toBe(0);
});

test('it ends after one pipeline once it is told to', async () => {
  const device = await Gpu.open(await gpu());
  const abort = new AbortController();
  const compiling = compileAhead(device, config, abort.signal);
  abort.abort();
  await compiling;
  expect(device.counts.pipelinesCreated).toBe(1);
});
