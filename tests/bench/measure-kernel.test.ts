import { beforeAll, expect, test } from 'vitest';
import { depthwiseConvCase } from '../../src/bench/cases/convolution.ts';
import { inputGradientCase, productCase } from '../../src/bench/cases/matmul.ts';
import { normCase } from '../../src/bench/cases/norm.ts';
import { addCase } from '../../src/bench/cases/rows.ts';
import type { KernelCase } from '../../src/bench/kernel-case.ts';
import { measureKernel } from '../../src/bench/measure-kernel.ts';
import { Patience } from '../../src/bench/patience.ts';
import type { SuiteEvent } from '../../src/bench/report.ts';
import type { Workbench } from '../../src/bench/workbench.ts';
import { Gpu } from '../../src/gpu/device.ts';
import type { RecordedDispatch } from '../../src/tensor/graph.ts';
import { countCreations } from '../support/counting-device.ts';
import { emulatingMatrices, largestSubgroup } from '../support/emulated-matrices.ts';
import { gpu } from '../support/gpu.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

const CEILINGS = { gflops: 1, gigabytes: 1, kernelGigabytes: 1, dispatchMicroseconds: 1, clock: 'gpu' } as const;

async function eventsOf(kernelCase: KernelCase, on = device): Promise<SuiteEvent[]> {
  const events: SuiteEvent[] = [];
  const known = { ceilings: CEILINGS, patience: new Patience(1e6) };
  await measureKernel(on, kernelCase, known, (event) => events.push(event));
  return events;
}

/** A case whose calls are changed after they were recorded, like by a kernel that does something else. */
function bent(right: KernelCase, bend: (bench: Workbench) => void): KernelCase {
  return {
    ...right,
    record(bench) {
      const recorded = right.record(bench);
      bend(bench);
      return recorded;
    },
  };
}

function bendFirst({ graph }: Workbench, change: (call: RecordedDispatch) => Partial<RecordedDispatch>): void {
  graph.dispatches[0] = { ...graph.dispatches[0], ...change(graph.dispatches[0]) };
}

test('a result that is off is reported and not timed', async () => {
  const right = addCase(256);
  const events = await eventsOf({
    ...right,
    record(bench) {
      const recorded = right.record(bench);
      const bent = () =>
        recorded.expected().map(({ output, samples }) => ({
          output,
          samples: samples.map(([index, value]) => [index, value + (index === 255 ? 0.01 : 0)] as const),
        }));
      return { ...recorded, expected: bent };
    },
  });

  expect(events).toEqual([{ kind: 'wrong', id: 'add/256', deviation: expect.closeTo(0.01, 2) }]);
});

test('an element that no kernel has written is wrong', async () => {
  const events = await eventsOf({
    family: 'none',
    shape: 'half of it',
    record(bench) {
      const half = addCase(64).record(bench);
      const { dispatches } = bench.graph;
      const whole = bench.graph.temporary('half written', [128]);
      dispatches[0] = { ...dispatches[0], bindings: { ...dispatches[0].bindings, sum: whole } };
      return { ...half, expected: () => [{ output: whole, samples: [[127, 0]] as const }] };
    },
  });

  expect(events).toEqual([{ kind: 'wrong', id: 'none/half-of-it', deviation: NaN }]);
});

test('a single element that no kernel has written is wrong although nothing near it is looked at', async () => {
  const right = productCase({ rows: 64, k: 8, n: 64 });
  // The kernel is told of two rows less; samples are of the first one only.
  const blind = bent(right, (bench) => bendFirst(bench, ({ params }) => ({ params: { ...params, m: 62 } })));
  const record: KernelCase['record'] = (bench) => {
    const recorded = blind.record(bench);
    const first = () => recorded.expected().map((each) => ({ ...each, samples: each.samples.slice(0, 1) }));
    return { ...recorded, expected: first };
  };

  expect(await eventsOf({ ...right, record })).toEqual([{ kind: 'wrong', id: 'matmul/64-x-8-x-64-y', deviation: NaN }]);
});

