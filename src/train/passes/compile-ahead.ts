import type { RunConfig } from '../../config/types.ts';
import type { Gpu } from '../../gpu/device.ts';
import { traceOptions } from './training-trace.ts';
import { traceSession } from './training-session.ts';

/**
 * Compiles what the training steps of a run will need, while nobody waits for it: one pipeline after the other, so that a
 * run which begins meanwhile has its own in front. Variants depend on settings and hardly on sizes, so most of it is
 * right for other forms too. Nothing for runs that ask for kernels which are only checked when one begins: a kernel that
 * does not compile there is replaced, here it would look like a failure.
 */
export async function compileAhead(gpu: Gpu, { model, training }: RunConfig, signal: AbortSignal): Promise<void> {
  const { batchSize, accumulation, halfPrecision, subgroupMatrices } = training;
  if (halfPrecision || subgroupMatrices) return;
  const { trace } = traceSession(gpu, { model, batchSize, accumulation, ...traceOptions(training) });
  for (const { kernel } of [...trace.accumulate.dispatches, ...trace.update.dispatches]) {
    if (signal.aborted) return;
    await gpu.pipelines.get(kernel);
  }
}
