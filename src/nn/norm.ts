import { holdNewest } from '../ops/hold.ts';
import { normStep } from '../ops/norm-step.ts';
import { norm, type NormArgs } from '../ops/norm.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { ONES, ZEROS } from './init.ts';
import type { StreamPlace } from './stream-place.ts';

/** RMSNorm with `NAME.gamma`, behind a token shift by `shift` rows. */
export class RmsNorm {
  private readonly gamma: Tensor;
  private readonly shift: number;

  constructor(store: ParameterStore, name: string, dim: number, shift = 0) {
    this.gamma = store.declare({ name: `${name}.gamma`, shape: [dim], init: ONES });
    this.shift = shift;
  }

  /** [B, T, C] -> [B, T, C]. With a `place`, a text's newest tokens are remembered for `applyNext`. */
  apply(x: Tensor, place?: StreamPlace): Tensor {
    if (place) remember(this, x, this.shift, place);
    return norm({ x, kind: 'rms', weight: this.gamma, shift: this.shift });
  }

  /** `apply` for the newest token alone, [1, 1, C]. */
  applyNext(x: Tensor, place: StreamPlace): Tensor {
    return next(this, { x, kind: 'rms', weight: this.gamma, shift: this.shift }, place);
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

  /** [B, T, C] -> [B, T, C]. With a `place`, a text's newest tokens are remembered for `applyNext`. */
  apply(x: Tensor, place?: StreamPlace): Tensor {
    if (place) remember(this, x, this.shift, place);
    return norm({ x, kind: 'layer', weight: this.weight, bias: this.bias, shift: this.shift });
  }

  /** `apply` for the newest token alone, [1, 1, C]. */
  applyNext(x: Tensor, place: StreamPlace): Tensor {
    return next(this, { x, kind: 'layer', weight: this.weight, bias: this.bias, shift: this.shift }, place);
  }
}

function next(owner: object, args: NormArgs, place: StreamPlace): Tensor {
  const { position, stride } = place;
  const line = args.shift > 0 ? lineOf(owner, args.x, args.shift, place) : undefined;
  return normStep({ ...args, line, position, stride });
}

function remember(owner: object, x: Tensor, shift: number, place: StreamPlace): void {
  if (shift > 0) holdNewest(x.graph!, x, lineOf(owner, x, shift, place), place);
}

/** The tokens that a norm's shift will still ask for. */
function lineOf(owner: object, x: Tensor, shift: number, { memory }: StreamPlace): Tensor {
  return memory.of(owner, 'delay line', [shift, x.shape[2]]);
}
