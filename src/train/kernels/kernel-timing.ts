import type { Gpu } from '../../gpu/device.ts';
import { Stopwatch } from '../../gpu/stopwatch.ts';
import {
  traceAttention,
  traceProduct,
  traceStreams,
  type AttentionShape,
  type SpeedProbe,
} from '../../model/speed-probes.ts';
import { everySize, TUNINGS, type ShapeClass, type Tile, type Tuning } from '../../tensor/tuning.ts';
import { TimedProbe, type ProbeClock } from './probe-timing.ts';

interface ProductShape {
  /** On a large GPU. */
  rows: number;
  inputs: number;
  outputs: number;
}

interface Contest extends ProductShape {
  tiles: readonly Tile[];
}

/**
 * Products as large as those of the presets, one of each class, and what could be fastest there. Small ones and few have sums as long
 * as those that take the presets most time: a workgroup then waits for memory again and again, which reading ahead is for.
 * Within a class all tiles cut sums alike, so that the time it takes never decides how a run rounds.
 */
export const CONTESTS: Record<ShapeClass, Contest> = {
  large: {
    rows: 8192,
    inputs: 256,
    outputs: 512,
    tiles: ['128x128/8x8', '128x64/8x8', '64x64/8x4', '128x128/8x8 ahead', '64x64/8x4 ahead'],
  },
  medium: {
    rows: 2048,
    inputs: 512,
    outputs: 256,
    tiles: ['64x64/8x4', '64x64/4x4', '64x32/8x4', '32x32/4x4', '64x64/8x4 ahead', '32x32/4x4 ahead'],
  },
  small: { rows: 8192, inputs: 384, outputs: 96, tiles: ['32x32/4x4', '64x32/8x4', '64x64/4x4', '32x32/4x4 ahead'] },
  few: { rows: 512, inputs: 512, outputs: 128, tiles: ['32x32/4x4 in 4', '32x32/4x4 in 4 ahead'] },
};

/** A product of the presets whose gradients a dispatch makes at once or two make. */
export const GRADIENTS: ProductShape = { rows: 2048, inputs: 96, outputs: 192 };

/** The same product of two hierarchies, as small as those that share dispatches in the presets. */
export const STREAMS: readonly ProductShape[] = [
  { rows: 2048, inputs: 64, outputs: 128 },
  { rows: 512, inputs: 128, outputs: 256 },
];

/** What could be fastest. */
export const TIMED_ATTENTION = ['tiled', 'tiled ahead'] as const satisfies Tuning['attention'][];
/** Attention as the presets have it, forward and back, which may read its tiles ahead. */
const ATTENTION: AttentionShape = { batch: 16, tokens: 256, heads: 2, dimHead: 32, window: 64 };

/** All contests together, each with an equal share of what is left; what is not done by then stays as it is. */
const MOST_MILLISECONDS = 400;
/** A GPU that was idle is slow at first, and would make whatever is timed first look slow. */
const WARM_UP_MILLISECONDS = 80;
/** What replaces the usual choice must be so much faster: less may be chance. */
const CLEARLY = 0.93;

/**
 * `usual` with the tile that is fastest on this adapter for each class of products, with both gradients of a product at
 * once or one after the other, with attention that reads ahead or not, and with dispatches that hierarchies share or not, in about
 * half a second. All differ in speed only: each number is the same sum in the same order.
 */
export async function fastestKernels(gpu: Gpu, usual: Tuning): Promise<Tuning> {
  const { matmul } = usual;
  if (typeof matmul === 'string') return usual;
  const sizes = Object.keys(CONTESTS) as ShapeClass[];
  const contests = sizes.map((size) => ({ size, probes: probesOf(usual, CONTESTS[size]) }));
  const gradients = switchProbesOf(usual, 'jointGradients', [GRADIENTS]);
  const attentions = attentionProbesOf(usual);
  const streams = switchProbesOf(usual, 'sharedDispatches', STREAMS);
  const products = contests.flatMap((contest) => [...contest.probes.values()]);
  const others = [gradients, attentions, streams];
  const probes = [...products, ...others.flatMap((contest) => [...contest.values()])];
  const kernels = probes.flatMap(({ graph }) => graph.dispatches.map(({ kernel }) => kernel));
  const stopwatch = new Stopwatch(gpu);
  try {
    await gpu.guarded('kernels', () => gpu.pipelines.getAll(kernels));
    await warmUp(gpu, contests[0].probes.get(matmul[sizes[0]])!);
    const end = performance.now() + MOST_MILLISECONDS;
    let left = contests.length + others.length;
    const fastest = <Name>(probes: ReadonlyMap<Name, SpeedProbe>, usualName: Name): Promise<Name> => {
      const now = performance.now();
      const deadline = now + (end - now) / left--;
      return fastestOf(gpu, probes, usualName, stopwatch, () => performance.now() > deadline);
    };
    const chosen = { ...matmul };
    for (const { size, probes: tiles } of contests) chosen[size] = await fastest(tiles, matmul[size]);
    const jointGradients = await fastest(gradients, usual.jointGradients ?? false);
    const attention = await fastest(attentions, usual.attention);
    const sharedDispatches = await fastest(streams, usual.sharedDispatches ?? false);
    return { ...usual, matmul: chosen, jointGradients, attention, sharedDispatches };
  } catch (error) {
    if (await gpu.isLost()) throw error;
    // A tile that cannot be compiled or has no room is found by the check, if it is one of the usual ones.
    return usual;
  } finally {
    stopwatch.destroy();
  }
}

