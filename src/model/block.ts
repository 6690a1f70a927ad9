import type { HierarchyConfig } from '../config/types.ts';
import { FeedForward } from '../nn/feed-forward.ts';
import type { StreamPlace } from '../nn/stream-place.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Attention, type AttentionObserver } from './attention.ts';
import type { RotaryTables } from './rotary-tables.ts';

/** One layer of one hierarchy: attention (unless its window is 0), then feed-forward, [B, T, dim] -> [B, T, dim]. */
export class HierarchicalBlock {
  private readonly attention: Attention | null;
  private readonly feedForward: FeedForward;

  constructor(
    store: ParameterStore,
    tables: RotaryTables,
    name: string,
    hierarchy: HierarchyConfig,
    window: number | null,
  ) {
    const { dim, ffMult, factor, stride } = hierarchy;
    this.attention = window === 0 ? null : new Attention(store, tables, `${name}.attn`, hierarchy, window);
    this.feedForward = new FeedForward(store, `${name}.ff`, dim, ffMult, factor / stride);
  }

  /** With a `place`, what `applyNext` will need of a text's newest tokens is remembered. */
  apply(x: Tensor, observe?: AttentionObserver, place?: StreamPlace): Tensor {
    return this.feedForward.apply(this.attention ? this.attention.apply(x, observe, place) : x, place);
  }

  /** `apply` for the newest token alone, [1, 1, dim]. */
  applyNext(x: Tensor, place: StreamPlace): Tensor {
    return this.feedForward.applyNext(this.attention ? this.attention.applyNext(x, place) : x, place);
  }
}
