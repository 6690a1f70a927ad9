import type { AdapterSpeed } from '../../config/costs.ts';
import type { Gpu } from '../../gpu/device.ts';
import type { Program } from '../../gpu/program.ts';
import { traceSpeedProbes } from '../../model/speed-probes.ts';
import { tuningFor } from '../../tensor/tuning.ts';
import { timeProbe, type ProbeClock } from './probe-timing.ts';

/**
 * Measures how fast an adapter is at what training does most; null when `signal` ended it. Never longer than one submit
 * at a time, so that a run that begins meanwhile does not wait.
 */
export async function measureSpeed(gpu: Gpu, signal: AbortSignal): Promise<AdapterSpeed | null> {
  const clock: ProbeClock = {
    time: (program, runs) => timeRuns(gpu, program, runs),
    // All that is measured takes about 0.3 s.
    longEnough: 12,
    samples: 5,
    mostRuns: 4096,
    isOver: () => signal.aborted,
  };
  const tuning = tuningFor(gpu.info);
  const { dispatches, values, product } = traceSpeedProbes(tuning);
  const perDispatch = await timeProbe(gpu, dispatches, clock);
  const perValues = await timeProbe(gpu, values, clock);
  const perProduct = await timeProbe(gpu, product, clock);
  if (perDispatch === null || perValues === null || perProduct === null) return null;
  const secondsPerDispatch = perDispatch / 1000 / dispatches.amount;
  // Both are one dispatch as well. What is left of a very short one is no less than a tenth of it.
  const without = (seconds: number): number => Math.max(seconds - secondsPerDispatch, seconds / 10);
  return {
    secondsPerDispatch,
    sharesDispatches: tuning.sharedDispatches ?? false,
    secondsPerValue: without(perValues / 1000) / values.amount,
    secondsPerFlop: without(perProduct / 1000) / product.amount,
  };
}

/** By the host's clock: an estimate is of the time that one waits. */
async function timeRuns(gpu: Gpu, program: Program, runs: number): Promise<number> {
  const encoder = gpu.device.createCommandEncoder();
  for (let run = 0; run < runs; run++) program.encode(encoder);
  const start = performance.now();
  gpu.device.queue.submit([encoder.finish()]);
  await gpu.settled();
  return performance.now() - start;
}
