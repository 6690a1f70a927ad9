import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { KeptText } from '../../../src/data/kept-text.ts';
import type { DeviceInfo } from '../../../src/gpu/adapter-info.ts';
import type { Gpu } from '../../../src/gpu/device.ts';
import { kernelTraits } from '../../../src/model/kernel-traits.ts';
import { TUNINGS, tuningFor, type Tuning } from '../../../src/tensor/tuning.ts';
import { checkKernels } from '../../../src/train/kernels/kernel-check.ts';
import { chooseKernels } from '../../../src/train/kernels/kernel-choice.ts';
import { kernelFingerprint } from '../../../src/train/kernels/kernel-fingerprint.ts';
import { KernelMemory } from '../../../src/train/kernels/kernel-memory.ts';
import { fastestKernels } from '../../../src/train/kernels/kernel-timing.ts';
import { checkKnownAnswer } from '../../../src/train/kernels/known-answer.ts';
import { shaders } from '../../support/sources.ts';
import { textInMemory } from '../../support/text-in-memory.ts';
import { tinyRun } from '../../support/tiny-model.ts';

vi.mock('../../../src/train/kernels/kernel-check.ts');
vi.mock('../../../src/train/kernels/known-answer.ts');
vi.mock('../../../src/train/kernels/kernel-timing.ts', async (original) => ({
  ...(await original<object>()),
  fastestKernels: vi.fn<typeof fastestKernels>(),
}));

const measured: Tuning = {
  ...TUNINGS.gpu,
  matmul: { few: '32x32/4x4 in 4 ahead', small: '64x64/4x4', medium: '64x64/4x4', large: '128x64/8x8' },
};
const sound = { tuning: measured, replaced: [], passedOver: [], wrong: [], checked: ['Products.'] };
const faulty = {
  ...sound,
  tuning: { ...measured, attention: 'direct' as const },
  replaced: ['Attention kernels differ.'],
  passedOver: [],
};

/** An adapter by what tells it from others. */
const infoOf = (description: string, features: string[] = []) =>
  ({ vendor: 'some', architecture: 'gpu', description, software: false, features }) as DeviceInfo;
const memoryIn = (text: KeptText, runtime = 'Browser 1', kernels = 'aaaa') =>
  new KernelMemory(
    text,
    () => runtime,
    () => kernels,
  );
const recall = (memory: KernelMemory, info: DeviceInfo) => memory.recall(info, tuningFor(info));

const rejecting: KeptText = {
  read: () => Promise.reject(new Error('unreadable')),
  write: () => Promise.reject(new Error('full')),
};
const silent: KeptText = { read: () => new Promise(() => {}), write: () => new Promise(() => {}) };

beforeEach(() => {
  vi.mocked(fastestKernels).mockImplementation(async (_, usual) => ({
    tuning: { ...usual, matmul: measured.matmul },
    passedOver: [],
  }));
  vi.mocked(checkKernels).mockImplementation(async (_, choice) => ({ ...choice, checked: ['Products.'] }));
  vi.mocked(checkKnownAnswer).mockImplementation(async (_, choice) => choice);
});
afterEach(() => {
  vi.clearAllMocks();
  vi.useRealTimers();
});

/** An entry that anything can have happened to. */
type Loose = Record<string, unknown>;
type LooseEntry = Loose & { tuning: Loose & { matmul: Loose } };

