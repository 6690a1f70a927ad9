import type { AdapterSpeed } from '../config/geometry.ts';
import type { Gpu } from '../gpu/device.ts';
import { traceSpeedProbes, type SpeedProbe } from '../model/speed-probes.ts';
import { compile, materialise, release, type CompiledGraph } from '../tensor/compile.ts';
import { tuningFor } from '../tensor/tuning.ts';

/** A submit that takes this long says enough, in seconds. All that is measured takes about 0.3. */
const LONG_ENOUGH = 0.012;
/** The fastest of so many counts: others were slower for what else the machine did meanwhile. */
const SAMPLES = 5;
/** Where a clock hardly ticks. */
const MOST_REPETITIONS = 4096;

/**
 * Measures how fast an adapter is at what training does most; null when `signal` ended it. Never longer than one submit
 * at a time, so that a run that begins meanwhile does not wait.
 */
export async function measureSpeed(gpu: Gpu, signal: AbortSignal): Promise<AdapterSpeed | null> {
  const { dispatches, values, product } = traceSpeedProbes(tuningFor(gpu.info));
  const perDispatch = await timeOf(gpu, dispatches, signal);
  const perValues = await timeOf(gpu, values, signal);
  const perProduct = await timeOf(gpu, product, signal);
  if (perDispatch === null || perValues === null || perProduct === null) return null;
  const secondsPerDispatch = perDispatch / dispatches.amount;
  // Both are one dispatch as well. What is left of a very short one is no less than a tenth of it.
  const without = (seconds: number): number => Math.max(seconds - secondsPerDispatch, seconds / 10);
  return {
    secondsPerDispatch,
    secondsPerValue: without(perValues) / values.amount,
    secondsPerFlop: without(perProduct) / product.amount,
  };
}

/** Seconds that one run of a probe takes, among so many that the submit is long enough. */
async function timeOf(gpu: Gpu, { graph, slabs }: SpeedProbe, signal: AbortSignal): Promise<number | null> {
  if (signal.aborted) return null;
  const probe = await gpu.guarded('speed probe', () => {
    for (const slab of slabs) materialise(gpu, slab);
    return compile(gpu, 'speed probe', graph);
  });
  try {
    // The first run of a shader is slower.
    await run(gpu, probe, 1);
    let fastest = Infinity;
    let count = 1;
    for (let samples = 0; samples < SAMPLES;) {
      if (signal.aborted) return null;
      const seconds = await run(gpu, probe, count);
      if (seconds < LONG_ENOUGH && count < MOST_REPETITIONS) count *= seconds < LONG_ENOUGH / 8 ? 8 : 2;
      else {
        fastest = Math.min(fastest, seconds / count);
        samples++;
      }
    }
    return fastest;
  } finally {
    probe.destroy();
    slabs.forEach(release);
  }
}

async function run(gpu: Gpu, probe: CompiledGraph, count: number): Promise<number> {
  const encoder = gpu.device.createCommandEncoder();
  for (let i = 0; i < count; i++) probe.program.encode(encoder);
  const start = performance.now();
  gpu.device.queue.submit([encoder.finish()]);
  await gpu.settled();
  return (performance.now() - start) / 1000;
}
