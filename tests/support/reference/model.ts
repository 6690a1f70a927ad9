import { effectiveWindow } from '../../../src/config/effective-window.ts';
import type { ModelConfig } from '../../../src/config/types.ts';
import { referenceAttention } from './attention.ts';
import { referenceConcat } from './concat.ts';
import { cosineLossReference } from './cosine-loss.ts';
import { crossEntropyReference } from './cross-entropy.ts';
import { compress, type Parameters } from './first-attention.ts';
import { activate, linearForward, type Activation } from './linear.ts';
import { referenceNorm } from './norm.ts';

interface Losses {
  nextByte: number;
  /** One for each hierarchy; 0 at 1x. */
  recon: number[];
  nextEmbedding: number[];
}

/**
 * The losses of a model in float64, from bytes [batch, length + 1] on, by the references of its ops. For models whose strides are
 * 1 and that merge into the predicting hierarchy, the first.
 */
export function referenceLosses(config: ModelConfig, parameter: Parameters, ids: Uint32Array, batch: number): Losses {
  const { hierarchies, numTokens, ignoreIndex } = config;
  const pitch = ids.length / batch;
  const length = pitch - 1;
  const sequences = Array.from({ length: batch }, (_, b) => ids.subarray(b * pitch, b * pitch + length));
  const embeds = sequences.map((sequence) => embedsOf(config, parameter, sequence));
  const joined = hierarchies.map((_, i) => Float64Array.from(embeds.flatMap((each) => [...each[i]])));
  const apply = (i: number, name: string, bias = false): Float64Array =>
    linear(joined[i], hierarchies[i].dim, parameter, name, { bias });
  const bytes = { batch, length, classes: numTokens, stride: 1, pitch };
  const predicted = { ...bytes, slots: 1, offset: 1, inputLength: pitch, ignoreIndex };
  return {
    nextByte: crossEntropyReference(predicted, apply(0, 'to_logits'), ids).loss,
    recon: hierarchies.map(({ factor }, i) => {
      if (factor === 1) return 0;
      const made = { ...bytes, slots: factor, offset: 1 - factor, inputLength: length, ignoreIndex: 0 };
      return crossEntropyReference(made, apply(i, `compressors.${i}.to_recon`), ids).loss;
    }),
    nextEmbedding: hierarchies.map(({ factor, dim }, i) => {
      if (factor === 1) return 0;
      const prediction = apply(i, `to_hierarchical_preds.${i}`, true);
      return cosineLossReference([batch, length, dim], 1, prediction, joined[i]).loss;
    }),
  };
}

/** Tokens of every hierarchy behind its final norm, of one sequence. */
function embedsOf(config: ModelConfig, parameter: Parameters, ids: Uint32Array): Float64Array[] {
  const { hierarchies, depth } = config;
  const { length } = ids;
  const norm = (x: Float64Array, name: string, kind: 'rms' | 'layer', shift: number): Float64Array => {
    const gain = parameter(`${name}.${kind === 'rms' ? 'gamma' : 'weight'}`);
    const shape = { batch: 1, length, channels: gain.length, kind, shift };
    return referenceNorm(shape, x, gain, kind === 'rms' ? [] : parameter(`${name}.bias`));
  };
  let tokens = hierarchies.map((_, i) =>
    norm(compress(config, i, parameter, ids), `post_token_emb_norms.${i}`, 'layer', 0),
  );
  for (let layer = 0; layer < depth; layer++) {
    tokens = tokens.map((x, i) => {
      const { dim, heads, dimHead, factor } = hierarchies[i];
      const window = effectiveWindow(config, hierarchies[i]);
      const name = `layers.${layer}.${i}`;
      const shifted = norm(x, `${name}.attn.norm`, window === null ? 'rms' : 'layer', factor);
      const qkv = linear(shifted, dim, parameter, `${name}.attn.to_qkv`);
      const shape = { batch: 1, tokens: length, heads, dimHead, window, dilation: factor };
      const rotary = window === null ? 'xpos' : 'plain';
      const none = new Float64Array(length * heads * dimHead);
      const { y } = referenceAttention({ ...shape, rotary }, qkv, none);
      const attended = sum(x, linear(y, heads * dimHead, parameter, `${name}.attn.to_out`));
      const normed = norm(attended, `${name}.ff.net.0`, 'rms', factor);
      const inner = linear(normed, dim, parameter, `${name}.ff.net.1`, { activation: 'gelu' });
      return sum(attended, linear(inner, inner.length / length, parameter, `${name}.ff.net.3`));
    });
    const name = `hierarchical_merges.${layer}.net`;
    const parts = hierarchies.map(({ dim }) => ({ rows: length, channels: dim, stride: 1 }));
    const joined = referenceConcat({ batch: 1, parts, length }, tokens, parameter(`${name}.0.gamma`));
    const hidden = linear(joined, joined.length / length, parameter, `${name}.1`, { bias: true, activation: 'silu' });
    const told = linear(hidden, hidden.length / length, parameter, `${name}.3`, { bias: true });
    tokens = [sum(tokens[0], told), ...tokens.slice(1)];
  }
  return tokens.map((x, i) => norm(x, `norms.${i}`, 'layer', 0));
}

/** Rows of `inputs` channels times `NAME.weight`. */
function linear(
  x: Float64Array,
  inputs: number,
  parameter: Parameters,
  name: string,
  { bias = false, activation }: { bias?: boolean; activation?: Activation } = {},
): Float64Array {
  const weight = parameter(`${name}.weight`);
  const added = bias ? parameter(`${name}.bias`) : null;
  const y = linearForward(x, weight, added, x.length / inputs, inputs, weight.length / inputs);
  return y.map((value) => activate(value, activation));
}

function sum(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, i) => value + other[i]);
}
