import copySource from '../../shaders/bench-copy.wgsl?raw';
import fmaSource from '../../shaders/bench-fma.wgsl?raw';
import type { Gpu } from '../gpu/device.ts';
import { kernel } from '../gpu/kernel.ts';
import { Program, type DispatchCall } from '../gpu/program.ts';
import { Stopwatch } from '../gpu/stopwatch.ts';
import { grid } from '../tensor/grid.ts';
import { randomValues } from './random-values.ts';

/** What an adapter can do at most: everything else is a share of this. */
export interface Ceilings {
  /** Billions of additions and multiplications in a second, a multiply-add counted as two. */
  gflops: number;
  /** Billions of bytes read plus written in a second by a copy of a buffer. */
  gigabytes: number;
  /** The same by the simplest kernel that copies. */
  kernelGigabytes: number;
  /** Microseconds from one dispatch of next to no work to the one that waits for it. */
  dispatchMicroseconds: number;
  /** Whose clock timed kernels. */
  clock: 'gpu' | 'host';
}

const MULTIPLY_ADD = kernel('bench-fma', fmaSource, 'multiply_add');
const COPY = kernel('bench-copy', copySource, 'copy');

const INVOCATIONS = { gpu: 2 ** 20, software: 2 ** 14 };
/** Larger than the caches of any GPU; a CPU has less to spare. */
const COPY_BYTES = { gpu: 2 ** 28, software: 2 ** 25 };
/** Four multiply-adds of eight chains. */
const FLOPS_PER_LOOP = 64;
const REPETITIONS = 7;
const LEAST_MILLISECONDS = 20;
const DISPATCHES = 200;

/** Measures an adapter's ceilings; takes about a second. Throws OutOfMemoryError. */
export async function measureCeilings(gpu: Gpu): Promise<Ceilings> {
  const stopwatch = new Stopwatch(gpu);
  const kind = gpu.info.software ? 'software' : 'gpu';
  const gflops = await multiplyAdds(gpu, stopwatch, INVOCATIONS[kind]);
  const { maxBufferSize, maxStorageBufferBindingSize } = gpu.limits;
  const bytes = Math.min(COPY_BYTES[kind], maxBufferSize, maxStorageBufferBindingSize);
  const result: Ceilings = {
    gflops,
    ...(await copies(gpu, stopwatch, bytes)),
    dispatchMicroseconds: await dispatchCost(gpu, stopwatch),
    clock: stopwatch.clock,
  };
  stopwatch.destroy();
  return result;
}

async function multiplyAdds(gpu: Gpu, stopwatch: Stopwatch, count: number): Promise<number> {
  const seed = gpu.createStorage('fma seed', 8);
  const sums = gpu.createStorage('fma sums', 4 * count);
  gpu.write(seed, 0, randomValues(2, 1, 0.4, 0.9));
  const bindings = {
    seed: { buffer: seed, offset: 0, bytes: seed.bytes },
    sums: { buffer: sums, offset: 0, bytes: sums.bytes },
  };
  let gflops = 0;
  // More work until it takes long enough to be timed.
  for (let loops = 4; gflops === 0; loops *= 4) {
    const call: DispatchCall = {
      kernel: MULTIPLY_ADD,
      bindings,
      params: { count, loops },
      workgroups: grid(count, 256),
    };
    const program = await Program.create(gpu, 'fma', [call]);
    await stopwatch.time(program, {}, 1);
    if ((await stopwatch.time(program, {}, 1)) >= LEAST_MILLISECONDS || loops > 1e6) {
      const fastest = await best(() => stopwatch.time(program, {}, 1));
      gflops = (count * loops * FLOPS_PER_LOOP) / fastest / 1e6;
    }
    program.destroy();
  }
  seed.destroy();
  sums.destroy();
  return gflops;
}

async function copies(gpu: Gpu, stopwatch: Stopwatch, bytes: number) {
  const [source, copied] = await gpu.guarded('ceilings', (own) =>
    ['copy source', 'copied'].map((label) => own(gpu.createStorage(label, bytes))),
  );
  const count = bytes / 16;
  const whole = { offset: 0, bytes };
  const call: DispatchCall = {
    kernel: COPY,
    bindings: { source: { buffer: source, ...whole }, copied: { buffer: copied, ...whole } },
    params: { count },
    workgroups: grid(count, 256),
  };
  const program = await Program.create(gpu, 'copy', [call]);
  await stopwatch.time(program, {}, 1);
  const kernelRuns = gpu.info.software ? 1 : 4;
  const byKernel = await best(() => stopwatch.time(program, {}, kernelRuns));
  // Copies of buffers are outside of passes, where no timestamp is; many together hide the submit.
  const together = 8;
  const byCopy = async (): Promise<number> => {
    await gpu.settled();
    const start = performance.now();
    const encoder = gpu.device.createCommandEncoder();
    for (let i = 0; i < together; i++) encoder.copyBufferToBuffer(source.raw, 0, copied.raw, 0, bytes);
    gpu.device.queue.submit([encoder.finish()]);
    await gpu.settled();
    return performance.now() - start;
  };
  await byCopy();
  const fastest = await best(byCopy);
  program.destroy();
  source.destroy();
  copied.destroy();
  const rate = (copies: number, milliseconds: number): number => (2 * copies * bytes) / milliseconds / 1e6;
  return { gigabytes: rate(together, fastest), kernelGigabytes: rate(kernelRuns, byKernel) };
}

async function dispatchCost(gpu: Gpu, stopwatch: Stopwatch): Promise<number> {
  const buffers = [0, 1].map((i) => gpu.createStorage(`small ${i}`, 1024));
  const range = (i: number) => ({ buffer: buffers[i % 2], offset: 0, bytes: 1024 });
  // Each copies back what the one before has copied, so that none may begin early.
  const calls = Array.from({ length: DISPATCHES }, (_, i): DispatchCall => ({
    kernel: COPY,
    bindings: { source: range(i), copied: range(i + 1) },
    params: { count: 64 },
    workgroups: [1, 1, 1],
  }));
  const program = await Program.create(gpu, 'dispatches', calls);
  await stopwatch.time(program, {}, 1);
  const fastest = await best(() => stopwatch.time(program, {}, 1));
  program.destroy();
  for (const buffer of buffers) buffer.destroy();
  return (1000 * fastest) / DISPATCHES;
}

/** The least of a few: a ceiling is what the adapter can do, not what a busy machine lets it do. */
async function best(measure: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < REPETITIONS; i++) least = Math.min(least, await measure());
  return least;
}
