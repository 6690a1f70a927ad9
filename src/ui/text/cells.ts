import { textSegments } from '../../text/segments.ts';
import { byteName, spokenByte } from './byte-name.ts';

/** Bytes [start, end) that are shown as one, and what for. */
export interface Cell {
  start: number;
  end: number;
  label: string;
  /** Whether a word of the text ends here, or a line; a word keeps the space after it. */
  ends: 'word' | 'line' | null;
}

/** So many bytes are shown of what nobody has read yet. Each cell is a button, and a hundred thousand take seconds. */
export const MOST_UNREAD = 2048;

const NEWLINE = 10;
const SPACE = 32;

/** A cell for each character as one reads it; `asBytes` one for each byte, each of the 256 with a label of its own. */
export function cellsOf(bytes: Uint8Array, asBytes: boolean): Cell[] {
  return asBytes ? Array.from(bytes, (byte, at) => byteCell(byte, at)) : characterCells(bytes);
}

/** Cells that are to stay on one line, as far as it is long enough. */
export function wordsOf(cells: readonly Cell[]): Cell[][] {
  const words: Cell[][] = [];
  let begins = true;
  for (const cell of cells) {
    if (begins) words.push([cell]);
    else words.at(-1)!.push(cell);
    begins = cell.ends !== null;
  }
  return words;
}

function byteCell(byte: number, start: number): Cell {
  const ends = byte === NEWLINE ? 'line' : byte === SPACE ? 'word' : null;
  return { start, end: start + 1, label: byteName(byte), ends };
}

/** A space is itself; what else has no shape keeps its name. */
function asciiCell(byte: number, start: number): Cell {
  const cell = byteCell(byte, start);
  return byte === SPACE ? { ...cell, label: ' ' } : cell;
}

function characterCells(bytes: Uint8Array): Cell[] {
  const encoder = new TextEncoder();
  return textSegments(bytes).flatMap(({ kind, text, start, end }): Cell[] => {
    if (end === start + 1) return [asciiCell(bytes[start], start)];
    if (kind !== 'text') return [{ start, end, label: text, ends: null }];
    let at = start;
    return Array.from(text, (character) => {
      const from = at;
      at += encoder.encode(character).length;
      return at === from + 1 ? asciiCell(bytes[from], from) : { start: from, end: at, label: character, ends: null };
    });
  });
}

/** A cell as one would say it. */
export function spokenCell({ start, end, label }: Cell, bytes: Uint8Array): string {
  return end === start + 1 ? spokenByte(bytes[start]) : label;
}

/** Index of the cell that a byte is in; -1 when it is in none. */
export function cellAt(cells: readonly Cell[], byte: number): number {
  return cells.findIndex(({ start, end }) => start <= byte && byte < end);
}

type Placed = Pick<HTMLElement, 'offsetLeft' | 'offsetTop'>;

/** Where a key leads to from a cell, by where the cells are on the screen; null for keys that lead nowhere. */
export function nextCell(
  { key, shiftKey }: { key: string; shiftKey: boolean },
  at: number,
  cells: readonly Placed[],
): number | null {
  const last = cells.length - 1;
  if (at < 0) return null;
  const stride = shiftKey ? 16 : 1;
  switch (key) {
    case 'ArrowRight':
      return Math.min(last, at + stride);
    case 'ArrowLeft':
      return Math.max(0, at - stride);
    case 'ArrowUp':
      return inRow(cells, at, -1);
    case 'ArrowDown':
      return inRow(cells, at, 1);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/** The cell nearest to this one in the row above or below; this one where there is no such row. */
function inRow(cells: readonly Placed[], at: number, direction: 1 | -1): number {
  const { offsetLeft, offsetTop } = cells[at];
  let row: number | null = null;
  let best = at;
  for (let i = at + direction; i >= 0 && i < cells.length; i += direction) {
    if (cells[i].offsetTop === offsetTop) continue;
    row ??= cells[i].offsetTop;
    if (cells[i].offsetTop !== row) break;
    const distance = Math.abs(cells[i].offsetLeft - offsetLeft);
    if (best === at || distance < Math.abs(cells[best].offsetLeft - offsetLeft)) best = i;
  }
  return best;
}
