import holdSource from '../../shaders/hold.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Graph } from '../tensor/graph.ts';
import { grid } from '../tensor/grid.ts';
import { channelsOf, sizeOf, type Tensor } from '../tensor/tensor.ts';
import type { TokenPlace } from './token-place.ts';

/** Records that `held`, persistent, takes the numbers of the single token `x`; C numbers each. */
export function hold(graph: Graph, x: Tensor, held: Tensor): void {
  const channels = sizeOf(x.shape);
  graph.dispatch(HOLD, { x, held }, { channels, rows: 1, stride: 1 }, grid(channels, WORKGROUP));
}

/**
 * Records that `held` [R, C], persistent, takes the newest R tokens of x [1, T, C] up to the one at `place`, each in row
 * (its number) mod R; rows that none belongs to yet stay as they are.
 */
export function holdNewest(graph: Graph, x: Tensor, held: Tensor, { position, stride }: TokenPlace): void {
  const channels = channelsOf(x.shape);
  const rows = sizeOf(held.shape) / channels;
  graph.dispatch(HOLD_NEWEST, { x, position, held }, { channels, rows, stride }, grid(sizeOf(held.shape), WORKGROUP));
}

const WORKGROUP = 64;
const [HOLD, HOLD_NEWEST] = ['hold', 'hold_newest'].map((entry) =>
  kernel('hold', holdSource, entry, { overrides: { WORKGROUP } }),
);
