import type { Gpu } from '../../gpu/device.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { KernelProbe } from '../../model/probe-recording.ts';
import { EagerSession } from '../../tensor/eager.ts';
import type { Graph } from '../../tensor/graph.ts';
import type { ActivationType } from '../../tensor/tensor.ts';
import type { Tuning } from '../../tensor/tuning.ts';

/** The kernels that a probe is run by. */
export interface ProbeKernels {
  tuning: Tuning;
  activations?: ActivationType;
}

/** A probe that is ready to run. It has memory until it is run or released. */
export interface RecordedProbe {
  session: EagerSession;
  outputs: ReturnType<KernelProbe['record']>;
}

/** A probe by these kernels, ready to run. */
export function recordProbe(gpu: Gpu, probe: KernelProbe, { tuning, activations }: ProbeKernels): RecordedProbe {
  const session = new EagerSession(gpu, { training: true, tuning, activations });
  try {
    const outputs = probe.record(session);
    session.graph.share();
    return { session, outputs };
  } catch (error) {
    session.release();
    throw error;
  }
}

/** Probes that are compiled together and run one by one, or not at all. */
export class RecordedProbes {
  private readonly gpu: Gpu;
  private readonly probes: RecordedProbe[] = [];

  constructor(gpu: Gpu) {
    this.gpu = gpu;
  }

  record(probe: KernelProbe, kernels: ProbeKernels): RecordedProbe {
    const ready = recordProbe(this.gpu, probe, kernels);
    this.probes.push(ready);
    return ready;
  }

  compile(): Promise<void> {
    return compileTogether(
      this.gpu,
      this.probes.map(({ session }) => session.graph),
    );
  }

  /** Gives back the memory of those that were not run. */
  release(): void {
    for (const { session } of this.probes) session.release();
  }
}

/** Compiles the kernels of all these at once. What cannot be compiled fails again where it is run, and there it is known what it is. */
export async function compileTogether(gpu: Gpu, graphs: readonly Graph[]): Promise<void> {
  const kernels = graphs.flatMap(({ dispatches }) => dispatches.map(({ kernel }) => kernel));
  await compileKernels(gpu, kernels);
}

/**
 * The same of kernels. All that a scope could catch happens at once, so that whoever does not wait for the end leaves none open for
 * what others guard meanwhile.
 */
export async function compileKernels(gpu: Gpu, kernels: readonly Kernel[]): Promise<void> {
  let ready: Promise<unknown> = Promise.resolve();
  await gpu
    .guarded('kernels', () => {
      ready = gpu.pipelines.getAll(kernels).catch(() => {});
    })
    .catch(() => {});
  await ready;
}

/** What is wrong about the results of a run, in words; null when they are those that are expected. */
export async function runsAlike(
  gpu: Gpu,
  run: () => Promise<Results>,
  expected: Results,
  tolerance: number,
): Promise<string | null> {
  try {
    return deviation(await run(), expected, tolerance);
  } catch (error) {
    return `do not run: ${await failureOf(gpu, error)}`;
  }
}

/** What an error says about kernels. Throws it when the device is lost, which says nothing about them. */
export async function failureOf(gpu: Gpu, error: unknown): Promise<string> {
  if (await gpu.isLost()) throw error;
  return error instanceof Error ? error.message : String(error);
}

export type Results = Record<string, Float32Array | Uint32Array>;

/** What is wrong about results, in words; null when they agree. */
function deviation(found: Results, expected: Results, tolerance: number): string | null {
  for (const [name, values] of Object.entries(expected)) {
    let largest = 0;
    let difference = 0;
    for (let i = 0; i < values.length; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
      difference = Math.max(difference, Math.abs(found[name][i] - values[i]));
    }
    const relative = difference / largest;
    // Not the other way round: what is no number is wrong.
    if (!(relative <= tolerance)) return `differ from the plain kernel in ${name} by ${relative.toPrecision(2)}.`;
  }
  return null;
}
