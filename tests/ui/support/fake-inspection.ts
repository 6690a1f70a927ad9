import { effectiveWindow } from '../../../src/config/effective-window.ts';
import type { ModelConfig } from '../../../src/config/types.ts';
import type { AttentionBand, HierarchyGeometry, Inspection, Reconstruction } from '../../../src/protocol/inspection.ts';

/** An inspection as a model that has learned a little would give it: rows add up to 1, near keys weigh more. */
export function plausibleInspection(
  { hierarchies, contextLength, depth }: Pick<ModelConfig, 'hierarchies' | 'contextLength' | 'depth'>,
  passage: Uint8Array,
  sharpness = 1,
): Inspection {
  const text = passage.slice(0, contextLength);
  const noise = (at: number, salt: number): number =>
    Math.abs((Math.sin(at * 12.9898 + salt * 78.233) * 43758.5453) % 1);
  const geometries = hierarchies.map((hierarchy): HierarchyGeometry => {
    const { factor, stride, heads } = hierarchy;
    const window = effectiveWindow({ contextLength }, hierarchy);
    return { factor, stride, dilation: factor / stride, window, tokens: Math.ceil(text.length / stride), heads };
  });
  const attention: AttentionBand[] = [];
  for (let layer = 0; layer < depth; layer++) {
    geometries.forEach((geometry, hierarchy) => {
      if (geometry.window !== 0) attention.push(band(layer, hierarchy, geometry, contextLength));
    });
  }
  const bits = Float32Array.from(text, (byte, at) => (at === 0 ? NaN : 0.2 + 5 * noise(at, byte)));
  return {
    text,
    hierarchies: geometries,
    bits,
    ranks: Uint16Array.from(bits, (value) => (Number.isNaN(value) ? 0 : Math.ceil(2 ** value))),
    candidates: {
      count: 2,
      bytes: Uint8Array.from({ length: 2 * text.length }, (_, at) => 97 + (at % 26)),
      probabilities: Float32Array.from({ length: 2 * text.length }, (_, at) => (at % 2 === 0 ? 0.5 : 0.2)),
    },
    bitsWithout: geometries.map(({ factor }) =>
      geometries.length < 2
        ? null
        : bits.map((value, at) => value + (noise(at, factor) - 0.3) * (factor === 1 ? 4 : 1.5)),
    ),
    layers: Array.from({ length: depth }, (_, layer) => ({
      bits: bits.map((value) => value + depth - layer),
      bytes: text.map((byte, at) => (at === 0 ? 0 : 97 + ((byte + layer) % 26))),
      likeliest: bits.map((value) => (Number.isNaN(value) ? NaN : (layer + 1) / (depth + 1))),
    })),
    attention,
    mergeShares: geometries.length < 2 ? [] : Array.from({ length: depth }, (_, layer) => shares(layer)),
    reconstructions: geometries.map(({ factor, stride, dilation }) =>
      factor === 1 ? null : reconstruction(stride * (dilation - 1), factor, dilation - 1),
    ),
  };

  /** Every fifth byte is taken for its neighbour in the alphabet; the last bytes are in no whole token. */
  function reconstruction(firstEnd: number, factor: number, firstToken: number): Reconstruction {
    const covered = firstEnd + 1 + factor * Math.floor((text.length - 1 - firstEnd) / factor);
    const isWrong = (at: number): boolean => at % 5 === 0;
    const of = (value: (at: number) => number): Float32Array =>
      Float32Array.from(text, (_, at) => (at < covered ? value(at) : NaN));
    return {
      firstToken,
      bytes: Uint8Array.from(text, (byte, at) => (at >= covered ? 0 : isWrong(at) ? byte + 1 : byte)),
      likeliest: of((at) => 0.4 + 0.6 * noise(at, factor)),
      actual: of((at) => (isWrong(at) ? 0.2 : 0.4 + 0.6 * noise(at, factor))),
    };
  }

  function shares(layer: number): Float32Array {
    const count = geometries.length;
    const rows = Array.from(text, (byte, at) => {
      const raw = geometries.map(({ factor }) => 0.2 + noise(at, byte + factor + layer));
      const total = raw.reduce((sum, value) => sum + value, 0);
      return raw.map((value) => value / total);
    });
    return Float32Array.from({ length: text.length * count }, (_, at) => rows[Math.floor(at / count)][at % count]);
  }

  function band(layer: number, hierarchy: number, geometry: HierarchyGeometry, context: number): AttentionBand {
    const { tokens, dilation, window, heads, factor, stride } = geometry;
    const span = window === null ? Math.ceil(context / stride / dilation) : window + 1;
    const weights = new Uint8Array(heads * tokens * span);
    const meanDistance = new Float32Array(heads);
    const entropy = new Float32Array(heads);
    for (let head = 0; head < heads; head++) {
      for (let token = 0; token < tokens; token++) {
        const visible = Math.min(span, Math.floor(token / dilation) + 1);
        const raw = Array.from({ length: visible }, (_, i) =>
          Math.exp(sharpness * (4 * noise(token - i, layer + 3 * head + 7 * hierarchy) - i / (1.5 + 3 * head))),
        );
        const total = raw.reduce((sum, value) => sum + value, 0);
        raw.forEach((value, i) => {
          const p = value / total;
          weights[(head * tokens + token) * span + i] = Math.round(255 * p);
          meanDistance[head] += (p * i * factor) / tokens;
          entropy[head] -= (p * Math.log2(p)) / tokens;
        });
      }
    }
    return { layer, hierarchy, span, weights, meanDistance, entropy };
  }
}
