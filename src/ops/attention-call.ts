import backwardSource from '../../shaders/attention-backward.wgsl?raw';
import directSource from '../../shaders/attention-direct.wgsl?raw';
import quadBackwardSource from '../../shaders/attention-quad-backward.wgsl?raw';
import quadSource from '../../shaders/attention-quad.wgsl?raw';
import tiledSource from '../../shaders/attention.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import type { Replacement } from '../gpu/replace-declarations.ts';
import { grid } from '../tensor/grid.ts';
import type { AttentionSpan } from './attention-span.ts';
import { LANES } from './tiles.ts';

export type AttentionPass = 'forward' | 'backward_queries' | 'backward_keys';

/** What the backward pass by tiles does as the forward pass does. */
const TURNS: Replacement = {
  file: 'attention',
  source: tiledSource,
  names: ['Loaded', 'Turn', 'begin_first', 'begin_block', 'piece', 'score', 'add_rows', 'offset_of', 'across', 'down'],
};

/** What a pass by quads exchanges. */
function quadsOf(pass: AttentionPass): Replacement {
  const names = ['Sequence', 'sequence_of', pass];
  return pass === 'forward'
    ? { file: 'attention-quad', source: quadSource, names }
    : { file: 'attention-quad-backward', source: quadBackwardSource, names };
}

interface TiledVariant {
  /** Whether what is shared next is loaded while this is computed. Same bits either way. */
  ahead?: boolean;
  rowsOfWideHeads?: 4 | 2;
  /** Leaves the number of tiles each workgroup began to load where `lse` or gradients would be: how tests see that loops are bounded. */
  countTiles?: boolean;
}

/** How to call the kernel of a pass that shares tiles between invocations. */
export function tiledAttention(
  pass: AttentionPass,
  args: AttentionSpan,
  accumulate: 0 | 1,
  { ahead = false, rowsOfWideHeads, countTiles = false }: TiledVariant = {},
) {
  const { qkv, heads, dimHead, dilation } = args;
  const [batch, tokens] = qkv.shape;
  const [file, source] = pass === 'forward' ? ['attention', tiledSource] : ['attention-backward', backwardSource];
  const rows = rowsPerInvocation(pass, dimHead, rowsOfWideHeads);
  const blocks = Math.ceil(Math.ceil(tokens / dilation) / (8 * rows));
  return {
    kernel: kernel(file, source, pass, {
      constants: { HEAD_WIDTH: dimHead, ROWS: rows, ...(ahead && { AHEAD: 1 }) },
      ...(countTiles && { overrides: { COUNT_TILES: 1 } }),
      replacements: pass === 'forward' ? [LANES] : [TURNS, LANES],
    }),
    params: pass === 'forward' ? spanParams(args) : { ...spanParams(args), accumulate },
    workgroups: [blocks * Math.min(dilation, tokens), heads, batch] as const,
  };
}

/** How to call the kernel of a pass in which each invocation keeps to itself, or shares what it loads with three others. */
export function directAttention(pass: AttentionPass, args: AttentionSpan, accumulate: 0 | 1, byQuads = false) {
  const { qkv, heads, dimHead, dilation } = args;
  const [batch, tokens] = qkv.shape;
  const together = byQuads ? 4 : 1;
  const groups = Math.ceil(Math.ceil(tokens / dilation) / (4 * together)) * dilation * batch * heads;
  const constants = { HEAD_WIDTH: dimHead };
  return {
    kernel: kernel('attention-direct', directSource, pass, {
      constants,
      ...(byQuads && { replacements: [quadsOf(pass)] }),
    }),
    params: { ...spanParams(args), batch, accumulate },
    workgroups: grid(groups, 32 / together),
  };
}

/** As many rows of a tile, four or two, as keep an invocation's sums within 32 registers, or 64 of keys where heads are wide. */
export function rowsPerInvocation(pass: AttentionPass, dimHead: number, rowsOfWideHeads: 4 | 2 = 4): number {
  const registersPerRow = (pass === 'backward_keys' ? 2 : 1) * Math.ceil(dimHead / 32) * 4;
  if (registersPerRow <= 8) return dimHead > 32 ? rowsOfWideHeads : 4;
  return 2;
}

function spanParams({ qkv, heads, window, dilation }: AttentionSpan) {
  const tokens = qkv.shape[1];
  return { tokens, heads, dilation, window: Math.min(window ?? tokens, tokens) };
}
