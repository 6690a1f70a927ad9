import { expect, onTestFinished, test, vi } from 'vitest';
import { makeCorpus } from '../../src/data/corpus.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { buildRun, type RunOptions } from '../../src/train/build-run.ts';
import { nullGpu } from '../support/null-gpu.ts';
import { tinyRun } from '../support/tiny-model.ts';

const corpus = makeCorpus('words', new TextEncoder().encode('the whale swam under the ship '.repeat(40)));

/** A device that computes nothing, and what is built on it. */
async function openBuilder() {
  const gpu = await Gpu.open(nullGpu);
  onTestFinished(() => gpu.close());
  const told: string[] = [];
  const options = { gpu, runId: 1, config: tinyRun(), corpus };
  const build = (changes: Partial<RunOptions> = {}) =>
    buildRun({ ...options, emit: ({ type }) => told.push(type), ...changes }, () => {});
  return { gpu, told, build };
}

test('a run that is given up while it compiles ends there, and leaves nothing behind', async () => {
  const { gpu, told, build } = await openBuilder();
  const giveUp = new AbortController();
  let before = 0;
  const emit: RunOptions['emit'] = (event) => {
    told.push(event.type);
    if (event.type === 'kernels') before = gpu.counts.buffersAlive;
    if (event.type === 'compiling' && event.done === 3) giveUp.abort(new Error('given up'));
  };
  await expect(build({ signal: giveUp.signal, emit })).rejects.toThrow('given up');
  expect(told.filter((type) => type === 'compiling')).toHaveLength(4);
  expect(gpu.counts.buffersAlive).toBe(before);
});

test('a run whose k-th buffer the device does not give leaves nothing behind, whatever k', async () => {
  const { gpu, build } = await openBuilder();
  const parts = await build();
  const count = gpu.counts.buffersAlive;
  parts.session.destroy();
  parts.validator.destroy();
  parts.texts.destroy();
  expect(gpu.counts.buffersAlive).toBe(0);

  const createBuffer = gpu.device.createBuffer.bind(gpu.device);
  for (let k = 0; k < count; k++) {
    let made = 0;
    const spy = vi.spyOn(gpu.device, 'createBuffer').mockImplementation((descriptor) => {
      const size = made++ === k ? 2 * gpu.limits.maxBufferSize : descriptor.size;
      return createBuffer({ ...descriptor, size });
    });
    await expect(build(), `buffer ${k}`).rejects.toThrow('Buffer');
    spy.mockRestore();
    expect(gpu.counts.buffersAlive, `buffer ${k}`).toBe(0);
  }
});
