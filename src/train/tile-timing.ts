import type { Gpu } from '../gpu/device.ts';
import { Stopwatch } from '../gpu/stopwatch.ts';
import { traceProduct, type SpeedProbe } from '../model/speed-probes.ts';
import { everySize, type ShapeClass, type Tile, type Tuning } from '../tensor/tuning.ts';
import { timeProbe, type ProbeClock } from './probe-timing.ts';

interface Contest {
  rows: number;
  inputs: number;
  outputs: number;
  tiles: readonly Tile[];
}

/** Products of the presets, one of each class, and what could be fastest there. */
export const CONTESTS: Record<ShapeClass, Contest> = {
  large: { rows: 8192, inputs: 256, outputs: 512, tiles: ['128x128/8x8', '128x64/8x8', '64x64/8x4'] },
  medium: { rows: 2048, inputs: 128, outputs: 256, tiles: ['64x64/8x4', '64x64/4x4', '32x32/4x4'] },
  small: { rows: 512, inputs: 64, outputs: 128, tiles: ['32x32/4x4', '64x64/4x4'] },
};

/** All classes together; what has not been measured by then stays as it is. */
const MOST_MILLISECONDS = 300;
/** A tile must be so much faster than the usual one to replace it: less may be chance. */
const CLEARLY = 0.93;

/** One product of a small batch, where operands are not staged. */
const UNSTAGED = { rows: 512, inputs: 64, outputs: 128 };

/**
 * `usual` with the tile that is fastest on this adapter for each class of products, or without quads where those are
 * slower, in about a third of a second. Tiles differ in speed only: each number is the same sum in the same order.
 */
export async function fastestTiles(gpu: Gpu, usual: Tuning): Promise<Tuning> {
  const { matmul } = usual;
  if (matmul === 'direct') return usual;
  if (matmul === 'quads') {
    const { rows, inputs, outputs } = UNSTAGED;
    const ways = ['quads', 'direct'] as const;
    const probes = ways.map((way) => traceProduct({ ...usual, matmul: way }, rows, inputs, outputs));
    const [quads, direct] = await timesOf(gpu, probes);
    return quads !== null && direct !== null && direct < CLEARLY * quads ? { ...usual, matmul: 'direct' } : usual;
  }
  const candidates = (Object.keys(CONTESTS) as ShapeClass[]).flatMap((size) =>
    CONTESTS[size].tiles.map((tile) => ({ size, tile })),
  );
  const probes = candidates.map(({ size, tile }) => {
    const { rows, inputs, outputs } = CONTESTS[size];
    return traceProduct({ ...usual, matmul: everySize(tile) }, rows, inputs, outputs);
  });
  const times = await timesOf(gpu, probes);
  const chosen = { ...matmul };
  for (const size of Object.keys(CONTESTS) as ShapeClass[]) {
    const measured = candidates
      .map(({ size: of, tile }, i) => ({ of, tile, time: times[i] }))
      .filter(({ of }) => of === size);
    const usualTime = measured.find(({ tile }) => tile === matmul[size])?.time ?? null;
    const [first, ...others] = measured;
    const best = others.reduce(
      (fastest, other) => ((other.time ?? Infinity) < (fastest.time ?? Infinity) ? other : fastest),
      first,
    );
    if (usualTime === null || best.time === null || measured.some(({ time }) => time === null)) continue;
    if (best.time < CLEARLY * usualTime) chosen[size] = best.tile;
  }
  return { ...usual, matmul: chosen };
}

/** Milliseconds of each probe; null for those that time was over for, and for all where one cannot run. */
async function timesOf(gpu: Gpu, probes: readonly SpeedProbe[]): Promise<(number | null)[]> {
  const kernels = probes.flatMap(({ graph }) => graph.dispatches.map(({ kernel }) => kernel));
  const times = probes.map((): number | null => null);
  const stopwatch = new Stopwatch(gpu);
  try {
    await gpu.guarded('tiles', () => gpu.pipelines.getAll(kernels));
    const deadline = performance.now() + MOST_MILLISECONDS;
    const clock: ProbeClock = {
      time: (program, runs) => stopwatch.time(program, {}, runs),
      // Browsers round timestamps to a tenth of a millisecond.
      longEnough: 3,
      samples: 2,
      mostRuns: 256,
      isOver: () => performance.now() > deadline,
    };
    for (const [i, probe] of probes.entries()) {
      times[i] = await timeProbe(gpu, probe, clock);
      if (times[i] === null) break;
    }
    return times;
  } catch (error) {
    if (await gpu.isLost()) throw error;
    // A kernel that cannot be compiled or has no room is found by the check, if it is one of the usual ones.
    return probes.map(() => null);
  } finally {
    stopwatch.destroy();
  }
}
