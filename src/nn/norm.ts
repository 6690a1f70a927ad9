import { norm } from '../ops/norm.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ONES, ZEROS } from './init.ts';

/** RMSNorm with `NAME.gamma`, behind a token shift by `shift` rows. */
export class RmsNorm {
  private readonly gamma: Tensor;
  private readonly shift: number;

  constructor(store: ParameterStore, name: string, dim: number, shift = 0) {
    this.gamma = store.declare({ name: `${name}.gamma`, shape: [dim], init: ONES });
    this.shift = shift;
  }

  apply(x: Tensor): Tensor {
    return norm({ x, kind: 'rms', weight: this.gamma, shift: this.shift });
  }
}

/** LayerNorm with `NAME.weight` and `NAME.bias`, behind a token shift by `shift` rows. */
export class LayerNorm {
  private readonly weight: Tensor;
  private readonly bias: Tensor;
  private readonly shift: number;

  constructor(store: ParameterStore, name: string, dim: number, shift = 0) {
    this.weight = store.declare({ name: `${name}.weight`, shape: [dim], init: ONES });
    this.bias = store.declare({ name: `${name}.bias`, shape: [dim], init: ZEROS });
    this.shift = shift;
  }

  apply(x: Tensor): Tensor {
    return norm({ x, kind: 'layer', weight: this.weight, bias: this.bias, shift: this.shift });
  }
}
