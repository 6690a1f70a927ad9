const FREQUENCY_BASE = 10_000;
const XPOS_BASE = 512;

export interface RotaryOptions {
  /** Scale queries up and keys down with their position, so that scores decay with distance. */
  xpos: boolean;
}

/** Shape of a table: row, query (0) or key (1), pairs 2q and 2q + 1 of channels, and their four factors. */
export function rotaryShape(rows: number, dimHead: number): readonly [number, number, number, number] {
  return [rows, 2, Math.ceil(dimHead / 4), 4];
}

/**
 * Rotary factors of every row as `rotaryShape` lays them out: cos, sin of pair 2q, then of pair 2q + 1, where channels
 * i and i + dimHead/2 are pair i. With xpos, zeta of the row is multiplied into those of queries, 1/zeta into those of
 * keys, centred at row floor(rows / 2): `rows` is then the length of the whole sequence. `dimHead` is even.
 * Su et al., RoFormer (2021); Sun et al., A Length-Extrapolatable Transformer (2022).
 */
export function rotaryTable(rows: number, dimHead: number, { xpos }: RotaryOptions): Float32Array<ArrayBuffer> {
  return fillTable(rows, dimHead, (row, pair) => {
    // The reference keeps frequencies and bases in single precision, and so in its checkpoints.
    const angle = row * Math.fround(FREQUENCY_BASE ** ((-2 * pair) / dimHead));
    const decay = Math.fround((2 * pair + 0.4 * dimHead) / (1.4 * dimHead));
    const zeta = xpos ? decay ** ((row - Math.floor(rows / 2)) / XPOS_BASE) : 1;
    return [Math.cos(angle), Math.sin(angle), zeta];
  });
}

/** A table that turns nothing: attention without positions. */
export function identityTable(rows: number, dimHead: number): Float32Array<ArrayBuffer> {
  return fillTable(rows, dimHead, () => [1, 0, 1]);
}

function fillTable(
  rows: number,
  dimHead: number,
  factors: (row: number, pair: number) => readonly [cos: number, sin: number, zeta: number],
): Float32Array<ArrayBuffer> {
  const quads = Math.ceil(dimHead / 4);
  const table = new Float32Array(rows * 2 * quads * 4);
  for (let row = 0; row < rows; row++) {
    for (let pair = 0; pair < dimHead / 2; pair++) {
      const [cos, sin, zeta] = factors(row, pair);
      const query = row * 2 * quads * 4 + pair * 2;
      table.set([cos * zeta, sin * zeta], query);
      table.set([cos / zeta, sin / zeta], query + quads * 4);
    }
  }
  return table;
}
