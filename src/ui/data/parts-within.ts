import { exact } from '../format/quantity.ts';
import type { SplitPart } from './split-parts.ts';

/** What bytes [start, end) of a text have of each of its parts, in order. */
export function partsWithin(parts: readonly SplitPart[], start: number, end: number): SplitPart[] {
  return parts
    .map((part) => ({ ...part, start: Math.max(part.start, start), end: Math.min(part.end, end) }))
    .filter((part) => part.start < part.end);
}

/** Which bytes these are, and which of them serve for what. */
export function placeText(within: readonly SplitPart[]): string {
  const [first] = within;
  const last = within.at(-1);
  if (first === undefined || last === undefined) return '';
  const bytes = `Bytes ${exact(first.start)} to ${exact(last.end - 1)}`;
  if (within.length === 1) return `${bytes}, all of the ${first.name} part.`;
  return `${bytes}: ${within.map(({ name, start }) => `${name} from ${exact(start)}`).join(', ')}.`;
}
