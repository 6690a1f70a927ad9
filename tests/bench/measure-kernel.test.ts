import { beforeAll, expect, test } from 'vitest';
import { addCase } from '../../src/bench/cases/rows.ts';
import type { KernelCase } from '../../src/bench/kernel-case.ts';
import { measureKernel } from '../../src/bench/measure-kernel.ts';
import { Patience } from '../../src/bench/patience.ts';
import type { SuiteEvent } from '../../src/bench/report.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { gpu } from '../support/gpu.ts';

let device: Gpu;
beforeAll(async () => {
  device = await Gpu.open(await gpu());
});

const CEILINGS = { gflops: 1, gigabytes: 1, kernelGigabytes: 1, dispatchMicroseconds: 1, clock: 'gpu' } as const;

async function eventsOf(kernelCase: KernelCase): Promise<SuiteEvent[]> {
  const events: SuiteEvent[] = [];
  const known = { ceilings: CEILINGS, patience: new Patience(1e6) };
  await measureKernel(device, kernelCase, known, (event) => events.push(event));
  return events;
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

test('the figures of a pass follow from its time', async () => {
  const [row] = await eventsOf(addCase(1024));
  if (row.kind !== 'kernel') throw new Error(`given ${row.kind}`);

  // Reads the source and the sum, writes the sum: against 1 GB/s.
  expect(row.gigabytes * row.milliseconds * 1e6).toBeCloseTo(3 * 4096);
  expect(row.gflops * row.milliseconds * 1e6).toBeCloseTo(1024);
  expect(row.share * row.milliseconds).toBeCloseTo(3 * 4096e-6);
  expect(row).toMatchObject({ limit: 'memory', dispatches: 1, deviation: 0 });
});
