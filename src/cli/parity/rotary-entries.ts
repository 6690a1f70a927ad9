import { identityTable, rotaryTable } from '../../ops/rotary-table.ts';

export type Side = 'query' | 'key';

const XPOS_BASE = 512;

/** Numbers of a row: of queries, then of keys. */
function sideLength(dimHead: number): number {
  return Math.ceil(dimHead / 4) * 4;
}

/** What a table does to pair `pair` of a row's queries or keys: turn it by an angle, and stretch it. */
export function turnAt(
  table: Float32Array,
  dimHead: number,
  row: number,
  side: Side,
  pair: number,
): { angle: number; stretch: number } {
  const at = (2 * row + (side === 'key' ? 1 : 0)) * sideLength(dimHead) + 2 * pair;
  const [cos, sin] = [table[at], table[at + 1]];
  return { angle: Math.atan2(sin, cos), stretch: Math.hypot(cos, sin) };
}

/** The table with one side left alone, and with `every` - 1 rows that turn nothing before each of its rows. */
export function oneSided(table: Float32Array, dimHead: number, side: Side, every = 1): Float32Array<ArrayBuffer> {
  const length = sideLength(dimHead);
  const rows = table.length / (2 * length);
  const spread = identityTable(rows * every, dimHead);
  const offset = side === 'key' ? length : 0;
  for (let row = 0; row < rows; row++) {
    const from = 2 * row * length + offset;
    spread.set(table.subarray(from, from + length), 2 * (row * every + every - 1) * length + offset);
  }
  return spread;
}

/** Angles of row 1, which are the frequencies. */
export function frequencies(dimHead: number): Float64Array {
  const table = rotaryTable(2, dimHead, { xpos: false });
  return Float64Array.from({ length: dimHead / 2 }, (_, pair) => turnAt(table, dimHead, 1, 'query', pair).angle);
}

/** What xpos raises to a power: of the row that is one unit after the centre. */
export function xposBases(dimHead: number): Float64Array {
  const table = rotaryTable(2 * XPOS_BASE + 1, dimHead, { xpos: true });
  return Float64Array.from(
    { length: dimHead / 2 },
    (_, pair) => turnAt(table, dimHead, 2 * XPOS_BASE, 'query', pair).stretch,
  );
}