describe('a memory of choices', () => {
  const info = infoOf('One');

  it('gives back what was kept, to a later process too', async () => {
    const text = textInMemory();
    expect(await recall(memoryIn(text), info)).toBeNull();
    await memoryIn(text).keep(info, faulty);
    expect(await recall(memoryIn(text), info)).toEqual(faulty);
  });

  it('knows nothing of other adapters, runtimes and kernels', async () => {
    const text = textInMemory();
    await memoryIn(text).keep(info, sound);
    expect(await recall(memoryIn(text), info)).toEqual(sound);
    expect(await recall(memoryIn(text), infoOf('Other'))).toBeNull();
    expect(await recall(memoryIn(text), infoOf('One', ['shader-f16']))).toBeNull();
    expect(await recall(memoryIn(text, 'Browser 2'), info)).toBeNull();
    expect(await recall(memoryIn(text, 'Browser 1', 'bbbb'), info)).toBeNull();
  });

  it('has one entry for each adapter, and no more than eight', async () => {
    const text = textInMemory();
    for (const runtime of ['Browser 1', 'Browser 2', 'Browser 3']) await memoryIn(text, runtime).keep(info, sound);
    expect(JSON.parse(text.text!)).toHaveLength(1);
    for (let i = 0; i < 12; i++) await memoryIn(text).keep(infoOf(`GPU ${i}`), sound);
    expect(JSON.parse(text.text!)).toHaveLength(8);
    expect(await recall(memoryIn(text), infoOf('GPU 11'))).toEqual(sound);
    expect(await recall(memoryIn(text), infoOf('GPU 4'))).toEqual(sound);
    expect(await recall(memoryIn(text), infoOf('GPU 3'))).toBeNull();
  });

  it.each([
    ['a month', info, sound, 30],
    ['a day, where something was replaced', info, faulty, 1],
    ['a day, where something is wrong', info, { ...sound, wrong: ['A step comes out otherwise.'] }, 1],
    ['a day, where nothing tells the adapter from another', { ...info, vendor: '' }, sound, 1],
  ])('counts for %s', async (_, info, choice, days) => {
    const day = 24 * 3600 * 1000;
    vi.useFakeTimers({ now: 1e12, toFake: ['Date'] });
    const text = textInMemory();
    await memoryIn(text).keep(info, choice);
    vi.setSystemTime(1e12 + days * day - 1);
    expect(await recall(memoryIn(text), info)).toEqual(choice);
    vi.setSystemTime(1e12 + days * day);
    expect(await recall(memoryIn(text), info)).toBeNull();
    vi.setSystemTime(1e12 - 1);
    expect(await recall(memoryIn(text), info)).toBeNull();
  });

  it.each([
    ['gradients of products are made one after the other', { jointGradients: false }],
    ['hierarchies share no dispatches', { sharedDispatches: false }],
  ])('counts where %s', async (_, slower) => {
    const apart = { ...sound, tuning: { ...measured, ...slower } };
    const text = textInMemory();
    await memoryIn(text).keep(info, apart);
    expect(await recall(memoryIn(text), info)).toEqual(apart);
  });

  it.each([
    ['nothing', ''],
    ['half a text', '[{"adapter":"so'],
    ['two texts', '[][]'],
    ['a number', '7'],
    ['null', 'null'],
    ['an object', '{"length":1}'],
    ['entries of other forms', '[null,7,"x",[],{},{"adapter":1}]'],
  ])('takes %s for an empty one, and replaces it', async (_, content) => {
    const text = textInMemory(content);
    expect(await recall(memoryIn(text), info)).toBeNull();
    await memoryIn(text).keep(info, sound);
    expect(await recall(memoryIn(text), info)).toEqual(sound);
  });

  it.each<[string, (entry: LooseEntry) => void]>([
    ['no tuning', (entry: Loose) => delete entry.tuning],
    ['an unknown tile', ({ tuning }) => (tuning.matmul.large = '1x1/1x1')],
    ['a tile of another size', ({ tuning }) => (tuning.matmul.large = '32x32/4x4')],
    ['no tile for a size', ({ tuning }) => delete tuning.matmul.small],
    ['null for a tile', ({ tuning }) => (tuning.matmul.small = null)],
    ['a size that there is not', ({ tuning }) => (tuning.matmul.huge = '128x128/8x8')],
    ['an unknown product', ({ tuning }: { tuning: Loose }) => (tuning.matmul = 'constructor')],
    ['unknown attention', ({ tuning }) => (tuning.attention = 'none')],
    ['sums by subgroups, which the adapter has not', ({ tuning }) => (tuning.reductions = 'subgroup')],
    ['an impossible number of lanes', ({ tuning }) => (tuning.lossLanes = 0)],
    ['a number as a text', ({ tuning }) => (tuning.parallelTiles = '256')],
    ['a field more', ({ tuning }) => (tuning.other = 1)],
    ['a field less', ({ tuning }) => delete tuning.attention],
    ['a sentence that is none', (entry) => (entry.replaced = [{}])],
    ['no sentences', (entry) => delete entry.replaced],
    ['nothing of what is wrong', (entry) => delete entry.wrong],
    ['no time', (entry) => (entry.madeAt = 'yesterday')],
  ])('ignores an entry with %s', async (_, change) => {
    const text = textInMemory();
    await memoryIn(text).keep(info, sound);
    const entries = JSON.parse(text.text!);
    change(entries[0]);
    text.text = JSON.stringify(entries);
    expect(await recall(memoryIn(text), info)).toBeNull();
  });

  it('takes every variant that a choice can end with', async () => {
    const { matmul, attention, reductions, lossLanes } = TUNINGS.software;
    const subgroups = infoOf('One', ['subgroups']);
    const usual = tuningFor(subgroups);
    const changes = [{}, { matmul }, { attention }, { reductions }, { reductions: 'shared' as const }, { lossLanes }];
    for (const change of changes) {
      const text = textInMemory();
      const choice = { ...sound, tuning: { ...usual, ...change } };
      await memoryIn(text).keep(subgroups, choice);
      expect(await recall(memoryIn(text), subgroups), JSON.stringify(change)).toEqual(choice);
    }
  });

  it('takes a variant that only some adapters have if this one has it, or without it', async () => {
    const text = textInMemory();
    const { matmul, ...others } = TUNINGS.gpu;
    const withMatrices = (side: number) => ({ matmul, matrices: { side }, ...others }) as Tuning;
    await memoryIn(text).keep(info, { ...sound, tuning: withMatrices(8) });
    expect(await memoryIn(text).recall(info, withMatrices(8))).not.toBeNull();
    expect(await memoryIn(text).recall(info, withMatrices(16))).toBeNull();
    expect(await memoryIn(text).recall(info, TUNINGS.gpu)).toBeNull();
    await memoryIn(text).keep(info, { ...sound, tuning: TUNINGS.gpu });
    expect(await memoryIn(text).recall(info, withMatrices(8))).not.toBeNull();
  });

  it('is empty, and does no harm, where the storage fails', async () => {
    await memoryIn(rejecting).keep(info, sound);
    expect(await recall(memoryIn(rejecting), info)).toBeNull();
    const unknown = new KernelMemory(textInMemory(), () => {
      throw new Error('no runtime');
    });
    await unknown.keep(info, sound);
    expect(await recall(unknown, info)).toBeNull();
  });
});

