import { describe, expect, test } from 'vitest';
import { presets } from '../../src/config/presets.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { subgroupMatrices, type SubgroupMatrix } from '../../src/gpu/subgroup-matrix.ts';
import { kernelProbes } from '../../src/model/kernel-probes.ts';
import { linear } from '../../src/ops/linear.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { floatsOf, halvesOf } from '../../src/tensor/half.ts';
import { TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import { emulatingMatrices, largestSubgroup } from '../support/emulated-matrices.ts';
import { gpu } from '../support/gpu.ts';
import { nullGpu } from '../support/null-gpu.ts';
import { relativeError } from '../support/relative-error.ts';
import { linearBackward, linearForward } from '../support/reference/linear.ts';
import { someNumbers } from '../support/some-numbers.ts';
import { tracePreset } from '../support/trace-preset.ts';

const found = await gpu();
const adapter = (await found.requestAdapter())!;
const native = subgroupMatrices(adapter);
const device = await Gpu.open(native.length > 0 ? found : emulatingMatrices(found));

/** Those that the adapter has; else all, and also where subgroups are smaller than the largest there can be. */
const MATRICES: SubgroupMatrix[] =
  native.length > 0
    ? native
    : [
        { side: 8, component: 'f32', subgroupSize: largestSubgroup(adapter) },
        { side: 8, component: 'f32', subgroupSize: 32 },
        { side: 8, component: 'f16', subgroupSize: Math.max(8, largestSubgroup(adapter)) },
        { side: 16, component: 'f16', subgroupSize: Math.max(16, largestSubgroup(adapter)) },
      ];
const CASES = MATRICES.map(
  (subgroupMatrix) => [JSON.stringify(subgroupMatrix), { ...TUNINGS.software, subgroupMatrix }] as [string, Tuning],
);

const SHAPES = [
  { rows: 1, K: 1, N: 1 },
  { rows: 69, K: 33, N: 65 },
  { rows: 130, K: 132, N: 68 },
];

describe.each(CASES)('products by matrices %s', (_, tuning) => {
  test.each(SHAPES)('are the float64 ones at rows=$rows K=$K N=$N', async ({ rows, K, N }) => {
    const [x, w, dy] = [rows * K, N * K, rows * N].map((size, i) => someHalves(size, i + 1));
    const b = someNumbers(N, 4);
    const s = new EagerSession(device, { training: true, tuning });
    const args = { x: s.variable([1, rows, K], x), weight: s.variable([N, K], w), bias: s.variable([N], b) };
    const y = linear(args);
    s.graph.seedGradient(y, s.constant([1, rows, N], dy));
    s.graph.backward();
    const { x: input, weight, bias } = args;
    const out = await s.run({ y, dx: input.gradient!, dw: weight.gradient!, db: bias.gradient! });
    const { dx, dw, db } = linearBackward(x, w, dy, rows, K, N);
    expect(relativeError(out.y, linearForward(x, w, b, rows, K, N))).toBeLessThan(3e-6);
    expect(relativeError(out.dx, dx)).toBeLessThan(3e-6);
    expect(relativeError(out.dw, dw)).toBeLessThan(3e-6);
    expect(relativeError(out.db, db)).toBeLessThan(3e-6);
  });

  test.each(kernelProbes({ headWidths: [], aligned: false }).matmul)(
    'are those of the plain kernels with views, strides and fused activations$of',
    async ({ record }) => {
      const [expected, results] = await Promise.all(
        [TUNINGS.software, tuning].map((each) => {
          const session = new EagerSession(device, { training: true, tuning: each });
          return session.run(record(session));
        }),
      );
      const tolerance = tuning.subgroupMatrix!.component === 'f16' ? 2e-3 : 3e-6;
      for (const [name, values] of Object.entries(expected)) {
        expect(relativeError(results[name] as Float32Array, values), name).toBeLessThan(tolerance);
      }
    },
  );
});

describe('kernels by subgroup matrices', () => {
  test('are valid for every preset, with activations of f16 and f32', async () => {
    const { pipelines } = await Gpu.open(nullGpu);
    for (const [side, component, subgroupSize] of [
      [16, 'f16', 32],
      // So many subgroups that their sums leave little workgroup memory.
      [16, 'f16', 16],
      [8, 'f32', 32],
    ] as const) {
      const subgroupMatrix = { side, component, subgroupSize };
      for (const activations of ['f32', 'f16'] as const) {
        const kernels = presets.flatMap(({ id }) =>
          tracePreset(id, { ...TUNINGS.gpu, subgroupMatrix }, { activations }).accumulate.dispatches.map(
            ({ kernel }) => kernel,
          ),
        );
        const byMatrices = kernels.filter(({ label }) => label.endsWith('/by_matrices'));
        expect(byMatrices.length).toBeGreaterThan(100);
        await pipelines.getAll(byMatrices);
      }
    }
  });
});

test('the forms of an adapter that our kernels can use are those of squares with sums of f32, larger and f16 first', () => {
  const form = (M: number, N: number, K: number, componentType: string, resultComponentType: string) => ({
    M,
    N,
    K,
    componentType,
    resultComponentType,
  });
  const info = {
    subgroupMaxSize: 32,
    subgroupMatrixConfigs: [
      form(8, 8, 8, 'f32', 'f32'),
      form(8, 8, 8, 'f16', 'f32'),
      form(16, 8, 16, 'f16', 'f32'),
      form(16, 16, 16, 'f16', 'f32'),
      form(16, 16, 16, 'f16', 'f16'),
      form(16, 16, 32, 'i8', 'i32'),
    ],
  } as unknown as GPUAdapterInfo;
  const features = ['chromium-experimental-subgroup-matrix', 'shader-f16'];
  const formsWith = (...names: string[]) =>
    subgroupMatrices({ info, features: new Set(names) }).map(({ side, component }) => `${side} ${component}`);
  expect(formsWith(...features)).toEqual(['16 f16', '8 f16', '8 f32']);
  expect(formsWith(features[0])).toEqual(['8 f32']);
  expect(formsWith('shader-f16')).toEqual([]);
});

/** Numbers that are the same in f16, so that only sums are rounded; none of those that some adapters take for zero. */
function someHalves(count: number, seed: number): Float32Array<ArrayBuffer> {
  return floatsOf(halvesOf(someNumbers(count, seed))).map((value) => (Math.abs(value) < 2 ** -14 ? 0 : value));
}
