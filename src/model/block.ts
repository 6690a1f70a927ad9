import type { HierarchyConfig } from '../config/types.ts';
import { FeedForward } from '../nn/feed-forward.ts';
import type { Constants } from '../tensor/constants.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Attention, type AttentionObserver } from './attention.ts';

/** One layer of one hierarchy: attention (unless its window is 0), then feed-forward, [B, T, dim] -> [B, T, dim]. */
export class HierarchicalBlock {
  private readonly attention: Attention | null;
  private readonly feedForward: FeedForward;

  constructor(
    store: ParameterStore,
    constants: Constants,
    name: string,
    hierarchy: HierarchyConfig,
    window: number | null,
  ) {
    const { dim, ffMult, factor, stride } = hierarchy;
    this.attention = window === 0 ? null : new Attention(store, constants, `${name}.attn`, hierarchy, window);
    this.feedForward = new FeedForward(store, `${name}.ff`, dim, ffMult, factor / stride);
  }

  apply(x: Tensor, observe?: AttentionObserver): Tensor {
    return this.feedForward.apply(this.attention ? this.attention.apply(x, observe) : x);
  }
}
