import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Linear } from './linear.ts';
import { RmsNorm } from './norm.ts';
import type { StreamPlace } from './stream-place.ts';

/** x + W2 GELU(W1 RMS(shift(x))); the inner width is trunc(dim * mult). */
export class FeedForward {
  private readonly norm: RmsNorm;
  private readonly inner: Linear;
  private readonly outer: Linear;

  constructor(store: ParameterStore, name: string, dim: number, mult: number, shift: number) {
    const width = Math.trunc(dim * mult);
    this.norm = new RmsNorm(store, `${name}.net.0`, dim, shift);
    this.inner = new Linear(store, `${name}.net.1`, dim, width);
    this.outer = new Linear(store, `${name}.net.3`, width, dim);
  }

  /** [B, T, dim] -> [B, T, dim]. With a `place`, a text's newest tokens are remembered for `applyNext`. */
  apply(x: Tensor, place?: StreamPlace): Tensor {
    return this.pass(x, this.norm.apply(x, place));
  }

  /** `apply` for the newest token alone, [1, 1, dim]. */
  applyNext(x: Tensor, place: StreamPlace): Tensor {
    return this.pass(x, this.norm.applyNext(x, place));
  }

  private pass(x: Tensor, normed: Tensor): Tensor {
    const hidden = this.inner.apply(normed, { activation: 'gelu' }); // [B, T, width]
    return this.outer.apply(hidden, { residual: x });
  }
}
