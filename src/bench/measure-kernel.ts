import type { Gpu } from '../gpu/device.ts';
import type { ProgramPart } from '../gpu/program.ts';
import { Stopwatch } from '../gpu/stopwatch.ts';
import type { CompiledGraph } from '../tensor/compile.ts';
import { bytesOf, type ActivationType } from '../tensor/tensor.ts';
import { boundOf, nearness, type Bound, type Nearness } from './bound.ts';
import type { Ceilings } from './ceilings.ts';
import { deviationOf } from './check-results.ts';
import { idOf, type KernelCase, type PassName, type RecordedCase } from './kernel-case.ts';
import type { Patience } from './patience.ts';
import { summarise } from './statistics.ts';
import type { KernelRow, Report } from './report.ts';
import { bytesMoved } from './traffic.ts';
import { variantKernels } from './variant-kernels.ts';
import { Workbench } from './workbench.ts';

/** Largest deviation from float64, as a share of the largest number looked at, that the precision explains. */
const TOLERANCES: Record<ActivationType, number> = { f32: 1e-4, f16: 2 ** -7, 'f16-rounded': 2 ** -7 };
const MEASURE_MILLISECONDS = 10;
const MOST_RUNS = 1000;
const REPETITIONS = { least: 3, most: 9 };
const BUDGET_MILLISECONDS = 800;

interface Pass {
  name: PassName;
  part: ProgramPart;
  dispatches: number;
  flops: number;
  bytes: number;
  bound: Bound;
}

/**
 * Checks a kernel's results against float64 and times its passes; what is too slow or too large for the adapter is
 * reported as skipped. A wrong result is reported and not timed. Throws OutOfMemoryError, or what a kernel is not compiled for.
 */
export async function measureKernel(
  gpu: Gpu,
  kernelCase: KernelCase,
  { ceilings, patience }: { ceilings: Ceilings; patience: Patience },
  report: Report,
): Promise<void> {
  const id = idOf(kernelCase);
  const { family, shape, variant } = kernelCase;
  const kernels = variantKernels(gpu.info, variant);
  if ('missing' in kernels) {
    report({ kind: 'skipped', id, reason: `needs ${kernels.missing}, which the adapter does not have` });
    return;
  }
  const { tuning, activations } = kernels;
  const bench = new Workbench(tuning, activations);
  const recorded = kernelCase.record(bench);
  const passes = passesOf(bench, recorded, ceilings);
  const key = (pass: Pass): string => [family, variant?.name, pass.name].join(' ');
  const refusals = passes.map((pass) => patience.refusal(key(pass), pass.bound.milliseconds));
  const refusal = tooLarge(gpu, bench) ?? refusals.find((reason) => reason !== null) ?? null;
  if (refusal !== null) {
    report({ kind: 'skipped', id, reason: refusal });
    return;
  }
  const stopwatch = new Stopwatch(gpu);
  let compiled: CompiledGraph | null = null;
  try {
    compiled = await bench.compile(gpu);
    const parts = Object.values(partsOf(bench)).filter(({ from, to }) => from < to);
    const deviation = await deviationOf(gpu, bench, compiled, { parts, expected: recorded.expected });
    bench.forget();
    if (!(deviation <= TOLERANCES[activations])) {
      report({ kind: 'wrong', id, deviation });
      return;
    }
    for (const pass of passes) {
      const row = await timePass(compiled, stopwatch, pass);
      patience.learn(key(pass), pass.bound.milliseconds / row.milliseconds);
      report({ ...row, ...nearness(pass.bound, row.milliseconds, tuning), id, family, shape, deviation });
    }
  } finally {
    compiled?.destroy();
    stopwatch.destroy();
    bench.release();
  }
}

function passesOf(bench: Workbench, { flops }: RecordedCase, ceilings: Ceilings): Pass[] {
  const { dispatches } = bench.graph;
  const parts = partsOf(bench);
  return (['forward', 'backward'] as const).flatMap((name) => {
    const work = flops[name];
    if (work === undefined) return [];
    const part = parts[name];
    const calls = dispatches.slice(part.from, part.to);
    const bytes = bytesMoved(calls);
    const bound = boundOf({ flops: work, bytes }, ceilings);
    return [{ name, part, dispatches: calls.length, flops: work, bytes, bound }];
  });
}

function partsOf({ graph: { dispatches, backwardStart } }: Workbench) {
  return { forward: { from: 0, to: backwardStart }, backward: { from: backwardStart, to: dispatches.length } };
}

function tooLarge(gpu: Gpu, bench: Workbench): string | null {
  const { maxStorageBufferBindingSize } = gpu.limits;
  const tensors = bench.graph.dispatches.flatMap(({ bindings }) => Object.values(bindings));
  const largest = Math.max(...tensors.map(({ shape, dtype }) => bytesOf(shape, dtype)));
  if (largest <= maxStorageBufferBindingSize) return null;
  return `needs a binding of ${largest} bytes, the adapter allows ${maxStorageBufferBindingSize}`;
}

type Timed = Omit<KernelRow, keyof Nearness | 'id' | 'family' | 'shape' | 'deviation'>;

async function timePass(compiled: CompiledGraph, stopwatch: Stopwatch, pass: Pass): Promise<Timed> {
  const once = await stopwatch.time(compiled.program, pass.part, 1);
  const runs = Math.max(1, Math.min(MOST_RUNS, Math.ceil(MEASURE_MILLISECONDS / Math.max(once, 1e-3))));
  const affordable = Math.floor(BUDGET_MILLISECONDS / Math.max(once * runs, 1e-3));
  const repetitions = Math.max(REPETITIONS.least, Math.min(REPETITIONS.most, affordable));
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) times.push((await stopwatch.time(compiled.program, pass.part, runs)) / runs);
  const { median, spread, least } = summarise(times);
  return {
    kind: 'kernel',
    pass: pass.name,
    milliseconds: median,
    spread,
    least,
    repetitions,
    dispatches: pass.dispatches,
    gflops: pass.flops / median / 1e6,
    gigabytes: pass.bytes / median / 1e6,
  };
}
