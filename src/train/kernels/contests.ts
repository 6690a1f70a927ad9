import type { Kernel } from '../../gpu/kernel.ts';
import {
  traceAttention,
  traceProduct,
  traceStreams,
  type AttentionShape,
  type SpeedProbe,
} from '../../model/speed-probes.ts';
import { everySize, TUNINGS, type ShapeClass, type Tile, type Tuning } from '../../tensor/tuning.ts';
import { ATTENTION_NAMES } from './kernel-check.ts';

/** A tuning for products by tiles. */
export interface TiledTuning extends Tuning {
  matmul: Readonly<Record<ShapeClass, Tile>>;
}

/** Something other than the usual, which may be taken where it is faster. */
export interface Change {
  /** Begins a sentence, in the plural. */
  what: string;
  /** A tuning with it. */
  make: (tuning: TiledTuning) => TiledTuning;
  /** A trace by kernels of such a tuning, and one that has to leave the same bits; their results are a few MB at most. */
  changed: (tuning: TiledTuning) => SpeedProbe;
  usual: () => SpeedProbe;
}

/** What could be fastest: a probe to be timed, and what it stands for; the usual kernels change nothing. */
export type Contest = readonly { probe: SpeedProbe; change: Change | null }[];

interface ProductShape {
  /** On a large GPU. */
  rows: number;
  inputs: number;
  outputs: number;
}

interface ProductContest extends ProductShape {
  tiles: readonly Tile[];
}

/**
 * Products as large as those of the presets, one of each class, and what could be fastest there. Small ones and few have sums as long
 * as those that take the presets most time: a workgroup then waits for memory again and again, which reading ahead is for.
 * Within a class all tiles cut sums alike, so that the time it takes never decides how a run rounds.
 */
export const CONTESTS: Record<ShapeClass, ProductContest> = {
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
/** Rows of the products whose bits are compared: no whole tiles of any size. */
const COMPARED_ROWS = 200;

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

/** Begins a sentence about products of a class. */
const PRODUCTS: Record<ShapeClass, string> = {
  large: 'Large matrix products',
  medium: 'Medium matrix products',
  small: 'Small matrix products',
  few: 'Matrix products of few tiles',
};

/** All contests for an adapter: one for each class of products, the largest first, then what else there is to choose. */
export function contestsOf(usual: TiledTuning): Contest[] {
  const sizes = Object.keys(CONTESTS) as ShapeClass[];
  return [
    ...sizes.map((size) => tileContest(usual, size)),
    switchContest(usual, 'jointGradients', [GRADIENTS], {
      on: 'Gradients of products at once',
      off: 'Gradients of products one after the other',
    }),
    attentionContest(usual),
    switchContest(usual, 'sharedDispatches', STREAMS, {
      on: 'Dispatches that hierarchies share',
      off: 'Dispatches of one hierarchy each',
    }),
  ];
}

/** One of the usual kernels that take longest to compile, and that neither a calibration nor another contest needs. */
export function slowKernel(usual: TiledTuning): Kernel {
  return traceAttention(usual, ATTENTION).graph.dispatches[0].kernel;
}

/** So many rows that a product is of its class on this GPU, and keeps it about as busy as a large one. */
export function contestRows(tuning: Tuning, { rows }: ProductShape): number {
  return amountFor(tuning, rows);
}

/** What keeps a GPU about as busy as `amount` keeps a large one. */
function amountFor({ parallelTiles }: Tuning, amount: number): number {
  return (amount * parallelTiles) / TUNINGS.gpu.parallelTiles;
}

/** Timed by products alone, compared with their gradients: a run makes those by the same tiles. */
function tileContest(usual: TiledTuning, size: ShapeClass): Contest {
  const { inputs, outputs, tiles } = CONTESTS[size];
  const rows = contestRows(usual, CONTESTS[size]);
  const compared = (tuning: TiledTuning, tile: Tile): SpeedProbe => {
    // Large ones are never made at once.
    const jointGradients = size !== 'large' && tuning.jointGradients;
    const shape = { rows: COMPARED_ROWS, inputs, outputs };
    return traceStreams({ ...tuning, matmul: everySize(tile), jointGradients }, [shape]);
  };
  return tiles.map((tile) => ({
    probe: traceProduct({ ...usual, matmul: everySize(tile) }, rows, inputs, outputs),
    change:
      tile === usual.matmul[size]
        ? null
        : {
            what: `${PRODUCTS[size]} in tiles of ${tile}`,
            make: (tuning) => ({ ...tuning, matmul: { ...tuning.matmul, [size]: tile } }),
            changed: (tuning) => compared(tuning, tile),
            usual: () => compared(usual, usual.matmul[size]),
          },
  }));
}

/**
 * Products with their gradients, with something in use and not. By the usual tiles: whichever are chosen, as many dispatches are
 * saved.
 */
function switchContest(
  usual: TiledTuning,
  field: 'jointGradients' | 'sharedDispatches',
  products: readonly ProductShape[],
  names: { on: string; off: string },
): Contest {
  const shapes = products.map((shape) => ({ ...shape, rows: contestRows(usual, shape) }));
  return [true, false].map((isUsed) => {
    const make = (tuning: TiledTuning): TiledTuning => ({ ...tuning, [field]: isUsed });
    const isUsual = isUsed === (usual[field] ?? false);
    return {
      probe: traceStreams(make(usual), shapes),
      change: isUsual
        ? null
        : {
            what: isUsed ? names.on : names.off,
            make,
            changed: (tuning) => traceStreams(make(tuning), shapes),
            usual: () => traceStreams(usual, shapes),
          },
    };
  });
}

function attentionContest(usual: TiledTuning): Contest {
  const shape = { ...ATTENTION, batch: amountFor(usual, ATTENTION.batch) };
  const compared = { ...ATTENTION, batch: 1 };
  return TIMED_ATTENTION.map((attention) => {
    const make = (tuning: TiledTuning): TiledTuning => ({ ...tuning, attention });
    return {
      probe: traceAttention(make(usual), shape),
      change:
        attention === usual.attention
          ? null
          : {
              what: `Attention kernels ${ATTENTION_NAMES[attention]}`,
              make,
              changed: (tuning) => traceAttention(make(tuning), compared),
              usual: () => traceAttention(usual, compared),
            },
    };
  });
}
