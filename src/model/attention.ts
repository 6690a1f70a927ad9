import type { HierarchyConfig } from '../config/types.ts';
import { Linear } from '../nn/linear.ts';
import { LayerNorm, RmsNorm } from '../nn/norm.ts';
import type { StreamPlace } from '../nn/stream-place.ts';
import { attention } from '../ops/attention.ts';
import type { AttentionSpan } from '../ops/attention-span.ts';
import {
  attentionMemoryShape,
  attentionStep,
  rememberAttention,
  type AttentionStepArgs,
} from '../ops/attention-step.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { RotaryTables } from './rotary-tables.ts';

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
  private readonly tables: RotaryTables;
  private readonly hierarchy: HierarchyConfig;
  private readonly window: number | null;

  constructor(
    store: ParameterStore,
    tables: RotaryTables,
    name: string,
    hierarchy: HierarchyConfig,
    window: number | null,
  ) {
    const { dim, heads, dimHead, factor, stride } = hierarchy;
    const NormOfKind = window === null ? RmsNorm : LayerNorm;
    this.norm = new NormOfKind(store, `${name}.norm`, dim, factor / stride);
    this.toQkv = new Linear(store, `${name}.to_qkv`, dim, 3 * heads * dimHead);
    this.toOut = new Linear(store, `${name}.to_out`, heads * dimHead, dim);
    this.tables = tables;
    this.hierarchy = hierarchy;
    this.window = window;
  }

  /**
   * With `observe` the log-sum-exp is kept apart, so that probabilities can be had again from what is observed. With a
   * `place`, what `applyNext` will need of a text's newest tokens is remembered.
   */
  apply(x: Tensor, observe?: AttentionObserver, place?: StreamPlace): Tensor {
    const span = this.span(this.toQkv.apply(this.norm.apply(x, place)), x.shape[1]);
    if (place) rememberAttention(span.qkv.graph!, this.withMemory(span, place));
    const lse = observe && span.qkv.graph?.temporary('lse', [x.shape[0], x.shape[1], span.heads]);
    const mixed = attention({ ...span, lse }); // [B, T, H D]
    if (lse) observe?.({ ...span, lse });
    return this.toOut.apply(mixed, { residual: x });
  }

  /** `apply` for the newest token alone, [1, 1, dim]; keys and values of those before it are remembered. */
  applyNext(x: Tensor, place: StreamPlace): Tensor {
    const qkv = this.toQkv.apply(this.norm.applyNext(x, place)); // [1, 1, 3 H D]
    const mixed = attentionStep(this.withMemory(this.span(qkv, place.tokens), place)); // [1, 1, H D]
    return this.toOut.apply(mixed, { residual: x });
  }

  private withMemory(span: AttentionSpan, { memory, tokens, position, stride }: StreamPlace): AttentionStepArgs {
    const seen = memory.of(this, 'keys and values', attentionMemoryShape(tokens, span));
    return { ...span, memory: seen, position, stride };
  }

  /** Who sees whom in a sequence of so many tokens. */
  private span(qkv: Tensor, tokens: number): AttentionSpan {
    const { window, hierarchy } = this;
    const { heads, dimHead, factor, stride } = hierarchy;
    const table = this.tables.of(hierarchy, window, tokens);
    return { qkv, table, heads, dimHead, window, dilation: factor / stride };
  }
}
