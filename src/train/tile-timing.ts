import type { Gpu } from '../gpu/device.ts';
import { Stopwatch } from '../gpu/stopwatch.ts';
import { traceProduct } from '../model/speed-probes.ts';
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
  large: {
    rows: 8192,
    inputs: 256,
    outputs: 512,
    tiles: ['128x128/8x8', '128x64/8x8', '64x64/8x4', '128x128/8x8 ahead', '64x64/8x4 ahead'],
  },
  medium: {
    rows: 2048,
    inputs: 128,
    outputs: 256,
    tiles: ['64x64/8x4', '64x64/4x4', '32x32/4x4', '64x64/8x4 ahead', '32x32/4x4 ahead'],
  },
  small: { rows: 512, inputs: 64, outputs: 128, tiles: ['32x32/4x4', '64x64/4x4', '32x32/4x4 ahead'] },
};

/** All classes together; what has not been measured by then stays as it is. */
const MOST_MILLISECONDS = 300;
/** A tile must be so much faster than the usual one to replace it: less may be chance. */
const CLEARLY = 0.93;

/**
 * `usual` with the tile that is fastest on this adapter for each class of products, in about a third of a second. Tiles
 * differ in speed only: each number is the same sum in the same order.
 */
export async function fastestTiles(gpu: Gpu, usual: Tuning): Promise<Tuning> {
  const { matmul } = usual;
  if (typeof matmul === 'string') return usual;
  const candidates = (Object.keys(CONTESTS) as ShapeClass[]).flatMap((size) => {
    const { rows, inputs, outputs, tiles } = CONTESTS[size];
    return tiles.map((tile) => ({
      size,
      tile,
      probe: traceProduct({ ...usual, matmul: everySize(tile) }, rows, inputs, outputs),
    }));
  });
  const kernels = candidates.flatMap(({ probe }) => probe.graph.dispatches.map(({ kernel }) => kernel));
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
    const times = { small: new Map<Tile, number>(), medium: new Map<Tile, number>(), large: new Map<Tile, number>() };
    for (const { size, tile, probe } of candidates) {
      const time = await timeProbe(gpu, probe, clock);
      if (time === null) break;
      times[size].set(tile, time);
    }
    const chosen = { ...matmul };
    for (const [size, { tiles }] of Object.entries(CONTESTS) as [ShapeClass, Contest][]) {
      const usualTime = times[size].get(matmul[size]);
      if (times[size].size < tiles.length || usualTime === undefined) continue;
      const [tile, time] = [...times[size]].reduce((best, other) => (other[1] < best[1] ? other : best));
      if (time < CLEARLY * usualTime) chosen[size] = tile;
    }
    return { ...usual, matmul: chosen };
  } catch (error) {
    if (await gpu.isLost()) throw error;
    // A tile that cannot be compiled or has no room is found by the check, if it is one of the usual ones.
    return usual;
  } finally {
    stopwatch.destroy();
  }
}
