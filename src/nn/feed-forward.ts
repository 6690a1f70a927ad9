import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Linear } from './linear.ts';
import { RmsNorm } from './norm.ts';

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

  apply(x: Tensor): Tensor {
    const hidden = this.inner.apply(this.norm.apply(x), { activation: 'gelu' }); // [B, T, width]
    return this.outer.apply(hidden, { residual: x });
  }
}
