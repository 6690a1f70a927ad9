import type { HierarchyGeometry } from '../../protocol/inspection.ts';
import type { HeadChoice } from './head-weights.ts';

export type MapView = 'dist' | 'abs';

/** Where in the attention the visitor looks. Numbers count from 0 here, layers, heads and hierarchies from 1 in the hash. */
export interface Position {
  layer: number;
  hierarchy: number;
  head: HeadChoice;
  /** Byte of the locked query; null while the query follows the pointer. */
  query: number | null;
  view: MapView;
  /** Whether what cannot be attended to is told apart from what merely is not. */
  mask: boolean;
  /** Step of the capture shown; null = the newest. */
  step: number | null;
  /** Step of the capture that is pinned as A; null without one, or when it is of another run. */
  pin: number | null;
  /** What is drawn when A is pinned: A itself, B, or what changed from A to B. */
  shown: 'a' | 'b' | 'diff';
}

/** What positions there are. */
export interface Bounds {
  layers: number;
  hierarchies: readonly Pick<HierarchyGeometry, 'factor' | 'heads'>[];
  bytes: number;
}

export const HOME: Position = {
  layer: 0,
  hierarchy: 0,
  head: 0,
  query: null,
  view: 'dist',
  mask: true,
  step: null,
  pin: null,
  shown: 'diff',
};

/**
 * `l2.h1.k1.q118.dist`: layer, head (`havg`, `hmax`: all of them), hierarchy, query byte, view; where they
 * apply `nomask`, a step `s50`, a pinned step `a10`, and `showa` or `showb` in place of the difference.
 */
export function formatPosition(position: Position): string {
  const { layer, head, hierarchy, query, view, mask, step, pin, shown } = position;
  const parts = [`l${layer + 1}`, `h${typeof head === 'number' ? head + 1 : head}`, `k${hierarchy + 1}`];
  if (query !== null) parts.push(`q${query}`);
  parts.push(view);
  if (!mask) parts.push('nomask');
  if (step !== null) parts.push(`s${step}`);
  if (pin !== null) parts.push(`a${pin}`);
  if (pin !== null && shown !== 'diff') parts.push(`show${shown}`);
  return parts.join('.');
}

/** Reads any text whatever: what is missing or cannot be read is as at first. Not yet within bounds. */
export function parsePosition(detail: string): Position {
  const parts = detail.split('.');
  const number = (letter: string): number | null => {
    const digits = parts.map((part) => /^([a-z])(\d{1,9})$/.exec(part)).find((match) => match?.[1] === letter);
    return digits ? Number(digits[2]) : null;
  };
  const head = parts.includes('havg') ? 'avg' : parts.includes('hmax') ? 'max' : Math.max(0, (number('h') ?? 1) - 1);
  return {
    layer: Math.max(0, (number('l') ?? 1) - 1),
    hierarchy: Math.max(0, (number('k') ?? 1) - 1),
    head,
    query: number('q'),
    view: parts.includes('abs') ? 'abs' : 'dist',
    mask: !parts.includes('nomask'),
    step: number('s'),
    pin: number('a'),
    shown: parts.includes('showa') ? 'a' : parts.includes('showb') ? 'b' : 'diff',
  };
}

/** The nearest position that there is. */
export function clampPosition(position: Position, bounds: Bounds): Position {
  const hierarchy = Math.min(position.hierarchy, bounds.hierarchies.length - 1);
  const { head, query } = position;
  return {
    ...position,
    layer: Math.min(position.layer, bounds.layers - 1),
    hierarchy,
    head: typeof head === 'number' ? Math.max(0, Math.min(head, bounds.hierarchies[hierarchy].heads - 1)) : head,
    query: query === null ? null : Math.min(query, bounds.bytes - 1),
  };
}

/** The query before anybody has chosen one: the last byte whose successor is known. */
export function firstQuery(bytes: number): number {
  return Math.max(0, bytes - 2);
}
