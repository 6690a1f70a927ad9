/**
 * The hierarchical transformer. What is unusual in it:
 * - several streams of tokens at 1x, 2x, 4x ... compression run side by side, each with its own width, heads and window;
 * - a token of stream i stands for `factor` bytes and there is one every `stride` bytes, so at stride 1 no stream is shorter;
 * - compression is a causal convolution over byte embeddings, there is no other position information than rotary;
 * - half of the channels are delayed by one token before every norm (token shift);
 * - after each layer the streams are merged into the one that predicts, so it alone needs to know everything;
 * - coarse streams have losses of their own: reconstruct your bytes, predict your next embedding.
 */
import { effectiveWindow } from '../config/effective-window.ts';
import { predictingIndex } from '../config/predicting-hierarchy.ts';
import type { ModelConfig } from '../config/types.ts';
import { Embedding } from '../nn/embedding.ts';
import { initialValues } from '../nn/init.ts';
import { Linear } from '../nn/linear.ts';
import { LayerNorm } from '../nn/norm.ts';
import { concat } from '../ops/concat.ts';
import { Constants } from '../tensor/constants.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { AttentionObservation } from './attention.ts';
import { HierarchicalBlock } from './block.ts';
import { checkModel } from './check-model.ts';
import { makeCompressor, type Compressor } from './compress.ts';
import { HierarchicalMerge, type MergeObservation } from './merge.ts';

/** One entry per hierarchy where it is a list. */
export interface Activations {
  /** Tokens before the first layer, [B, L_i, d_i]. */
  tokenEmbeds: Tensor[];
  /** Tokens after the final norms, [B, L_i, d_i]. */
  embeds: Tensor[];
  /** [B, n, V] */
  logits: Tensor;
}

export interface ForwardOptions {
  /** Takes the tokens of this hierarchy out of every merge. */
  muted?: number;
  /** Called for every attention that is recorded. */
  observe?: (layer: number, hierarchy: number, seen: AttentionObservation) => void;
  /** Called for every merge that is recorded. */
  observeMerge?: (layer: number, seen: MergeObservation) => void;
}

export class HierarchicalTransformer {
  readonly config: ModelConfig;
  /** Index of the hierarchy that predicts the next byte. */
  readonly predicting: number;
  readonly constants = new Constants();
  /** Per hierarchy; null at 1x, and for all of them without a reconstruction loss. */
  readonly toRecon: (Linear | null)[];
  /** Per hierarchy; null at 1x. */
  readonly toNextEmbed: (Linear | null)[];
  private readonly store: ParameterStore;
  private readonly embedding: Embedding;
  private readonly compressors: Compressor[];
  private readonly tokenNorms: LayerNorm[];
  private readonly layers: HierarchicalBlock[][];
  private readonly merges: HierarchicalMerge[];
  private readonly finalNorms: LayerNorm[];
  private readonly toLogits: Linear;

  /** Declares all parameters in `store`. Throws an Error that names the control when the configuration is impossible. */
  constructor(config: ModelConfig, store: ParameterStore) {
    checkModel(config);
    const { hierarchies, depth, numTokens, reconWeight, mergeAll, predictAll } = config;
    const embeddingDim = Math.max(...hierarchies.map(({ dim }) => dim));
    const predicting = predictingIndex(config);
    this.config = config;
    this.store = store;
    this.predicting = predicting;
    this.embedding = new Embedding(store, 'token_emb', numTokens, embeddingDim);
    this.toNextEmbed = hierarchies.map(({ factor, dim }, i) =>
      factor > 1 ? new Linear(store, `to_hierarchical_preds.${i}`, dim, dim, { bias: true }) : null,
    );
    this.compressors = hierarchies.map((h, i) => makeCompressor(store, `compressors.${i}`, embeddingDim, h));
    this.toRecon = hierarchies.map(({ factor, dim }, i) =>
      factor > 1 && reconWeight > 0 ? new Linear(store, `compressors.${i}.to_recon`, dim, factor * numTokens) : null,
    );
    this.tokenNorms = hierarchies.map(({ dim }, i) => new LayerNorm(store, `post_token_emb_norms.${i}`, dim));
    this.layers = range(depth).map((l) =>
      hierarchies.map(
        (h, i) => new HierarchicalBlock(store, this.constants, `layers.${l}.${i}`, h, effectiveWindow(config, h)),
      ),
    );
    this.merges =
      hierarchies.length === 1
        ? []
        : range(depth).map(
            (l) => new HierarchicalMerge(store, `hierarchical_merges.${l}`, hierarchies, predicting, mergeAll),
          );
    this.finalNorms = hierarchies.map(({ dim }, i) => new LayerNorm(store, `norms.${i}`, dim));
    const logitsDim = predictAll ? hierarchies.reduce((sum, { dim }) => sum + dim, 0) : hierarchies[predicting].dim;
    this.toLogits = new Linear(store, 'to_logits', logitsDim, numTokens);
  }

  /** First values of every parameter, in the store's order. */
  initialValues(seed: number): Generator<Float32Array<ArrayBuffer>> {
    return initialValues(this.store, seed);
  }

  /** The forward pass: ids [B, pitch] u32, of which the first `length` of each row are read. */
  forward(ids: Tensor, length: number, { muted, observe, observeMerge }: ForwardOptions = {}): Activations {
    const { hierarchies, contextLength, ablateMerge, predictAll } = this.config;
    if (length < 1 || length > contextLength) {
      throw new Error(`forward: given ${length} tokens, needs 1 to ${contextLength}, the context length`);
    }
    const x = this.embedding.apply(ids, length); // [B, n, E]
    const tokenEmbeds = this.compressors.map((compressor, i) => this.tokenNorms[i].apply(compressor.apply(x)));

    let tokens = tokenEmbeds; // [B, L_i, d_i] each
    this.layers.forEach((blocks, l) => {
      tokens = tokens.map((t, i) => blocks[i].apply(t, observe && ((seen) => observe(l, i, seen))));
      if (this.merges.length > 0 && !ablateMerge) {
        const look = observeMerge && ((seen: MergeObservation) => observeMerge(l, seen));
        tokens = this.merges[l].apply(tokens, length, { muted, observe: look });
      }
    });

    const embeds = tokens.map((t, i) => this.finalNorms[i].apply(t));
    const strides = hierarchies.map(({ stride }) => stride);
    const last = predictAll && embeds.length > 1 ? concat({ parts: embeds, strides, length }) : embeds[this.predicting];
    return { tokenEmbeds, embeds, logits: this.toLogits.apply(last) };
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
