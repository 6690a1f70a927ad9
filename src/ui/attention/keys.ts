import { clampPosition } from './position.ts';
import type { Bounds, Position } from './position.ts';

export interface KeyPress {
  key: string;
  shiftKey: boolean;
}

/** Bytes that an arrow key moves by with Shift. */
const FAR = 16;

/** The position that a key leads to; null for keys that move nothing. `query` is the one shown, locked or not. */
export function positionAfterKey(
  { key, shiftKey }: KeyPress,
  at: Position,
  query: number,
  bounds: Bounds,
): Position | null {
  const far = shiftKey ? FAR : 1;
  const moved = movedPosition(key.length === 1 ? key.toLowerCase() : key, at, query, far, bounds);
  return moved && clampPosition(moved, bounds);
}

function movedPosition(key: string, at: Position, query: number, far: number, bounds: Bounds): Position | null {
  const count = bounds.hierarchies.length;
  switch (key) {
    case 'ArrowLeft':
      return { ...at, query: Math.max(0, query - far) };
    case 'ArrowRight':
      return { ...at, query: query + far };
    case 'ArrowUp':
      return { ...at, layer: at.layer + 1 };
    case 'ArrowDown':
      return { ...at, layer: Math.max(0, at.layer - 1) };
    case 'Home':
      return { ...at, query: 0 };
    case 'End':
      return { ...at, query: bounds.bytes - 1 };
    case 'h':
      return { ...at, hierarchy: (at.hierarchy + 1) % count };
    case '[':
      return { ...at, head: nextHead(at, -1, bounds) };
    case ']':
      return { ...at, head: nextHead(at, 1, bounds) };
    case 'a':
      return { ...at, head: at.head === 'avg' ? 0 : 'avg' };
    case 'd':
      return { ...at, view: at.view === 'dist' ? 'abs' : 'dist' };
    case 'k':
      return { ...at, mask: !at.mask };
    case 'Escape':
      return at.query === null ? null : { ...at, query: null };
    default:
      return null;
  }
}

/** From one head to the next and round; from all of them to the first or the last. */
function nextHead({ head, hierarchy }: Position, by: 1 | -1, bounds: Bounds): number {
  const { heads } = bounds.hierarchies[hierarchy];
  if (typeof head !== 'number') return by > 0 ? 0 : heads - 1;
  return (head + by + heads) % heads;
}
