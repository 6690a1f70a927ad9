import type { Gpu } from '../../gpu/device.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { Stopwatch } from '../../gpu/stopwatch.ts';
import type { SpeedProbe } from '../../model/speed-probes.ts';
import type { Tuning } from '../../tensor/tuning.ts';
import { changeWithSameBits } from './bit-comparison.ts';
import { contestsOf, slowKernel, type Change, type Contest, type TiledTuning } from './contests.ts';
import type { KernelChoice } from './kernel-check.ts';
import { compileKernels, failureOf } from './probe-run.ts';
import { OpenProbe, type ProbeClock } from './probe-timing.ts';
import { inTime } from '../time/in-time.ts';

/** All contests together, each with an equal share of what is left; what is not done by then stays as it is. */
const MOST_MILLISECONDS = 400;
/** A GPU that was idle is slow at first, and would make whatever is timed first look slow. */
const WARM_UP_MILLISECONDS = 80;
/** A compiler that needs longer for one kernel would need half a minute for all that are timed. */
const ONE_COMPILED_MILLISECONDS = 1000;
/** What whoever presses Train at once may have to wait for the sake of speed. */
const ALL_COMPILED_MILLISECONDS = 8000;
const UNTIMED = 'All but the usual kernels are not timed';
/** What replaces the usual choice must be so much faster: less may be chance. */
const CLEARLY = 0.93;

/**
 * `usual` with the tile that is fastest on this adapter for each class of products, with both gradients of a product at
 * once or one after the other, with attention that reads ahead or not, and with dispatches that hierarchies share or not, in about
 * half a second after compiling, which has its limit, too. All differ in speed only, since each number is the same sum in the same order; what gives other bits here all the same
 * is left out however fast it is, as is what does not run, and a sentence in `passedOver` says so.
 */
export async function fastestKernels(gpu: Gpu, usual: Tuning): Promise<Pick<KernelChoice, 'tuning' | 'passedOver'>> {
  if (!isTiled(usual)) return { tuning: usual, passedOver: [] };
  const contests = contestsOf(usual);
  const stopwatch = new Stopwatch(gpu);
  try {
    const slow = await compileInTime(gpu, usual, contests);
    if (slow !== null) return { tuning: usual, passedOver: [`${UNTIMED}: ${slow}`] };
    await warmUp(gpu, contests[0].find(({ change }) => change === null)!.probe);
    const end = performance.now() + MOST_MILLISECONDS;
    const kinds: Change[][] = [];
    const failed: string[] = [];
    for (const [i, contest] of contests.entries()) {
      const now = performance.now();
      const deadline = now + (end - now) / (contests.length - i);
      const outcome = await outcomeOf(gpu, contest, stopwatch, () => performance.now() > deadline);
      kinds.push(outcome.faster);
      failed.push(...outcome.failed);
    }
    const { tuning, passedOver } = await changeWithSameBits(gpu, usual, kinds);
    return { tuning, passedOver: [...failed, ...passedOver] };
  } catch (error) {
    // Usual kernels that do not run are found by the check.
    return { tuning: usual, passedOver: [`${UNTIMED}: ${await failureOf(gpu, error)}`] };
  } finally {
    stopwatch.destroy();
  }
}

/**
 * Compiles what the contests need; says why not where that takes too long. Firefox on Windows may take seconds for each kernel with
 * much workgroup memory (https://github.com/gfx-rs/wgpu/pull/10314), and compiles one at a time, so one that every run needs comes
 * first.
 */
async function compileInTime(gpu: Gpu, usual: TiledTuning, contests: readonly Contest[]): Promise<string | null> {
  const isReady = async (kernels: readonly Kernel[], milliseconds: number): Promise<boolean> =>
    (await inTime(
      compileKernels(gpu, kernels).then(() => true),
      milliseconds,
    )) ?? false;
  const takes = (what: string, milliseconds: number): string =>
    `compiling ${what} takes more than ${milliseconds / 1000} s here.`;
  if (!(await isReady([slowKernel(usual)], ONE_COMPILED_MILLISECONDS))) return takes('one', ONE_COMPILED_MILLISECONDS);
  const all = contests.flat().flatMap(({ probe }) => probe.graph.dispatches.map(({ kernel }) => kernel));
  return (await isReady(all, ALL_COMPILED_MILLISECONDS)) ? null : takes('them', ALL_COMPILED_MILLISECONDS);
}

function isTiled(tuning: Tuning): tuning is TiledTuning {
  return typeof tuning.matmul !== 'string';
}

async function warmUp(gpu: Gpu, probe: SpeedProbe): Promise<void> {
  const timed = await OpenProbe.open(gpu, probe);
  try {
    const end = performance.now() + WARM_UP_MILLISECONDS;
    do {
      const encoder = gpu.device.createCommandEncoder();
      timed.program.encode(encoder);
      gpu.device.queue.submit([encoder.finish()]);
      await gpu.settled();
    } while (performance.now() < end);
  } finally {
    timed.close();
  }
}

interface Timed {
  change: Change | null;
  open: OpenProbe;
  /** Milliseconds. */
  time: number;
}

interface Outcome {
  /** What is clearly faster than the usual, the fastest first. */
  faster: Change[];
  /** A sentence for each that does not run and is none of the usual kernels. */
  failed: string[];
}

async function outcomeOf(gpu: Gpu, contest: Contest, stopwatch: Stopwatch, isOver: () => boolean): Promise<Outcome> {
  const timed: Timed[] = [];
  const failed: string[] = [];
  try {
    for (const { change, probe } of contest) {
      try {
        timed.push({ change, open: await OpenProbe.open(gpu, probe), time: Infinity });
      } catch (error) {
        const message = await failureOf(gpu, error);
        if (change) failed.push(`${change.what} do not run: ${message}`);
      }
    }
    return { faster: (await areTimed(timed, stopwatch, isOver)) ? fasterOf(timed) : [], failed };
  } finally {
    for (const { open } of timed) open.close();
  }
}

function fasterOf(timed: readonly Timed[]): Change[] {
  const usual = timed.find(({ change }) => change === null);
  if (!usual) return [];
  const faster = timed.filter(({ time }) => time < CLEARLY * usual.time);
  return faster.toSorted((one, other) => one.time - other.time).flatMap(({ change }) => change ?? []);
}

/** Times each, the better of two; false when time was over before all were timed. */
async function areTimed(timed: readonly Timed[], stopwatch: Stopwatch, isOver: () => boolean): Promise<boolean> {
  const clock: ProbeClock = {
    time: (program, runs) => stopwatch.time(program, {}, runs),
    // Browsers round timestamps to a tenth of a millisecond.
    longEnough: 3,
    samples: 1,
    mostRuns: 1024,
    isOver,
  };
  // There and back, so that none gains by its place.
  for (const each of [...timed, ...timed.toReversed()]) {
    const time = await each.open.time(clock);
    if (time === null) return false;
    each.time = Math.min(time, each.time);
  }
  return true;
}