/** So many rows that a product is of its class on this GPU, and keeps it about as busy as a large one. */
export function contestRows(tuning: Tuning, { rows }: ProductShape): number {
  return amountFor(tuning, rows);
}

/** What keeps a GPU about as busy as `amount` keeps a large one. */
function amountFor({ parallelTiles }: Tuning, amount: number): number {
  return (amount * parallelTiles) / TUNINGS.gpu.parallelTiles;
}

function probesOf(usual: Tuning, contest: Contest): Map<Tile, SpeedProbe> {
  const { inputs, outputs, tiles } = contest;
  const rows = contestRows(usual, contest);
  return new Map(
    tiles.map((tile) => [tile, traceProduct({ ...usual, matmul: everySize(tile) }, rows, inputs, outputs)]),
  );
}

/**
 * Products with their gradients, with something in use and not. By the usual tiles: whichever are chosen, as many dispatches are
 * saved.
 */
function switchProbesOf(
  usual: Tuning,
  field: 'jointGradients' | 'sharedDispatches',
  products: readonly ProductShape[],
): Map<boolean, SpeedProbe> {
  const shapes = products.map((shape) => ({ ...shape, rows: contestRows(usual, shape) }));
  return new Map([true, false].map((isUsed) => [isUsed, traceStreams({ ...usual, [field]: isUsed }, shapes)]));
}

function attentionProbesOf(usual: Tuning): Map<Tuning['attention'], SpeedProbe> {
  const shape = { ...ATTENTION, batch: amountFor(usual, ATTENTION.batch) };
  return new Map(TIMED_ATTENTION.map((attention) => [attention, traceAttention({ ...usual, attention }, shape)]));
}

async function warmUp(gpu: Gpu, probe: SpeedProbe): Promise<void> {
  const timed = await TimedProbe.open(gpu, probe);
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

/** The name of what is clearly faster than the usual, else the usual's. */
async function fastestOf<Name>(
  gpu: Gpu,
  probes: ReadonlyMap<Name, SpeedProbe>,
  usual: Name,
  stopwatch: Stopwatch,
  isOver: () => boolean,
): Promise<Name> {
  const times = await timesOf(gpu, probes, stopwatch, isOver);
  const usualTime = times?.get(usual);
  if (!times || usualTime === undefined) return usual;
  const [name, time] = [...times].reduce((best, other) => (other[1] < best[1] ? other : best));
  return time < CLEARLY * usualTime ? name : usual;
}

/** Milliseconds of each, the better of two; null when time was over before all were timed. */
async function timesOf<Name>(
  gpu: Gpu,
  probes: ReadonlyMap<Name, SpeedProbe>,
  stopwatch: Stopwatch,
  isOver: () => boolean,
): Promise<Map<Name, number> | null> {
  const clock: ProbeClock = {
    time: (program, runs) => stopwatch.time(program, {}, runs),
    // Browsers round timestamps to a tenth of a millisecond.
    longEnough: 3,
    samples: 1,
    mostRuns: 1024,
    isOver,
  };
  const times = new Map<Name, number>();
  const opened: [Name, TimedProbe][] = [];
  try {
    for (const [name, probe] of probes) opened.push([name, await TimedProbe.open(gpu, probe)]);
    // There and back, so that none gains by its place.
    for (const [name, timed] of [...opened, ...opened.toReversed()]) {
      const time = await timed.time(clock);
      if (time === null) return null;
      times.set(name, Math.min(time, times.get(name) ?? Infinity));
    }
    return times;
  } finally {
    for (const [, timed] of opened) timed.close();
  }
}
