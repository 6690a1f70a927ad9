import type { ModelConfig } from '../../config/types.ts';

/** Constructor arguments as the reference takes them; a list means one value per hierarchy. */
export interface GoldenKwargs {
  num_tokens: number;
  dim: number | number[];
  depth: number;
  seq_len?: number;
  dim_head?: number | number[];
  heads?: number | number[];
  ff_mult?: number | number[];
  hierarchies?: number | number[];
  window_sizes?: number | null | (number | null)[];
  hierarchical_stride?: number | number[];
  hierarchy_merge_all?: boolean;
  predict_hierarchy?: number | null;
  predict_use_all_hierarchy?: boolean;
  recon_loss_weight?: number;
  hierarchical_ar_loss_weight?: number;
  ignore_index?: number;
  use_flash_attn?: boolean;
}

const KNOWN = new Set([
  'num_tokens',
  'dim',
  'depth',
  'seq_len',
  'dim_head',
  'heads',
  'ff_mult',
  'hierarchies',
  'window_sizes',
  'hierarchical_stride',
  'hierarchy_merge_all',
  'predict_hierarchy',
  'predict_use_all_hierarchy',
  'recon_loss_weight',
  'hierarchical_ar_loss_weight',
  'ignore_index',
  'use_flash_attn',
]);

/** Arguments of the reference's forward pass. Those that choose what it returns are of no concern here. */
export interface GoldenForwardKwargs {
  ablate_hierarchical_merge?: boolean;
  return_loss?: boolean;
  return_hierarchical_token_embeds?: boolean;
  return_hierarchical_embeds?: boolean;
}

const KNOWN_FORWARD = new Set([
  'ablate_hierarchical_merge',
  'return_loss',
  'return_hierarchical_token_embeds',
  'return_hierarchical_embeds',
]);

/** The reference's arguments, with its defaults, as our configuration. Throws on an argument that it does not know. */
export function modelConfigFrom(kwargs: GoldenKwargs, forwardKwargs?: GoldenForwardKwargs | null): ModelConfig {
  const forward = forwardKwargs ?? {};
  rejectUnknown('kwargs', kwargs, KNOWN);
  rejectUnknown('forward_kwargs', forward, KNOWN_FORWARD);
  for (const name of ['num_tokens', 'dim', 'depth'] as const) {
    if (kwargs[name] === undefined) throw new Error(`kwargs: has no ${name}`);
  }
  const hierarchies = kwargs.hierarchies ?? 1;
  const factors = Array.isArray(hierarchies) ? hierarchies : [hierarchies];
  const each = <T>(name: keyof GoldenKwargs, value: T | T[], i: number): T => {
    if (!Array.isArray(value)) return value;
    if (value.length !== factors.length) {
      throw new Error(`kwargs: given ${value.length} values of ${name}, needs ${factors.length}, one per hierarchy`);
    }
    return value[i];
  };
  return {
    numTokens: kwargs.num_tokens,
    depth: kwargs.depth,
    contextLength: kwargs.seq_len ?? 2048,
    hierarchies: factors.map((factor, i) => ({
      factor,
      stride: each('hierarchical_stride', kwargs.hierarchical_stride ?? 1, i),
      dim: each('dim', kwargs.dim, i),
      heads: each('heads', kwargs.heads ?? 8, i),
      dimHead: each('dim_head', kwargs.dim_head ?? 64, i),
      ffMult: each('ff_mult', kwargs.ff_mult ?? 4, i),
      window: each<number | null>('window_sizes', kwargs.window_sizes ?? null, i),
    })),
    predictFactor: kwargs.predict_hierarchy ?? null,
    mergeAll: kwargs.hierarchy_merge_all ?? false,
    predictAll: kwargs.predict_use_all_hierarchy ?? false,
    ablateMerge: forward.ablate_hierarchical_merge ?? false,
    reconWeight: kwargs.recon_loss_weight ?? 0.1,
    arWeight: kwargs.hierarchical_ar_loss_weight ?? 0.25,
    ignoreIndex: kwargs.ignore_index ?? 0,
  };
}

function rejectUnknown(what: string, given: object, known: ReadonlySet<string>): void {
  const unknown = Object.keys(given).filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new Error(`${what}: given ${unknown.join(', ')}, needs arguments of the reference's newest commit`);
}
