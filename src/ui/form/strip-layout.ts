import { effectiveWindow } from '../../config/effective-window.ts';
import type { HierarchyConfig, ModelConfig } from '../../config/types.ts';

/** Units of the drawing; it is about as wide as the column that it stands in, so they are about pixels. */
export const STRIP = { width: 340, left: 36, tokens: 234, ruler: 16 } as const;

/** Bytes that are shown: two tokens of the coarsest hierarchy, within what can be told apart. */
const FEWEST_BYTES = 32;
const MOST_BYTES = 64;
const TALLEST = 28;
const SHORTEST = 8;
/** Between streams: room for the marks of the stride. */
const GAP = 9;

export interface StripToken {
  /** Bytes up to its end, from the left. */
  end: number;
  /** Bytes that it stands for, those left of the drawing not counted. */
  span: number;
  /** Whether it begins left of the drawing. */
  isCut: boolean;
  inReach: boolean;
}

/** One stream as it is drawn. */
export interface StripRow {
  factor: number;
  stride: number;
  top: number;
  height: number;
  /** The tokens that the last one could attend to, the last first: those between them are of another phase. */
  tokens: StripToken[];
  /** How far attention reaches: `17 B`, `all`, `off`. */
  reach: string;
  about: string;
}

/** Rows in the order of the hierarchies, the finest at the bottom. */
export function layOut(model: ModelConfig): { bytes: number; rows: StripRow[]; height: number } {
  const { hierarchies } = model;
  const coarsest = Math.max(1, ...hierarchies.map(({ factor }) => factor));
  const bytes = Math.min(MOST_BYTES, Math.max(FEWEST_BYTES, 2 * coarsest));
  const widest = Math.max(1, ...hierarchies.map(({ dim }) => dim));
  let bottom = 0;
  const rows: StripRow[] = [];
  for (const hierarchy of hierarchies.toReversed()) {
    const height = SHORTEST + (TALLEST - SHORTEST) * (hierarchy.dim / widest);
    rows.unshift(rowOf(model, hierarchy, bytes, bottom, height));
    bottom += height + GAP;
  }
  return { bytes, rows, height: bottom + STRIP.ruler };
}

function rowOf(model: ModelConfig, hierarchy: HierarchyConfig, bytes: number, top: number, height: number): StripRow {
  const { factor, stride, dim, heads, dimHead } = hierarchy;
  const window = effectiveWindow(model, hierarchy);
  // A stream of coarser tokens than the drawing is wide shows a part of one.
  const tokens = Array.from({ length: Math.ceil(bytes / factor) }, (_, back): StripToken => {
    const end = bytes - back * factor;
    const span = Math.min(factor, end);
    return { end, span, isCut: span < factor, inReach: window === null || back <= window };
  });
  const sight =
    window === 0 ? 'no attention' : window === null ? 'sees everything' : `sees ${factor * (window + 1)} bytes`;
  const pace = stride === 1 ? 'a token every byte' : `a token every ${stride} bytes`;
  return {
    factor,
    stride,
    top,
    height,
    tokens,
    reach: window === 0 ? 'off' : window === null ? 'all' : `${factor * (window + 1)} B`,
    about: `${factor}×: ${dim} wide, ${heads} heads of ${dimHead}, ${pace}, ${sight}`,
  };
}
