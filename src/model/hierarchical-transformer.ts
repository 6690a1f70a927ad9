/**
 * The hierarchical transformer. What is unusual in it:
 * - several streams of tokens at 1x, 2x, 4x ... compression run side by side, each with its own width, heads and window;
 * - a token of stream i stands for `factor` bytes and there is one every `stride` bytes, so at stride 1 no stream is shorter;
 * - compression is a causal convolution over byte embeddings, there is no other position information than rotary;
 * - half of the channels are delayed by one token before every norm (token shift);
 * - after each layer the streams are merged into the one that predicts, so it alone needs to know everything;
 * - coarse streams have losses of their own: reconstruct your bytes, predict your next embedding.
 */
import { tokensOf } from '../config/costs/rows.ts';
import { effectiveWindow } from '../config/effective-window.ts';
import { predictingIndex } from '../config/predicting-hierarchy.ts';
import type { ModelConfig } from '../config/types.ts';
import { Embedding } from '../nn/embedding.ts';
import { initialValues } from '../nn/init.ts';
import { Linear } from '../nn/linear.ts';
import { LayerNorm } from '../nn/norm.ts';
import type { StreamPlace } from '../nn/stream-place.ts';
import { concat } from '../ops/concat.ts';
import { hold, holdNewest } from '../ops/hold.ts';
import { Constants } from '../tensor/constants.ts';
import type { ParameterStore } from '../tensor/parameter-store.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { TextMemory } from '../tensor/text-memory.ts';
import type { AttentionObservation } from './attention.ts';
import { HierarchicalBlock } from './block.ts';
import { checkModel } from './check-model.ts';
import { makeCompressor, type Compressor } from './compress.ts';
import { HierarchicalMerge, type MergeObservation } from './merge.ts';
import { RotaryTables } from './rotary-tables.ts';

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
  /**
   * Takes the tokens of this hierarchy out of every merge: the others see zeros. It goes on by itself, and its last
   * embedding still counts where bytes are predicted from it, alone or with all others (`predictAll`).
   */
  muted?: number;
  /** Called for every attention that is recorded. */
  observe?: (layer: number, hierarchy: number, seen: AttentionObservation) => void;
  /** Called for every merge that is recorded. */
  observeMerge?: (layer: number, seen: MergeObservation) => void;
  /** Called with the tokens [B, L_i, d_i] that each layer begins with, one entry per hierarchy. */
  observeTokens?: (layer: number, tokens: readonly Tensor[]) => void;
  /** Called with the tokens behind the final norms, one entry per hierarchy. */
  observeEmbeds?: (embeds: readonly Tensor[]) => void;
  /** Has a memory hold what `forwardNext` for every position up to the newest would leave there; for a batch of one. */
  remember?: TextPlace;
  /**
   * When training, keeps of every block and every merge only what it gives out, and computes the rest again for the
   * backward pass.
   */
  recompute?: boolean;
}

