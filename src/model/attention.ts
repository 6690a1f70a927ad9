import type { HierarchyConfig } from '../config/types.ts';
import { Linear } from '../nn/linear.ts';
import { LayerNorm, RmsNorm } from '../nn/norm.ts';
import { attention } from '../ops/attention.ts';
import type { AttentionSpan } from '../ops/attention-span.ts';
import { rotaryShape, rotaryTable } from '../ops/rotary-table.ts';
import type { Constants } from '../tensor/constants.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What `attentionProbabilities` needs to show a head of this attention. */
export type AttentionObservation = AttentionSpan & { lse: Tensor };
export type AttentionObserver = (seen: AttentionObservation) => void;

/**
 * x + W_out attention(W_qkv norm(shift(x))). A window makes it the reference's local attention (LayerNorm, rotary
 * without xpos), no window its full attention (RMSNorm, rotary with xpos). Rows of a hierarchy that is compressed by c
 * with stride s see each other at distance c / s, which is the dilation.
 */
export class Attention {
  private readonly norm: LayerNorm | RmsNorm;
  private readonly toQkv: Linear;
  private readonly toOut: Linear;
  private readonly constants: Constants;
  private readonly hierarchy: HierarchyConfig;
  private readonly window: number | null;

  constructor(
    store: ParameterStore,
    constants: Constants,
    name: string,
    hierarchy: HierarchyConfig,
    window: number | null,
  ) {
    const { dim, heads, dimHead, factor, stride } = hierarchy;
    const NormOfKind = window === null ? RmsNorm : LayerNorm;
    this.norm = new NormOfKind(store, `${name}.norm`, dim, factor / stride);
    this.toQkv = new Linear(store, `${name}.to_qkv`, dim, 3 * heads * dimHead);
    this.toOut = new Linear(store, `${name}.to_out`, heads * dimHead, dim);
    this.constants = constants;
    this.hierarchy = hierarchy;
    this.window = window;
  }

  /** With `observe` the log-sum-exp is kept apart, so that probabilities can be had again from what is observed. */
  apply(x: Tensor, observe?: AttentionObserver): Tensor {
    const { heads, dimHead, factor, stride } = this.hierarchy;
    const { window } = this;
    const dilation = factor / stride;
    const qkv = this.toQkv.apply(this.norm.apply(x)); // [B, T, 3 H D]
    const rows = Math.ceil(x.shape[1] / dilation);
    const table = this.table(rows, window === null);
    const span = { qkv, table, heads, dimHead, window, dilation };
    const lse = observe && qkv.graph?.temporary('lse', [x.shape[0], x.shape[1], heads]);
    const mixed = attention({ ...span, lse }); // [B, T, H D]
    if (lse) observe?.({ ...span, lse });
    return this.toOut.apply(mixed, { residual: x });
  }

  private table(rows: number, xpos: boolean): Tensor {
    const { dimHead } = this.hierarchy;
    const key = `rotary ${rows}x${dimHead}${xpos ? ' xpos' : ''}`;
    return this.constants.get(key, rotaryShape(rows, dimHead), () => rotaryTable(rows, dimHead, { xpos }));
  }
}
