import type { Gpu } from '../../gpu/device.ts';
import { Stopwatch } from '../../gpu/stopwatch.ts';
import type { SpeedProbe } from '../../model/speed-probes.ts';
import type { Tuning } from '../../tensor/tuning.ts';
import { changeWithSameBits } from './bit-comparison.ts';
import { contestsOf, type Change, type Contest, type TiledTuning } from './contests.ts';
import type { KernelChoice } from './kernel-check.ts';
import { OpenProbe, type ProbeClock } from './probe-timing.ts';

/** All contests together, each with an equal share of what is left; what is not done by then stays as it is. */
const MOST_MILLISECONDS = 400;
/** A GPU that was idle is slow at first, and would make whatever is timed first look slow. */
const WARM_UP_MILLISECONDS = 80;
/** What replaces the usual choice must be so much faster: less may be chance. */
const CLEARLY = 0.93;

/**
 * `usual` with the tile that is fastest on this adapter for each class of products, with both gradients of a product at
 * once or one after the other, with attention that reads ahead or not, and with dispatches that hierarchies share or not, in about
 * half a second. All differ in speed only, since each number is the same sum in the same order; what gives other bits here all the same
 * is left out however fast it is, and a sentence in `passedOver` says so.
 */
export async function fastestKernels(gpu: Gpu, usual: Tuning): Promise<Pick<KernelChoice, 'tuning' | 'passedOver'>> {
  const asUsual = { tuning: usual, passedOver: [] };
  if (!isTiled(usual)) return asUsual;
  const contests = contestsOf(usual);
  const probes = contests.flat().map(({ probe }) => probe);
  const kernels = probes.flatMap(({ graph }) => graph.dispatches.map(({ kernel }) => kernel));
  const stopwatch = new Stopwatch(gpu);
  try {
    await gpu.guarded('kernels', () => gpu.pipelines.getAll(kernels));
    await warmUp(gpu, contests[0].find(({ change }) => change === null)!.probe);
    const end = performance.now() + MOST_MILLISECONDS;
    const changes: Change[] = [];
    for (const [i, contest] of contests.entries()) {
      const now = performance.now();
      const deadline = now + (end - now) / (contests.length - i);
      const change = await fastestOf(gpu, contest, stopwatch, () => performance.now() > deadline);
      if (change) changes.push(change);
    }
    return await changeWithSameBits(gpu, usual, changes);
  } catch (error) {
    if (await gpu.isLost()) throw error;
    // A tile that cannot be compiled or has no room is found by the check, if it is one of the usual ones.
    return asUsual;
  } finally {
    stopwatch.destroy();
  }
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

/** What is clearly faster than the usual; null where that is the best choice. */
async function fastestOf(
  gpu: Gpu,
  contest: Contest,
  stopwatch: Stopwatch,
  isOver: () => boolean,
): Promise<Change | null> {
  const times = await timesOf(gpu, contest, stopwatch, isOver);
  const usualTime = times?.find(({ change }) => change === null)?.time;
  if (!times || usualTime === undefined) return null;
  const { change, time } = times.reduce((best, other) => (other.time < best.time ? other : best));
  return time < CLEARLY * usualTime ? change : null;
}

/** Milliseconds of each, the better of two; null when time was over before all were timed. */
async function timesOf(gpu: Gpu, contest: Contest, stopwatch: Stopwatch, isOver: () => boolean) {
  const clock: ProbeClock = {
    time: (program, runs) => stopwatch.time(program, {}, runs),
    // Browsers round timestamps to a tenth of a millisecond.
    longEnough: 3,
    samples: 1,
    mostRuns: 1024,
    isOver,
  };
  const opened: { change: Change | null; open: OpenProbe; time: number }[] = [];
  try {
    for (const { change, probe } of contest) {
      opened.push({ change, open: await OpenProbe.open(gpu, probe), time: Infinity });
    }
    // There and back, so that none gains by its place.
    for (const each of [...opened, ...opened.toReversed()]) {
      const time = await each.open.time(clock);
      if (time === null) return null;
      each.time = Math.min(time, each.time);
    }
    return opened;
  } finally {
    for (const { open } of opened) open.close();
  }
}
