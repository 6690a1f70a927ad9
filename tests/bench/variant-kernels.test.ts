import { beforeAll, describe, expect, test, vi } from 'vitest';
import { attentionCase } from '../../src/bench/cases/attention.ts';
import { inputGradientCase, productCase, weightGradientCase } from '../../src/bench/cases/matmul.ts';
import { normCase } from '../../src/bench/cases/norm.ts';
import type { KernelCase, KernelVariant } from '../../src/bench/kernel-case.ts';
import { fullList, quickList } from '../../src/bench/kernel-list.ts';
import { measureKernel } from '../../src/bench/measure-kernel.ts';
import { Patience } from '../../src/bench/patience.ts';
import type { KernelRow, SuiteEvent } from '../../src/bench/report.ts';
import { variantKernels } from '../../src/bench/variant-kernels.ts';
import type { DeviceInfo } from '../../src/gpu/adapter-info.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { subgroupMatrices, SUBGROUP_MATRIX_FEATURE } from '../../src/gpu/subgroup-matrix.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { tuningFor } from '../../src/tensor/tuning.ts';
import { emulatingMatrices, largestSubgroup } from '../support/emulated-matrices.ts';
import { gpu } from '../support/gpu.ts';

const CEILINGS = { gflops: 1, gigabytes: 1, kernelGigabytes: 1, dispatchMicroseconds: 1, clock: 'gpu' } as const;

const SHAPE = { rows: 64, k: 36, n: 60 };
const CASES: KernelCase[] = [
  productCase(SHAPE),
  inputGradientCase(SHAPE),
  weightGradientCase(SHAPE),
  attentionCase({ batch: 2, tokens: 48, heads: 2, dimHead: 16, window: 8, dilation: 2 }),
  normCase({ batch: 2, length: 24, channels: 40, kind: 'layer', shift: 1 }),
];
const products = CASES.slice(0, 3);
const nameOf = ({ family, shape }: KernelCase): string => `${family} ${shape}`;

async function eventsOf(device: Gpu, kernelCase: KernelCase): Promise<SuiteEvent[]> {
  const events: SuiteEvent[] = [];
  const known = { ceilings: CEILINGS, patience: new Patience(1e6) };
  await measureKernel(device, kernelCase, known, (event) => events.push(event));
  return events;
}

async function rowsOf(device: Gpu, kernelCase: KernelCase): Promise<KernelRow[]> {
  const events = await eventsOf(device, kernelCase);
  const rows = events.filter((event) => event.kind === 'kernel');
  expect(events).toEqual(rows);
  expect(rows.length).toBeGreaterThan(0);
  return rows;
}

describe('f16 storage', () => {
  let device: Gpu;
  beforeAll(async () => {
    device = await Gpu.open(await gpu());
  });

  test.each(CASES.map((each) => [nameOf(each), each] as const))('of %s is right but for rounding', async (_, given) => {
    const [exact] = await rowsOf(device, given);
    const halves = await rowsOf(device, { ...given, variant: { name: 'rounded', activations: 'f16-rounded' } });

    expect(exact.deviation).toBeLessThan(1e-5);
    for (const { deviation } of halves) expect(deviation).toBeLessThan(2 ** -9);
    if (!device.info.features.includes('shader-f16')) return;
    for (const { deviation } of await rowsOf(device, { ...given, variant: { name: 'half', activations: 'f16' } }))
      expect(deviation).toBeLessThan(2 ** -9);
  });

  test('leaves the gradients of weights as exact as they are, given what was rounded', async () => {
    const [row] = await rowsOf(device, {
      ...weightGradientCase(SHAPE),
      variant: { name: 'rounded', activations: 'f16-rounded' },
    });

    expect(row.deviation).toBeLessThan(1e-5);
  });

  test('rounds results, and halves the bytes of what is stored so where it is f16', async () => {
    const bytes = async (activations: KernelVariant['activations']): Promise<number> => {
      const [row] = await rowsOf(device, { ...productCase(SHAPE), variant: { name: 'stored', activations } });
      return row.gigabytes * row.milliseconds * 1e6;
    };
    const [row] = await rowsOf(device, { ...productCase(SHAPE), variant: { name: 'r', activations: 'f16-rounded' } });

    expect(row.deviation).toBeGreaterThan(1e-5);
    expect(await bytes('f16-rounded')).toBeCloseTo(await bytes('f32'));
    if (!device.info.features.includes('shader-f16')) return;
    const { rows, k, n } = SHAPE;
    expect((await bytes('f32')) - (await bytes('f16'))).toBeCloseTo(2 * rows * (k + n));
  });
});

