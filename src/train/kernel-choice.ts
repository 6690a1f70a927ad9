import type { Gpu } from '../gpu/device.ts';
import { kernelProbes, type KernelProbe } from '../model/kernel-probes.ts';
import { EagerSession } from '../tensor/eager.ts';
import {
  adapterKey,
  describeTuning,
  everySize,
  rememberTuning,
  TUNINGS,
  tuningFor,
  type Tuning,
} from '../tensor/tuning.ts';
import { fastestTiles } from './tile-timing.ts';

/** The kernel variants of an adapter, and why some are not those that would have suited it. */
export interface KernelChoice {
  tuning: Tuning;
  /** A sentence for each variant that computed something else than the plain kernel, which is used in its place. */
  replaced: string[];
}

/** How a run stores its activations that wants f16, and why not so where it cannot. */
export interface HalfPrecision {
  activations: 'f16' | 'f32';
  replaced: string[];
}

/** Largest deviation from the plain kernel, by the largest number of a result: rounding is a hundredth of it. */
const TOLERANCE = 1e-4;
/** Largest deviation of kernels that store f16, whose numbers have 11 bits. */
const HALF_TOLERANCE = 2 ** -7;

interface Check {
  what: string;
  probe: KernelProbe;
  /** The variant in question; all else is plain. */
  tuning: Tuning;
  /** What to use when it is wrong. */
  plain: Partial<Tuning>;
}

const choices = new Map<string, Promise<KernelChoice>>();

/**
 * Chooses the kernel variants of this adapter, has `tuningFor` give them, and says what they are. Everything is measured
 * and checked once per adapter in a process; adapters that compute on the CPU get the plain kernels, which need neither.
 */
export function chooseKernels(gpu: Gpu): Promise<KernelChoice> {
  const key = adapterKey(gpu.info);
  let choice = choices.get(key);
  if (!choice) {
    choice = choose(gpu);
    choices.set(key, choice);
    // A device that was lost meanwhile says nothing about its adapter.
    choice.catch(() => choices.delete(key));
  }
  return choice;
}

/** What a `kernels` event says. */
export function kernelsEvent({ tuning, replaced }: KernelChoice, half: HalfPrecision | null) {
  const variants = half ? `${describeTuning(tuning)}; activations ${half.activations}` : describeTuning(tuning);
  return { type: 'kernels' as const, variants, replaced: [...replaced, ...(half?.replaced ?? [])] };
}

async function choose(gpu: Gpu): Promise<KernelChoice> {
  const usual = tuningFor(gpu.info);
  if (gpu.info.software) return { tuning: usual, replaced: [] };
  const choice = await checkKernels(gpu, await fastestTiles(gpu, usual));
  rememberTuning(gpu.info, choice.tuning);
  return choice;
}

/**
 * Runs every variant of `wanted` against the plain kernels on random numbers, forward and backward, and replaces those
 * that disagree or cannot be compiled. Throws when the device is lost.
 */
export async function checkKernels(gpu: Gpu, wanted: Tuning): Promise<KernelChoice> {
  const { matmul, attention, reductions, lossLanes } = TUNINGS.software;
  const plain: Tuning = { ...wanted, matmul, attention, reductions, lossLanes };
  const checks = checksOf(wanted, plain).map((check) => ({ ...check, run: record(gpu, check.probe, check.tuning) }));
  const plainRuns = new Map(
    [...new Set(checks.map(({ probe }) => probe))].map((probe) => [probe, record(gpu, probe, plain)]),
  );
  const kernels = [...checks.map(({ run }) => run), ...plainRuns.values()].flatMap(({ session }) =>
    session.graph.dispatches.map(({ kernel }) => kernel),
  );
  // All at once; what cannot be compiled is found again below, where it is known which it is.
  await gpu.guarded('kernels', () => gpu.pipelines.getAll(kernels)).catch(() => {});
  const expected = new Map<KernelProbe, Results>();
  for (const [probe, { session, outputs }] of plainRuns) expected.set(probe, await session.run(outputs));
  let tuning = wanted;
  const replaced: string[] = [];
  for (const { what, probe, run, plain: fallback } of checks) {
    const fault = await runsAlike(gpu, () => run.session.run(run.outputs), expected.get(probe)!, TOLERANCE);
    if (fault === null) continue;
    tuning = { ...tuning, ...fallback };
    replaced.push(`${what} ${fault}`);
  }
  return { tuning, replaced };
}

function record(gpu: Gpu, probe: KernelProbe, tuning: Tuning) {
  const session = new EagerSession(gpu, { training: true, tuning });
  return { session, outputs: probe(session) };
}

function checksOf(wanted: Tuning, plain: Tuning): Check[] {
  const checks: Check[] = [];
  if (wanted.matmul !== 'direct') {
    for (const tile of new Set(Object.values(wanted.matmul))) {
      const tuning = { ...plain, matmul: everySize(tile) };
      checks.push({
        what: `Matrix products in tiles of ${tile}`,
        probe: kernelProbes.matmul,
        tuning,
        plain: { matmul: plain.matmul },
      });
    }
  }
  const { attention, reductions, lossLanes } = wanted;
  if (attention !== plain.attention) {
    const own = { tuning: { ...plain, attention }, plain: { attention: plain.attention } };
    checks.push({ what: 'Attention kernels by tiles', probe: kernelProbes.attention, ...own });
  }
  if (reductions !== plain.reductions) {
    const own = { tuning: { ...plain, reductions }, plain: { reductions: plain.reductions } };
    checks.push({ what: 'Sums over rows that invocations share', probe: kernelProbes.reductions, ...own });
  }
  if (lossLanes !== plain.lossLanes) {
    const own = { tuning: { ...plain, lossLanes }, plain: { lossLanes: plain.lossLanes } };
    checks.push({ what: `Losses by ${lossLanes} invocations a row`, probe: kernelProbes.lossLanes, ...own });
  }
  return checks;
}

/**
 * How activations can be stored on this adapter when f16 is wanted: as f16 if kernels then compute what those of f32 do, but
 * for rounding, else as f32, and why. Throws when the device is lost.
 */
export async function checkHalfPrecision(gpu: Gpu): Promise<HalfPrecision> {
  const tuning = tuningFor(gpu.info);
  for (const name of ['matmul', 'attention', 'reductions'] as const) {
    const [expected, found] = (['f32', 'f16'] as const).map((activations) => {
      const session = new EagerSession(gpu, { training: true, tuning, activations });
      return () => session.run(kernelProbes[name](session));
    });
    const fault = await runsAlike(gpu, found, await expected(), HALF_TOLERANCE);
    if (fault !== null) return { activations: 'f32', replaced: [`Kernels that store 16-bit activations ${fault}`] };
  }
  return { activations: 'f16', replaced: [] };
}

/** What is wrong about the results of a run, in words; null when they are those that are expected. */
async function runsAlike(
  gpu: Gpu,
  run: () => Promise<Results>,
  expected: Results,
  tolerance: number,
): Promise<string | null> {
  try {
    return deviation(await run(), expected, tolerance);
  } catch (error) {
    if (await gpu.isLost()) throw error;
    return `do not run: ${error instanceof Error ? error.message : String(error)}`;
  }
}

type Results = Record<string, Float32Array | Uint32Array>;

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