/** A text up to its newest position. */
export interface TextPlace {
  memory: TextMemory;
  /** u32 [1]: the newest position. */
  position: Tensor;
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
    const tables = new RotaryTables(this.constants, config);
    this.layers = range(depth).map((l) =>
      hierarchies.map(
        (h, i) => new HierarchicalBlock(store, tables, `layers.${l}.${i}`, h, effectiveWindow(config, h)),
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
  forward(
    ids: Tensor,
    length: number,
    { muted, observe, observeMerge, observeTokens, observeEmbeds, remember, recompute = false }: ForwardOptions = {},
  ): Activations {
    const { contextLength, ablateMerge } = this.config;
    if (length < 1 || length > contextLength) {
      throw new Error(`forward: given ${length} tokens, needs 1 to ${contextLength}, the context length`);
    }
    const x = this.embedding.apply(ids, length); // [B, n, E]
    const tokenEmbeds = this.compressors.map((compressor, i) => this.tokenNorms[i].apply(compressor.apply(x)));

    const places = remember && this.places(remember);
    const stretch = <T extends Tensor | readonly Tensor[]>(record: () => T): T =>
      recompute ? x.graph!.recomputed(record) : record();
    let tokens = tokenEmbeds; // [B, L_i, d_i] each
    this.layers.forEach((blocks, l) => {
      observeTokens?.(l, tokens);
      tokens = tokens.map((t, i) =>
        stretch(() => blocks[i].apply(t, observe && ((seen) => observe(l, i, seen)), places?.[i])),
      );
      if (places) this.holdTokens(tokens, blocks, places);
      if (this.merges.length > 0 && !ablateMerge) {
        const look = observeMerge && ((seen: MergeObservation) => observeMerge(l, seen));
        tokens = stretch(() => this.merges[l].apply(tokens, length, { muted, observe: look }));
      }
    });

    const embeds = tokens.map((t, i) => this.finalNorms[i].apply(t));
    observeEmbeds?.(embeds);
    if (places) this.holdTokens(embeds, this.finalNorms, places);
    return { tokenEmbeds, embeds, logits: this.predict((i) => embeds[i], length) };
  }

  /** Logits [B, n, V] that would follow if these tokens [B, L_i, d_i], one entry per hierarchy, were those of the last layer. */
  readOut(tokens: readonly Tensor[], length: number): Tensor {
    return this.predict((i) => this.finalNorms[i].apply(tokens[i]), length);
  }

  /**
   * The same for the newest position of a text alone, given what the memory holds of those before it: the logits
   * [1, 1, V] that follow it; ids [1, T] u32. A position begins a token of each hierarchy whose stride divides it; the
   * trace is for those positions where `stride` is the largest that does. `muted` as for `forward`.
   */
  forwardNext(ids: Tensor, place: TextPlace, stride: number, { muted }: Pick<ForwardOptions, 'muted'> = {}): Tensor {
    const { hierarchies, ablateMerge, predictAll } = this.config;
    const isNew = (i: number): boolean => hierarchies[i].stride <= stride;
    const places = this.places(place);
    let tokens = this.compressors.map((compressor, i) => {
      if (!isNew(i)) return null;
      const recent = this.embedding.applyRecent(ids, place.position, compressor.taps); // [1, 1, taps * E]
      return this.tokenNorms[i].applyNext(compressor.applyNext(recent), places[i]); // [1, 1, d_i]
    });
    this.layers.forEach((blocks, l) => {
      tokens = tokens.map((t, i) => t && blocks[i].applyNext(t, places[i]));
      if (this.merges.length === 0 || ablateMerge) return;
      const seen = tokens.map((t, i) => this.newest(t, i, blocks[i], place.memory));
      const merged = this.merges[l].applyNext(seen, isNew, muted);
      tokens = merged.map((t, i) => (isNew(i) ? t : null));
    });
    const embed = (i: number): Tensor => {
      const token = tokens[i];
      return this.newest(token && this.finalNorms[i].applyNext(token, places[i]), i, this.finalNorms[i], place.memory);
    };
    if (!predictAll) return this.toLogits.apply(embed(this.predicting));
    const strides = hierarchies.map((h) => h.stride);
    return this.toLogits.apply(concat({ parts: strides.map((_, i) => embed(i)), strides, length: 1 }));
  }

  /** Logits [B, n, V] from the tokens behind the final norms, of which only those that predict are asked for. */
  private predict(embed: (hierarchy: number) => Tensor, length: number): Tensor {
    const { hierarchies, predictAll } = this.config;
    const strides = hierarchies.map(({ stride }) => stride);
    const last =
      predictAll && hierarchies.length > 1
        ? concat({ parts: strides.map((_, i) => embed(i)), strides, length })
        : embed(this.predicting);
    return this.toLogits.apply(last, { exact: true });
  }

  private places({ memory, position }: TextPlace): StreamPlace[] {
    const { hierarchies, contextLength } = this.config;
    return hierarchies.map((hierarchy) => ({
      memory,
      position,
      stride: hierarchy.stride,
      tokens: tokensOf(contextLength, hierarchy),
    }));
  }

  /** A hierarchy's token behind some module of its own: others see it until there is a new one. */
  private newest(token: Tensor | null, i: number, behind: object, memory: TextMemory): Tensor {
    const { stride, dim } = this.config.hierarchies[i];
    if (token && stride === 1) return token;
    const held = memory.of(behind, 'held token', [1, 1, dim]);
    if (token) hold(token.graph!, token, held);
    return token ?? held;
  }

  /** Holds the newest token of each hierarchy that `newest` will ask for. */
  private holdTokens(tokens: readonly Tensor[], behind: readonly object[], places: readonly StreamPlace[]): void {
    tokens.forEach((t, i) => {
      const place = places[i];
      if (place.stride > 1)
        holdNewest(t.graph!, t, place.memory.of(behind[i], 'held token', [1, 1, t.shape[2]]), place);
    });
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
