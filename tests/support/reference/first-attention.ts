import { effectiveWindow } from '../../../src/config/effective-window.ts';
import type { ModelConfig } from '../../../src/config/types.ts';
import { HierarchicalTransformer } from '../../../src/model/hierarchical-transformer.ts';
import { ParameterStore } from '../../../src/tensor/parameter-store.ts';
import { referenceAttention } from './attention.ts';
import { activate } from './linear.ts';
import { referenceNorm } from './norm.ts';

/** Values of a parameter by its name, in the layout of the engine. */
export type Parameters = (name: string) => ArrayLike<number>;

/** What an untrained model's parameters are, by name, in the engine's layout. Needs no device. */
export function initialParameters(config: ModelConfig, seed: number): Parameters {
  const store = new ParameterStore();
  const values = new HierarchicalTransformer(config, store).initialValues(seed);
  const byName = new Map(store.parameters.map(({ name }) => [name, values.next().value as ArrayLike<number>]));
  return (name) => {
    const found = byName.get(name);
    if (!found) throw new Error(`initialParameters: given "${name}", needs one of ${[...byName.keys()].join(', ')}`);
    return found;
  };
}

/** Weights of the first layer's attention in one hierarchy, [head][query token][key token], from bytes on, in float64. */
export function referenceFirstAttention(
  config: ModelConfig,
  hierarchy: number,
  parameter: Parameters,
  ids: ArrayLike<number>,
): number[][][] {
  const { factor, stride, dim, heads, dimHead } = config.hierarchies[hierarchy];
  const window = effectiveWindow(config, config.hierarchies[hierarchy]);
  const length = Math.ceil(ids.length / stride);
  const dilation = factor / stride;
  const rows = { batch: 1, length, channels: dim };
  const post = `post_token_emb_norms.${hierarchy}`;
  const raw = compress(config, hierarchy, parameter, ids);
  const tokens = referenceNorm(
    { ...rows, kind: 'layer', shift: 0 },
    raw,
    parameter(`${post}.weight`),
    parameter(`${post}.bias`),
  );
  const name = `layers.0.${hierarchy}.attn`;
  const scale = parameter(window === null ? `${name}.norm.gamma` : `${name}.norm.weight`);
  const shifted = referenceNorm(
    { ...rows, kind: window === null ? 'rms' : 'layer', shift: dilation },
    tokens,
    scale,
    window === null ? [] : parameter(`${name}.norm.bias`),
  );
  const qkv = product(shifted, parameter(`${name}.to_qkv.weight`), dim);
  const shape = { batch: 1, tokens: length, heads, dimHead, window, dilation };
  const rotary = window === null ? 'xpos' : 'plain';
  return referenceAttention({ ...shape, rotary }, qkv, new Float64Array(length * heads * dimHead)).probabilities[0];
}

/** Byte embeddings, and what the hierarchy's compressor makes of them, row by row. */
export function compress(
  { hierarchies }: ModelConfig,
  hierarchy: number,
  parameter: Parameters,
  ids: ArrayLike<number>,
): Float64Array {
  const { factor, stride, dim } = hierarchies[hierarchy];
  const width = Math.max(...hierarchies.map((each) => each.dim));
  const embedding = parameter('token_emb.weight');
  const embedded = Float64Array.from({ length: ids.length * width }, (_, at) => {
    return embedding[ids[Math.floor(at / width)] * width + (at % width)];
  });
  const name = `compressors.${hierarchy}.compress_fn`;
  if (factor === 1) return dim === width ? embedded : product(embedded, parameter(`${name}.weight`), width);
  const taps = factor * width;
  const windows = new Float64Array(Math.ceil(ids.length / stride) * taps);
  windows.forEach((_, at) => {
    const byte = Math.floor(at / taps) * stride - (factor - 1) + Math.floor((at % taps) / width);
    windows[at] = byte < 0 ? 0 : embedded[byte * width + (at % width)];
  });
  const hidden = product(windows, parameter(`${name}.1.conv.weight`), taps, parameter(`${name}.1.conv.bias`));
  return product(
    hidden.map((value) => activate(value, 'silu')),
    parameter(`${name}.3.weight`),
    4 * width,
    parameter(`${name}.3.bias`),
  );
}

/** x W^T + bias, row by row; x has `width` channels. */
function product(x: Float64Array, weight: ArrayLike<number>, width: number, bias?: ArrayLike<number>): Float64Array {
  const outputs = weight.length / width;
  return Float64Array.from({ length: (x.length / width) * outputs }, (_, at) => {
    const [row, output] = [Math.floor(at / outputs), at % outputs];
    let sum = bias?.[output] ?? 0;
    for (let i = 0; i < width; i++) sum += x[row * width + i] * weight[output * width + i];
    return sum;
  });
}
