import type { Gpu } from '../gpu/device.ts';
import type { ProgramPart } from '../gpu/program.ts';
import type { CompiledGraph } from '../tensor/compile.ts';
import { valuesOf } from '../tensor/stored-values.ts';
import type { DType } from '../tensor/tensor.ts';
import type { ExpectedOutput, Samples } from './kernel-case.ts';
import type { Workbench } from './workbench.ts';

/** Where sums of gradients start, as a share of the largest number added: small, so that rounding says little. */
const START = 2 ** -10;
/** Share of the elements that may be what they were by chance, since what was added is less than their rounding. */
const chance = (dtype: DType): number => (dtype === 'f32' ? 1e-4 : 1e-2);

/**
 * Runs the parts once, each in a submit of its own, and compares outputs with float64: the largest deviation among the
 * samples, as a share of the largest of them. NaN where any element of an output is not finite, or more of them than is
 * right are what they were before.
 */
export async function deviationOf(
  gpu: Gpu,
  bench: Workbench,
  compiled: CompiledGraph,
  { parts, expected }: { parts: readonly ProgramPart[]; expected: () => readonly ExpectedOutput[] },
): Promise<number> {
  const outputs = expected().map((output) => {
    const scale = largestOf(output.samples);
    return { ...output, scale, start: bench.startFrom(gpu, output.output, START * scale) };
  });
  for (const part of parts) {
    const encoder = gpu.device.createCommandEncoder();
    compiled.program.encode(encoder, part);
    gpu.device.queue.submit([encoder.finish()]);
  }
  let worst = 0;
  for (const { output, samples, unchanged = 0, scale, start } of outputs) {
    const { buffer, offset, bytes } = compiled.locate(output);
    const values = valuesOf(output, await gpu.read(buffer, offset, bytes)) as Float32Array;
    const before = bench.before(output);
    if (!values.every((value) => Number.isFinite(value))) return NaN;
    if (before && countEqual(values, before) > unchanged + Math.ceil(chance(output.dtype) * values.length)) return NaN;
    for (const [index, value] of samples) {
      worst = Math.max(worst, Math.abs(values[index] - (start?.[index] ?? 0) - value) / scale);
    }
  }
  return worst;
}

function largestOf(samples: Samples): number {
  return samples.reduce((most, [, value]) => Math.max(most, Math.abs(value)), 0) || 1;
}

function countEqual(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) count++;
  return count;
}