describe('choosing with a memory', () => {
  const asGpu = (info: DeviceInfo, lost = false) => ({ info, isLost: async () => lost }) as unknown as Gpu;
  const { model } = tinyRun();
  const choose = (gpu: Gpu, memory: KernelMemory) => chooseKernels({ gpu, model, memory });
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

  it('measures what is not known, and keeps it', async () => {
    const info = infoOf('Unknown so far');
    const text = textInMemory();
    vi.mocked(checkKernels).mockResolvedValue(faulty);
    expect(await choose(asGpu(info), memoryIn(text))).toEqual({ ...faulty, remembered: false });
    await settled();
    expect(await memoryIn(text).recall(info, TUNINGS.gpu)).toEqual(faulty);
  });

  it('says and keeps what comes out wrong by all kernels', async () => {
    const info = infoOf('Computes wrong results');
    const text = textInMemory();
    const wrong = ['A step comes out otherwise.'];
    vi.mocked(checkKnownAnswer).mockImplementation(async (_, choice) => ({ ...choice, wrong }));
    expect(await choose(asGpu(info), memoryIn(text))).toEqual({ ...sound, wrong, remembered: false });
    await settled();
    expect(await recall(memoryIn(text), info)).toEqual({ ...sound, wrong });
  });

  it('says and keeps what was faster but rounded otherwise', async () => {
    const info = infoOf('Rounds otherwise');
    const text = textInMemory();
    const passedOver = ['Attention kernels are faster but round otherwise.'];
    vi.mocked(fastestKernels).mockResolvedValue({ tuning: measured, passedOver });
    const expected = { ...sound, passedOver };
    expect(await choose(asGpu(info), memoryIn(text))).toEqual({ ...expected, remembered: false });
    await settled();
    expect(await recall(memoryIn(text), info)).toEqual(expected);
  });

  it('neither measures nor keeps what is known and checked', async () => {
    const info = infoOf('Known');
    const text = textInMemory();
    await memoryIn(text).keep(info, faulty);
    const write = vi.spyOn(text, 'write');
    expect(await choose(asGpu(info), memoryIn(text))).toEqual({ ...faulty, remembered: true });
    await settled();
    expect(fastestKernels).not.toHaveBeenCalled();
    expect(checkKernels).toHaveBeenCalledExactlyOnceWith(expect.anything(), faulty, kernelTraits(model));
    expect(write).not.toHaveBeenCalled();
  });

  it('keeps what is checked besides for another model', async () => {
    const info = infoOf('Known for some models');
    const text = textInMemory();
    await memoryIn(text).keep(info, sound);
    const more = { ...sound, checked: [...sound.checked, 'Heads of width 6.'] };
    vi.mocked(checkKernels).mockResolvedValue(more);
    expect(await choose(asGpu(info), memoryIn(text))).toEqual({ ...more, remembered: false });
    await settled();
    expect(await recall(memoryIn(text), info)).toEqual(more);
    expect(fastestKernels).not.toHaveBeenCalled();
  });

  it.each([
    ['fails', rejecting],
    ['never answers', silent],
  ])('measures when the storage %s', async (what, text) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const choice = choose(asGpu(infoOf(`Storage ${what}`)), memoryIn(text));
    await vi.advanceTimersByTimeAsync(300);
    expect(checkKernels).toHaveBeenCalledOnce();
    expect(await choice).toEqual({ ...sound, remembered: false });
  });

  it('keeps nothing of a device that is lost', async () => {
    const text = textInMemory();
    await choose(asGpu(infoOf('Lost'), true), memoryIn(text));
    await settled();
    expect(checkKernels).toHaveBeenCalledOnce();
    expect(text.text).toBeNull();
  });

  it('leaves the storage alone for adapters that compute on the CPU', async () => {
    const text = textInMemory();
    const [read, write] = [vi.spyOn(text, 'read'), vi.spyOn(text, 'write')];
    const choice = await choose(asGpu({ ...infoOf('Some CPU'), software: true }), memoryIn(text));
    expect(choice).toEqual({
      tuning: TUNINGS.software,
      replaced: [],
      passedOver: [],
      wrong: [],
      checked: [],
      remembered: false,
    });
    await settled();
    expect(read).not.toHaveBeenCalled();
    expect(write).not.toHaveBeenCalled();
  });
});

test('the fingerprint of the kernels is that of the shaders', () => {
  const own = Object.fromEntries(
    shaders.filter(([path]) => !path.startsWith('bench-')).map(([path, text]) => [`../../../shaders/${path}`, text]),
  );
  expect(kernelFingerprint()).toBe(kernelFingerprint(own));
  const changed = { ...own, '../../../shaders/attention.wgsl': `${own['../../../shaders/attention.wgsl']} ` };
  expect(kernelFingerprint(changed)).not.toBe(kernelFingerprint());
});
