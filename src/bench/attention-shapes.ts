export interface AttentionShape {
  batch: number;
  tokens: number;
  heads: number;
  dimHead: number;
  window: number | null;
  dilation: number;
}

/** A shape in words, as tables name it. */
export function attentionShapeName({ batch, tokens, heads, dimHead, window, dilation }: AttentionShape): string {
  return `${batch} x ${tokens}, ${heads} x ${dimHead}, w ${window ?? 'none'}, dilation ${dilation}`;
}

const LENGTHS = [512, 1024, 2048, 4096, 8192, 16_384];
const WINDOWS = [16, 64, null];
const DILATIONS = [1, 8];

/** Series of attention in which only the length differs and doubles every time: all windows with all dilations. */
export const DOUBLING_ATTENTION: readonly AttentionShape[][] = WINDOWS.flatMap((window) =>
  DILATIONS.map((dilation) => LENGTHS.map((tokens) => ({ batch: 1, tokens, heads: 8, dimHead: 64, window, dilation }))),
);
