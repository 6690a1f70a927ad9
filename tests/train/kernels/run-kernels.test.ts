import { afterEach, describe, expect, test, vi } from 'vitest';
import { Gpu } from '../../../src/gpu/device.ts';
import { matrixFor, type SubgroupMatrix } from '../../../src/gpu/subgroup-matrix.ts';
import { kernelProbes } from '../../../src/model/kernel-probes.ts';
import { EagerSession } from '../../../src/tensor/eager.ts';
import type { ActivationType } from '../../../src/tensor/tensor.ts';
import { SMALL_GPU, TUNINGS } from '../../../src/tensor/tuning.ts';
import { recordProbe, runsAlike } from '../../../src/train/kernels/probe-run.ts';
import {
  HALF_TOLERANCE,
  isAlike,
  kernelsEvent,
  kernelsOfRun,
  kernelsToResume,
  kernelsToSave,
} from '../../../src/train/kernels/run-kernels.ts';
import { UPDATE_PROBE } from '../../../src/train/kernels/update-probe.ts';
import { TrainingSession } from '../../../src/train/passes/training-session.ts';
import { emulatingMatrices, largestSubgroup } from '../../support/emulated-matrices.ts';
import { gpu } from '../../support/gpu.ts';
import { sabotage } from '../../support/sabotage.ts';
import { tinyModel, tinyRun } from '../../support/tiny-model.ts';

const found = await gpu();
const subgroupSize = largestSubgroup((await found.requestAdapter())!);
const SINGLE: SubgroupMatrix = { side: 8, component: 'f32', subgroupSize };
const HALF: SubgroupMatrix = { side: 8, component: 'f16', subgroupSize };
const choice = { tuning: TUNINGS.software, replaced: [], passedOver: [], wrong: [], checked: [], remembered: false };

afterEach(() => {
  vi.restoreAllMocks();
});

async function deviceWith(...subgroupMatrices: SubgroupMatrix[]): Promise<Gpu> {
  const device = await Gpu.open(emulatingMatrices(found));
  return Object.create(device, { info: { value: { ...device.info, subgroupMatrices } } }) as Gpu;
}

test('a run that asks for nothing has the kernels of its adapter', async () => {
  const device = await Gpu.open(found);
  expect(await kernelsOfRun(device, choice, tinyRun({ training: {} }))).toEqual({ ...choice, activations: 'f32' });
  expect(device.counts.pipelinesCreated).toBe(0);
});

test.each([
  ['a large GPU', TUNINGS.gpu, 'a small one', SMALL_GPU, true],
  ['a small GPU', SMALL_GPU, 'a large one', TUNINGS.gpu, true],
  ['a GPU', TUNINGS.gpu, 'a CPU', TUNINGS.software, false],
  ['a CPU', TUNINGS.software, 'a small GPU', SMALL_GPU, false],
])('whether kernels of a run on %s suit %s: %s', (_saved, kernels, _present, present, suits) => {
  expect(isAlike(kernels, present)).toBe(suits);
});

test('a run whose kernels for f16 cannot be compiled or compute something else stores f32, and says so', async () => {
  const device = await Gpu.open(found);
  const { activations, replaced } = await kernelsOfRun(device, choice, tinyRun({ training: { halfPrecision: true } }));
  if (device.info.features.includes('shader-f16'))
    expect({ activations, replaced }).toEqual({ activations: 'f16', replaced: [] });
  else {
    expect(activations).toBe('f32');
    expect(replaced).toEqual([expect.stringMatching(/^Kernels that store 16-bit activations do not run: /)]);
  }
  expect(device.counts).toMatchObject({ buffersAlive: 0, bytesAlive: 0 });
});

test('a run that wants f16 has all kinds of kernels compared that read or leave activations, and the update', async () => {
  const device = await Gpu.open(found);
  const labels = new Set<string>();
  vi.spyOn(EagerSession.prototype, 'run').mockImplementation(async function (this: EagerSession) {
    if (this.graph.activations === 'f16') for (const { kernel } of this.graph.dispatches) labels.add(kernel.label);
    return {};
  });
  const { activations } = await kernelsOfRun(device, choice, tinyRun({ training: { halfPrecision: true } }));
  expect(activations).toBe('f16');
  const files = new Set([...labels].map((label) => label.split('/')[0]));
  const normed = ['norm-single', 'concat-norm', 'concat-norm-dpart', 'cosine-loss', 'embedding'];
  expect([...files]).toEqual(expect.arrayContaining(['matmul', 'attention-direct', ...normed, 'global-norm', 'adam']));
});

const probes = [...kernelProbes({ headWidths: [], aligned: true }).reductions, UPDATE_PROBE];
test.each(probes.map(({ of, record }) => [of.trim() || 'in norms', { of, record }] as const))(
  'rounding to f16 %s is within what the check allows',
  async (_, probe) => {
    const device = await Gpu.open(found);
    const run = async (activations: ActivationType) => {
      const { session, outputs } = recordProbe(device, probe, { tuning: TUNINGS.software, activations });
      return session.run(outputs);
    };
    expect(await runsAlike(device, () => run('f16-rounded'), await run('f32'), HALF_TOLERANCE)).toBeNull();
  },
);