test.each(products.map((each) => [nameOf(each), each] as const))(
  '%s by subgroup matrices is right',
  async (_, given) => {
    const found = await gpu();
    const adapter = (await found.requestAdapter())!;
    const isNative = subgroupMatrices(adapter).length > 0;
    const device = await Gpu.open(isNative ? found : emulatingMatrices(found));
    if (!isNative) {
      device.info.features.push(SUBGROUP_MATRIX_FEATURE);
      device.info.subgroupMatrices = [{ side: 8, component: 'f32', subgroupSize: largestSubgroup(adapter) }];
    }
    const [matrix] = device.info.subgroupMatrices;
    const variant: KernelVariant = { name: 'matrices', matrix, feature: SUBGROUP_MATRIX_FEATURE };
    const dispatch = vi.spyOn(Graph.prototype, 'dispatch');
    const [row] = await rowsOf(device, { ...given, variant });
    const labels = dispatch.mock.calls.map(([{ label }]) => label);
    dispatch.mockRestore();

    expect(labels.some((label) => label.endsWith('/by_matrices'))).toBe(true);
    expect(row.deviation).toBeLessThan(2 ** -9);
  },
);

const INFO: DeviceInfo = {
  vendor: 'none',
  architecture: '',
  description: 'a made-up adapter',
  software: false,
  features: [],
  subgroupMatrices: [],
};

test('what an adapter lacks for a variant is named', () => {
  const matrix = { side: 8, component: 'f32' } as const;
  const half: KernelVariant = { name: 'half', activations: 'f16', feature: 'shader-f16' };
  const byMatrices: KernelVariant = { name: 'matrices', matrix, feature: SUBGROUP_MATRIX_FEATURE };
  const others = {
    ...INFO,
    features: ['shader-f16', SUBGROUP_MATRIX_FEATURE],
    subgroupMatrices: [{ side: 16, component: 'f16', subgroupSize: 32 } as const],
  };
  const those = { ...others, subgroupMatrices: [{ ...matrix, subgroupSize: 32 }] };

  expect(variantKernels(INFO, half)).toEqual({ missing: 'shader-f16' });
  expect(variantKernels(INFO, byMatrices)).toEqual({ missing: 'chromium-experimental-subgroup-matrix' });
  expect(variantKernels(others, byMatrices)).toEqual({ missing: 'subgroup matrices 8x8 of f32' });
  expect(variantKernels(others, half)).toEqual({ tuning: tuningFor(others), activations: 'f16' });
  expect(variantKernels(those, byMatrices)).toMatchObject({ tuning: { subgroupMatrix: those.subgroupMatrices[0] } });
  expect(variantKernels(INFO)).toEqual({ tuning: tuningFor(INFO), activations: 'f32' });
});

test('both lists have products, attention and norms with f16 storage, and products by subgroup matrices', () => {
  for (const list of [quickList(), fullList()]) {
    const half = list.filter(({ variant }) => variant?.feature === 'shader-f16');
    expect([...new Set(half.map(({ family }) => family))].sort()).toEqual([
      'attention by kernel',
      'matmul by kernel',
      'norm by kernel',
    ]);
    expect(half.every(({ variant }) => variant?.activations === 'f16')).toBe(true);
    const byMatrices = list.filter(({ variant }) => variant?.feature === SUBGROUP_MATRIX_FEATURE);
    expect(new Set(byMatrices.map(({ variant }) => variant?.name)).size).toBe(3);
  }
});
