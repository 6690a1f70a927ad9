import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { MOST_PASSES } from '../../src/gpu/program.ts';
import { Stopwatch } from '../../src/gpu/stopwatch.ts';
import { kernelProbes } from '../../src/model/kernel-probes.ts';
import { compile } from '../../src/tensor/compile.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { gpu } from '../support/gpu.ts';
import { passesOfSubmits } from '../support/passes-of-submits.ts';

let device: Gpu;
beforeEach(async () => {
  device = await Gpu.open(await gpu());
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a stopwatch', () => {
  /** A program of one small dispatch. */
  async function smallProgram() {
    const session = new EagerSession(device, { tuning: TUNINGS.gpu });
    kernelProbes({ headWidths: [], aligned: true }).reductions[0].record(session);
    return compile(device, 'timed', session.graph);
  }

  /** A run of some program, timed by a GPU whose clock reads so. */
  async function timed(...readings: [begin: bigint, end: bigint][]) {
    const { program, destroy } = await smallProgram();
    const read = vi.spyOn(device, 'read');
    const last = readings.pop()!;
    for (const reading of readings) read.mockResolvedValueOnce(new BigUint64Array(reading).buffer);
    read.mockResolvedValue(new BigUint64Array(last).buffer);
    const stopwatch = new Stopwatch(device);
    const milliseconds = await stopwatch.time(program, {}, 2);
    const { clock } = stopwatch;
    stopwatch.destroy();
    destroy();
    return { milliseconds, clock };
  }

  it('reads once more where the GPU has reset its clock or left a time unwritten', async () => {
    const reset: [bigint, bigint] = [9_000_000n, 1_000n];
    const unwritten: [bigint, bigint] = [0n, 7_000_000n];
    expect(await timed(reset, unwritten, [5_000_000n, 7_000_000n])).toEqual({ milliseconds: 2, clock: 'gpu' });
  });

  it('takes the clock of the host where the one of the GPU never works', async () => {
    const { milliseconds, clock } = await timed([0n, 0n]);
    expect(clock).toBe('host');
    expect(milliseconds).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(60_000);
  });

  it('gives no encoder more passes than a GPU bears, and still submits all runs at once', async () => {
    const { program, destroy } = await smallProgram();
    const passes = passesOfSubmits(device);
    const finished = vi.spyOn(device.device.queue, 'submit');
    const stopwatch = new Stopwatch(device);
    const before = passes.length;
    expect(await stopwatch.time(program, {}, MOST_PASSES + 1)).toBeGreaterThan(0);
    expect(passes[before]).toBe(MOST_PASSES + 1);
    expect([...finished.mock.calls[0][0]]).toHaveLength(2);
    stopwatch.destroy();
    destroy();
  });
});
