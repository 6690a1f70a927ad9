import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeCorpus } from '../../../src/data/corpus.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { Stopwatch } from '../../../src/gpu/stopwatch.ts';
import { kernelTraits } from '../../../src/model/kernel-traits.ts';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import { describeTuning, TUNINGS, tuningFor, type Tuning } from '../../../src/tensor/tuning.ts';
import { checkKernels, type KernelChoice } from '../../../src/train/kernels/kernel-check.ts';
import { chooseKernels } from '../../../src/train/kernels/kernel-choice.ts';
import { fastestKernels } from '../../../src/train/kernels/kernel-timing.ts';
import { checkKnownAnswer } from '../../../src/train/kernels/known-answer.ts';
import { kernelsEvent } from '../../../src/train/kernels/run-kernels.ts';
import { KernelMemory } from '../../../src/train/kernels/kernel-memory.ts';
import { Trainer } from '../../../src/train/trainer.ts';
import { gpu } from '../../support/gpu.ts';
import { sabotage } from '../../support/sabotage.ts';
import { textInMemory } from '../../support/text-in-memory.ts';
import { tinyRun } from '../../support/tiny-model.ts';

// What it does with a GPU is tested beside this; here it counts what becomes of its answer.
vi.mock('../../../src/train/kernels/kernel-timing.ts', { spy: true });
vi.mock('../../../src/train/kernels/known-answer.ts', { spy: true });

let device: Gpu;
beforeEach(async () => {
  device = await Gpu.open(await gpu());
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** The device as if it were a GPU of this name, without the features that have variants. */
function disguised(description: string): Gpu {
  const info = { ...device.info, description, software: false, features: ['timestamp-query'] };
  return Object.create(device, { info: { value: info } }) as Gpu;
}

/** The variants in question, of which nothing is known. */
const unchecked = (tuning: Tuning): KernelChoice => ({ tuning, replaced: [], passedOver: [], wrong: [], checked: [] });

/** Names the one check that is no comparison. */
const KNOWN = 'A training step with known results';

describe('the choice for an adapter', () => {
  const { model } = tinyRun();
  const corpus = makeCorpus('words', new TextEncoder().encode('the ship sailed on '.repeat(90)));

  it('is made without running anything where the plain kernels suit it', async () => {
    const compiled = device.counts.pipelinesCreated;
    const info = { ...device.info, features: [] };
    const plain = Object.create(device, { info: { value: info } }) as Gpu;
    const expected = { ...unchecked(TUNINGS.software), remembered: false };
    expect(await chooseKernels({ gpu: plain, model })).toEqual(expected);
    expect(device.counts.pipelinesCreated).toBe(compiled);
  });

  it('that computes on the CPU and has subgroups is checked, too', async () => {
    vi.spyOn(Stopwatch.prototype, 'time').mockResolvedValue(10);
    const info = { ...device.info, description: 'Some CPU', software: true, features: ['subgroups'] };
    const cpu = Object.create(device, { info: { value: info } }) as Gpu;
    expect(await chooseKernels({ gpu: cpu, model })).toMatchObject({
      tuning: { ...TUNINGS.software, matmul: 'quads', attention: 'quads' },
      replaced: [],
      passedOver: [],
      remembered: false,
    });
    expect(device.counts.bindGroupsCreated).toBeGreaterThan(0);
  });

  it('is made once, told before a run starts, and used by it', async () => {
    const passedOver = ['Dispatches of one hierarchy each are faster, but round otherwise.'];
    const fastest: Tuning = { ...TUNINGS.gpu, jointGradients: false };
    vi.mocked(fastestKernels).mockResolvedValueOnce({ tuning: fastest, passedOver });
    const wrong = ['A step comes out otherwise.'];
    vi.mocked(checkKnownAnswer).mockImplementationOnce(async (_, choice) => ({
      ...choice,
      wrong,
      checked: [...choice.checked, KNOWN],
    }));
    sabotage(device, { 'let shrink = exp(': 'let shrink = 1.5 * exp(' });
    const other = disguised('Some GPU');
    const events: WorkerEvent[] = [];
    const emit = (event: WorkerEvent): void => void events.push(event);
    const trainer = await Trainer.create({
      gpu: other,
      runId: 1,
      config: tinyRun({ training: { steps: 2 } }),
      corpus,
      emit,
      autoSample: false,
    });
    await trainer.resume();
    await trainer.stop();
    const tuning = { ...fastest, attention: 'direct' as const };
    expect(tuningFor(other.info)).toEqual(tuning);
    expect(events[0]).toEqual({
      type: 'kernels',
      variants: `${describeTuning(tuning)}; activations f32`,
      replaced: [expect.stringContaining('Attention kernels by tiles for heads of width 8 differ')],
      passedOver,
      wrong,
      remembered: false,
    });
    expect(events.at(-1)!.type).toBe('done');
    const runs = other.counts.bindGroupsCreated;
    expect((await chooseKernels({ gpu: other, model })).tuning).toEqual(tuning);
    expect(other.counts.bindGroupsCreated).toBe(runs);
    expect(vi.mocked(fastestKernels).mock.calls.filter(([timed]) => timed === other)).toEqual([[other, TUNINGS.gpu]]);
  });

  it('is used as it was made on an earlier visit, without running anything, and told as that', async () => {
    const other = disguised('GPU of an earlier visit');
    const tuning = { ...TUNINGS.gpu, attention: 'direct' as const };
    const replaced = ['Attention kernels by tiles differ.'];
    const memory = new KernelMemory(textInMemory(), () => 'Browser 1');
    const wanted = { tuning, replaced, passedOver: [], wrong: [], checked: [KNOWN] };
    await memory.keep(other.info, await checkKernels(device, wanted, kernelTraits(model)));
    const { pipelinesCreated, bindGroupsCreated } = other.counts;
    const choice = await chooseKernels({ gpu: other, model, memory });
    expect(other.counts).toMatchObject({ pipelinesCreated, bindGroupsCreated });
    expect(tuningFor(other.info)).toEqual(tuning);
    expect(kernelsEvent({ ...choice, activations: 'f32' })).toEqual({
      type: 'kernels',
      variants: `${describeTuning(tuning)}; activations f32`,
      replaced,
      passedOver: [],
      wrong: [],
      remembered: true,
    });
  });
});
