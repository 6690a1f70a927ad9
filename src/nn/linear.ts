import { linear, type LinearArgs } from '../ops/linear.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { uniformInit } from './init.ts';

/** y = x W^T (+ bias), with `NAME.weight` (outputs, inputs) and, on request, `NAME.bias`. */
export class Linear {
  /** [outputs, inputs] */
  readonly weight: Tensor;
  private readonly bias: Tensor | undefined;

  constructor(store: ParameterStore, name: string, inputs: number, outputs: number, options: { bias?: boolean } = {}) {
    const init = uniformInit(inputs);
    this.weight = store.declare({ name: `${name}.weight`, shape: [outputs, inputs], init });
    this.bias = options.bias ? store.declare({ name: `${name}.bias`, shape: [outputs], init }) : undefined;
  }

  apply(x: Tensor, epilogue: Pick<LinearArgs, 'activation' | 'residual' | 'every' | 'exact'> = {}): Tensor {
    return linear({ x, weight: this.weight, bias: this.bias, ...epilogue });
  }
}
