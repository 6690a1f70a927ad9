import { afterEach, expect, it, vi } from 'vitest';
import { kernelProbes } from '../../src/model/kernel-probes.ts';
import { attentionProbabilities } from '../../src/ops/attention-probabilities.ts';
import { attention } from '../../src/ops/attention.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import type * as gridModule from '../../src/tensor/grid.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import type { AttentionCase } from '../support/reference/attention.ts';
import { attentionArgs } from '../support/run-attention.ts';
import { RunsOnDevice } from '../support/runs-on-device.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { tinyHierarchy, tinyRun } from '../support/tiny-model.ts';

/** How many workgroups a dispatch has in its first dimension at most: by far too many for a test, if nobody says otherwise. */
const limit = vi.hoisted(() => ({ most: 65_535 }));

vi.mock('../../src/tensor/grid.ts', async (importOriginal) => {
  const original = await importOriginal<typeof gridModule>();
  const grid: typeof original.grid = (count, perGroup) => {
    const [groups] = original.grid(count, perGroup);
    const y = Math.ceil(groups / limit.most);
    return [Math.ceil(groups / y), y, 1];
  };
  return { ...original, grid };
});

afterEach(() => {
  limit.most = 65_535;
});

const runs = new RunsOnDevice();

/** What a run has learned in a step. */
async function learned() {
  const hierarchies = [tinyHierarchy(1, { dim: 24, window: 4 }), tinyHierarchy(4, { dim: 16 })];
  const config = tinyRun({ model: { hierarchies, contextLength: 32 }, training: { batchSize: 4 } });
  const trainer = await runs.create({ config });
  await trainer.advance(1);
  const { weights } = await trainer.save();
  await trainer.stop();
  return weights;
}

it('a run whose workgroups lie in two dimensions is to the bit the one whose lie in a row', async () => {
  const inARow = await learned();
  limit.most = 2;
  expect(await learned()).toEqual(inARow);
});

it('so are the probabilities of attention', async () => {
  const shape: AttentionCase = { batch: 1, tokens: 41, heads: 2, dimHead: 6, window: 5, dilation: 2, rotary: 'plain' };
  const qkv = someNumbers(41 * 36, 1);
  const found = () => {
    const session = new EagerSession(runs.device);
    const args = attentionArgs(session, shape, qkv);
    const lse = session.graph.temporary('lse', [1, 41, 2]);
    attention({ ...args, lse });
    const selection = session.constant([2], new Uint32Array([0, 1]));
    return session.run({ probabilities: attentionProbabilities({ ...args, lse, selection }) });
  };
  const inARow = await found();
  limit.most = 2;
  expect(await found()).toEqual(inARow);
});

const probes = kernelProbes({ headWidths: [32, 64], aligned: false });

it.each(['reductions', 'lossLanes'] as const)(
  'so are the kernels of GPUs among which those of %s are chosen',
  async (kind) => {
    const found = async () => {
      const results = [];
      for (const { record } of probes[kind]) {
        const session = new EagerSession(runs.device, { training: true, tuning: TUNINGS.gpu });
        results.push(await session.run(record(session)));
      }
      return results;
    };
    const inARow = await found();
    limit.most = 2;
    expect(await found()).toEqual(inARow);
  },
);
