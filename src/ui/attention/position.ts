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
};

/** `l2.h1.k1.q118.dist`: layer, head (`havg`, `hmax`: all of them), hierarchy, query byte, view; `nomask` and a step `s50` where they apply. */
export function formatPosition({ layer, head, hierarchy, query, view, mask, step }: Position): string {
  const parts = [`l${layer + 1}`, `h${typeof head === 'number' ? head + 1 : head}`, `k${hierarchy + 1}`];
  if (query !== null) parts.push(`q${query}`);
  parts.push(view);
  if (!mask) parts.push('nomask');
  if (step !== null) parts.push(`s${step}`);
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
