import type { HierarchyConfig } from '../config/types.ts';
import { Linear } from '../nn/linear.ts';
import { ONES } from '../nn/init.ts';
import { concat } from '../ops/concat.ts';
import { zero } from '../ops/zero.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** What goes into a merge's first layer: all streams' tokens, normed and joined, and the weight that they meet. */
export interface MergeObservation {
  /** [B, n, sum of dims] */
  x: Tensor;
  weight: Tensor;
  /** Channels of each hierarchy. */
  widths: number[];
}
export type MergeObserver = (seen: MergeObservation) => void;

/**
 * What the hierarchies tell each other after a layer: P = W2 SiLU(W1 RMS(concat(tokens))), where a token of stride s is
 * repeated s times. Added to the predicting hierarchy, or, with `mergeAll`, to every hierarchy its own channels of P.
 */
export class HierarchicalMerge {
  private readonly gamma: Tensor;
  private readonly inner: Linear;
  /** One per hierarchy that receives: its rows of the reference's one matrix. */
  private readonly outers: Map<number, Linear>;
  private readonly strides: number[];
  private readonly widths: number[];
  private readonly predicting: number;

  constructor(
    store: ParameterStore,
    name: string,
    hierarchies: HierarchyConfig[],
    predicting: number,
    mergeAll: boolean,
  ) {
    const total = hierarchies.reduce((sum, { dim }) => sum + dim, 0);
    const receivers = hierarchies.map((_, i) => i).filter((i) => mergeAll || i === predicting);
    const width = 2 * receivers.reduce((sum, i) => sum + hierarchies[i].dim, 0);
    this.gamma = store.declare({ name: `${name}.net.0.gamma`, shape: [total], init: ONES });
    this.inner = new Linear(store, `${name}.net.1`, total, width, { bias: true });
    this.outers = new Map(
      receivers.map((i) => [i, new Linear(store, `${name}.net.3`, width, hierarchies[i].dim, { bias: true })]),
    );
    this.strides = hierarchies.map(({ stride }) => stride);
    this.widths = hierarchies.map(({ dim }) => dim);
    this.predicting = predicting;
  }

  /** tokens[i] [B, ceil(length / stride_i), dim_i] -> the same shapes. Tokens of hierarchy `muted` count as zeros. */
  apply(
    tokens: readonly Tensor[],
    length: number,
    { muted, observe }: { muted?: number; observe?: MergeObserver } = {},
  ): Tensor[] {
    const { outers, predicting } = this;
    const hidden = this.hidden(withZeros(tokens, muted), length, observe);
    // The predicting hierarchy uses every row of `hidden`; last here means first in the backward pass, which then need
    // not clear the gradient before strided hierarchies add their rows.
    const order = [...outers.keys()].sort((i, j) => Number(i === predicting) - Number(j === predicting));
    return this.receive(order, tokens, hidden);
  }

  /** `apply` for one position: the newest token of each hierarchy, [1, 1, dim_i]. Only those that are new receive. */
  applyNext(tokens: readonly Tensor[], isNew: (hierarchy: number) => boolean, muted?: number): Tensor[] {
    return this.receive([...this.outers.keys()].filter(isNew), tokens, this.hidden(withZeros(tokens, muted), 1));
  }

  /** [B, n, width] */
  private hidden(parts: readonly Tensor[], length: number, observe?: MergeObserver): Tensor {
    const { gamma, inner, strides, widths } = this;
    const normed = concat({ parts, strides, length, weight: gamma }); // [B, n, sum of dims]
    observe?.({ x: normed, weight: inner.weight, widths });
    return inner.apply(normed, { activation: 'silu' });
  }

  private receive(receivers: readonly number[], tokens: readonly Tensor[], hidden: Tensor): Tensor[] {
    const merged = [...tokens];
    for (const i of receivers)
      merged[i] = this.outers.get(i)!.apply(hidden, { residual: tokens[i], every: this.strides[i] });
    return merged;
  }
}

/** The tokens, with zeros for those of hierarchy `muted`. */
function withZeros(tokens: readonly Tensor[], muted: number | undefined): readonly Tensor[] {
  if (muted === undefined) return tokens;
  // What a memory holds belongs to no trace, but never are all tokens of that kind.
  const graph = tokens.find((t) => t.graph !== null)?.graph;
  if (!graph) throw new Error(`merge: given tokens that belong to no trace, needs one to mute hierarchy ${muted} in`);
  const zeros = graph.temporary('muted tokens', tokens[muted].shape);
  zero(graph, zeros);
  return tokens.map((t, i) => (i === muted ? zeros : t));
}
