import type { HierarchyGeometry } from '../../protocol/inspection.ts';

/** Bytes from `start` to `end`, both included. */
export interface ByteSpan {
  start: number;
  end: number;
}

/** The bytes that one key of a query's phase stands for. */
export interface LaneBin extends ByteSpan {
  /** Place in the band's row: 0 = the query's own token. */
  index: number;
  token: number;
  /** Bytes of the token that would lie before the text: it was padded there. */
  padding: number;
  /** Whether the window lets the query see this key. */
  seen: boolean;
}

/** What one hierarchy has for the query at one byte. */
export interface Lane {
  token: number;
  /** Keys of the query's phase that lie within the text, nearest first; together they cover every byte up to the token's end once. */
  bins: LaneBin[];
  /** Bytes up to the query that its newest token does not contain; null when the token ends at the query. */
  stale: ByteSpan | null;
}

/** The token that byte `byte` reads at the merge. */
export function tokenAt({ stride }: HierarchyGeometry, byte: number): number {
  return Math.floor(byte / stride);
}

/** The bytes of the text that a token stands for. */
export function tokenSpan({ factor, stride }: HierarchyGeometry, token: number): ByteSpan {
  const end = stride * token;
  return { start: Math.max(0, end - factor + 1), end };
}

/** Bytes that a query may look back on, its own included; null = all before it, 0 = none. */
export function reach({ factor, window }: HierarchyGeometry): number | null {
  if (window === null) return null;
  return window === 0 ? 0 : factor * (window + 1);
}

export function laneAt(geometry: HierarchyGeometry, byte: number): Lane {
  const { factor, stride, dilation, window } = geometry;
  const token = tokenAt(geometry, byte);
  const bins: LaneBin[] = [];
  for (let index = 0; token - index * dilation >= 0; index++) {
    const key = token - index * dilation;
    const { start, end } = tokenSpan(geometry, key);
    const seen = window !== 0 && (window === null || index <= window);
    bins.push({ index, token: key, start, end, padding: start - (stride * key - factor + 1), seen });
  }
  const { end } = tokenSpan(geometry, token);
  return { token, bins, stale: end < byte ? { start: end + 1, end: byte } : null };
}

/** The bin that holds byte `byte`; null for the stale bytes and what comes after. */
export function binAt(lane: Lane, byte: number): LaneBin | null {
  return lane.bins.find(({ start, end }) => start <= byte && byte <= end) ?? null;
}