test('a run that goes on has the kernels of its adapter where those it was saved with are wrong there', async () => {
  const device = await Gpu.open(found);
  sabotage(device, { 'other < min(lanes, FOLDED)': 'other < 1u' });
  const tuning = { ...TUNINGS.software, reductions: 'shared' as const };
  const saved = kernelsToSave({ ...choice, tuning, activations: 'f32' });
  const kernels = await kernelsToResume(device, choice, tinyRun(), saved);
  expect(kernels).toEqual({ ...choice, activations: 'f32', savedWith: saved.variants });
});

describe('subgroup matrices', () => {
  test('are used where a run asks for them and they compute the same', async () => {
    const device = await deviceWith(HALF, SINGLE);
    const kernels = await kernelsOfRun(device, choice, tinyRun({ training: { subgroupMatrices: true } }));
    expect(kernels.tuning).toEqual({ ...TUNINGS.software, subgroupMatrix: SINGLE });
    expect(kernels.replaced).toEqual([]);
    expect(kernelsEvent(kernels).variants).toContain('products by subgroup matrices 8x8 of f32; attention direct');
  });

  test.each([
    ['differ from the plain kernel in ', 'block * FRAGMENT + quad;', 'block * FRAGMENT;'],
    ['do not run: ', 'fn spill(', 'fn spill spill('],
  ])('that %s... are not, and the run says so', async (fault, text, other) => {
    const device = await deviceWith(SINGLE);
    sabotage(device, { [text]: other });
    const { tuning, replaced } = await kernelsOfRun(device, choice, tinyRun({ training: { subgroupMatrices: true } }));
    expect(tuning).toEqual(TUNINGS.software);
    expect(replaced).toEqual([expect.stringContaining(`Products by subgroup matrices 8x8 of f32 ${fault}`)]);
    expect(device.counts).toMatchObject({ buffersAlive: 0, bytesAlive: 0 });
  });

  test('are compiled at once with what they are compared with, before anything runs', async () => {
    const device = await deviceWith(SINGLE);
    const compiled: number[] = [];
    const { run } = EagerSession.prototype;
    vi.spyOn(EagerSession.prototype, 'run').mockImplementation(function (this: EagerSession, outputs) {
      compiled.push(device.counts.pipelinesCreated);
      return run.call(this, outputs);
    });
    await kernelsOfRun(device, choice, tinyRun({ training: { subgroupMatrices: true } }));
    expect(compiled.length).toBeGreaterThan(2);
    expect(new Set(compiled)).toEqual(new Set([device.counts.pipelinesCreated]));
  });

  test('are not used where the kernels that they are compared with do not run, and the run says so', async () => {
    const device = await deviceWith(SINGLE);
    sabotage(device, { 'fn erf_cody(': 'fn erf cody(' });
    const { tuning, replaced } = await kernelsOfRun(device, choice, tinyRun({ training: { subgroupMatrices: true } }));
    expect(tuning).toEqual(TUNINGS.software);
    expect(replaced).toEqual([
      expect.stringMatching('^Products by subgroup matrices 8x8 of f32 could not be compared: '),
    ]);
    expect(device.counts).toMatchObject({ buffersAlive: 0, bytesAlive: 0 });
  });

  test('are not saved with a run, whose configuration asks for them anyway', () => {
    const kernels = { ...choice, tuning: { ...TUNINGS.gpu, subgroupMatrix: SINGLE }, activations: 'f32' as const };
    const saved = kernelsToSave(kernels);
    expect(saved.tuning).toEqual(TUNINGS.gpu);
    expect(saved.variants).toContain('subgroup matrices 8x8 of f32');
  });

  test('of f16 are only for runs that store f16, whose losses are scaled', () => {
    expect(matrixFor([HALF], 'f32')).toBeUndefined();
    expect(matrixFor([HALF, SINGLE], 'f32')).toBe(SINGLE);
    expect(matrixFor([HALF, SINGLE], 'f16')).toBe(HALF);
  });

  test('train as the plain kernels do', async () => {
    const device = await deviceWith(SINGLE);
    const losses = async (subgroupMatrix?: SubgroupMatrix): Promise<number[]> => {
      const found: number[] = [];
      const session = await TrainingSession.create(device, {
        model: tinyModel(),
        batchSize: 2,
        accumulation: 1,
        seed: 1,
        tuning: { ...TUNINGS.software, subgroupMatrix },
        onRecord: (record) => void found.push(record[0]),
      });
      const hyper = { learningRate: 3e-3, clip: 0.5, weightDecay: 0, ceWeight: 1, reconWeight: 0.1, arWeight: 0.25 };
      for (let step = 0; step < 8; step++) {
        session.replay.submit(
          1,
          (ids) => ids.forEach((_, i) => (ids[i] = 97 + ((i * i + step) % 20))),
          () => hyper,
        );
      }
      await session.replay.ring.atMost(0);
      session.destroy();
      return found;
    };
    const expected = await losses();
    const byMatrices = await losses(SINGLE);
    expect(byMatrices).toHaveLength(8);
    byMatrices.forEach((loss, step) => expect(loss).toBeCloseTo(expected[step], 4));
  });
});