test('a gradient that nothing was added to in some places is wrong, and so is one that was overwritten', async () => {
  const half = bent(addCase(4096), (bench) =>
    bendFirst(bench, ({ params }) => ({ params: { ...params, count: Math.floor(params.count / 2) } })),
  );
  expect(await eventsOf(half)).toEqual([{ kind: 'wrong', id: 'add/4096', deviation: NaN }]);

  const shape = { rows: 64, k: 8, n: 64 };
  const overwritten = bent(inputGradientCase(shape), ({ graph }) => {
    const last = graph.dispatches.length - 1;
    const { params, ...call } = graph.dispatches[last];
    expect(params).toMatchObject({ accumulate: 1 });
    graph.dispatches[last] = { ...call, params: { ...params, accumulate: 0 } };
  });
  const [event] = await eventsOf(overwritten);
  if (event.kind !== 'wrong') throw new Error(`given ${event.kind}`);
  // What it starts from is a thousandth of what is added.
  expect(event.deviation).toBeGreaterThan(5e-4);
  expect(event.deviation).toBeLessThan(1e-3);
});

test("a kernel of which only the first workgroup runs is wrong also where the gradient is a parameter's", async () => {
  const lazy = bent(depthwiseConvCase(2, 64, 32, 4), ({ graph }) => {
    const at = graph.dispatches.findIndex(({ kernel }) => kernel.entry.name === 'depthwise_conv_dweight');
    graph.dispatches[at] = { ...graph.dispatches[at], workgroups: [1, 1, 1] };
  });
  expect(await eventsOf(lazy)).toMatchObject([{ kind: 'wrong' }]);
});

test('what rightly stays what it was is said by the case', async () => {
  const known = normCase({ batch: 2, length: 64, channels: 64, kind: 'rms', shift: 1 });
  const record: KernelCase['record'] = (bench) => {
    const recorded = known.record(bench);
    return {
      ...recorded,
      expected: () => recorded.expected().map(({ output, samples }) => ({ output, samples })),
    };
  };
  expect((await eventsOf(known)).map(({ kind }) => kind)).toEqual(['kernel', 'kernel']);
  expect(await eventsOf({ ...known, record })).toMatchObject([{ kind: 'wrong', deviation: NaN }]);
});

test('both passes are checked in a submit each', async () => {
  const counts = countCreations(device);
  const right = inputGradientCase({ rows: 64, k: 8, n: 64 });
  const submits: number[] = [];
  const record: KernelCase['record'] = (bench) => {
    const { expected, ...recorded } = right.record(bench);
    return {
      ...recorded,
      expected: () => {
        submits.push(counts.submits);
        // The last that is looked at: nothing is timed behind a result that is wrong.
        return expected().map((each) => ({ ...each, samples: [[0, 1e9]] as const }));
      },
    };
  };
  const events = await eventsOf({ ...right, record });
  expect(events).toMatchObject([{ kind: 'wrong' }]);
  // Two passes, and the copy that is read.
  expect(counts.submits - submits[0]).toBe(3);
});

test('the figures of a pass follow from its time', async () => {
  const [row] = await eventsOf(addCase(1024));
  if (row.kind !== 'kernel') throw new Error(`given ${row.kind}`);

  // Reads the source and the sum, writes the sum: against 1 GB/s.
  expect(row.gigabytes * row.milliseconds * 1e6).toBeCloseTo(3 * 4096);
  expect(row.gflops * row.milliseconds * 1e6).toBeCloseTo(1024);
  expect(row.share! * row.milliseconds).toBeCloseTo(3 * 4096e-6);
  expect(row).toMatchObject({ limit: 'memory', dispatches: 1 });
});

test('what is multiplied by subgroup matrices is compared with no ceiling', async () => {
  const found = await gpu();
  const subgroupSize = largestSubgroup((await found.requestAdapter())!);
  const emulated = await Gpu.open(emulatingMatrices(found));
  const matrix = { side: 8, component: 'f32' } as const;
  Object.assign(emulated.info, { subgroupMatrices: [{ ...matrix, subgroupSize }] });
  const product = { ...productCase({ rows: 64, k: 32, n: 64 }), variant: { name: 'matrices', matrix } };

  expect(await eventsOf(product, emulated)).toMatchObject([{ kind: 'kernel', share: null, limit: null }]);
  expect(await eventsOf({ ...product, variant: undefined }, emulated)).toMatchObject([{ limit: 'arithmetic' }]);
  emulated.close();
});
