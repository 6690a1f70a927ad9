export interface CrossEntropyCase {
  batch: number;
  length: number;
  slots: number;
  classes: number;
  stride: number;
  offset: number;
  pitch: number;
  inputLength: number;
  ignoreIndex: number | null;
}

export interface CrossEntropyResult {
  loss: number;
  rowLosses: number[];
  /** Of the mean loss, by logits. */
  gradient: number[];
  counted: number;
}

/** Target of row (b, j, k), or null when the row is ignored. */
function target(of: CrossEntropyCase, ids: ArrayLike<number>, b: number, j: number, k: number): number | null {
  const position = j * of.stride + k + of.offset;
  if (position < 0 || position >= of.inputLength) return null;
  const id = ids[b * of.pitch + position];
  return id === of.ignoreIndex || id >= of.classes ? null : id;
}

/** Mean cross entropy in float64; 0 when no row counts. */
export function crossEntropyReference(
  of: CrossEntropyCase,
  logits: ArrayLike<number>,
  ids: ArrayLike<number>,
): CrossEntropyResult {
  const rowLosses: number[] = [];
  const gradient: number[] = [];
  let counted = 0;
  for (let b = 0; b < of.batch; b++) {
    for (let j = 0; j < of.length; j++) {
      for (let k = 0; k < of.slots; k++) {
        const start = rowLosses.length * of.classes;
        const row = Array.from({ length: of.classes }, (_, v) => logits[start + v]);
        const goal = target(of, ids, b, j, k);
        if (goal !== null) counted++;
        const { loss, slope } = rowOf(row, goal);
        rowLosses.push(loss);
        gradient.push(...slope);
      }
    }
  }
  const share = counted > 0 ? 1 / counted : 0;
  return {
    loss: rowLosses.reduce((sum, loss) => sum + loss, 0) * share,
    rowLosses,
    gradient: gradient.map((slope) => slope * share),
    counted,
  };
}

function rowOf(row: number[], goal: number | null): { loss: number; slope: number[] } {
  if (goal === null) return { loss: 0, slope: row.map(() => 0) };
  const highest = Math.max(...row);
  const sum = row.reduce((total, x) => total + Math.exp(x - highest), 0);
  return {
    loss: Math.log(sum) + highest - row[goal],
    slope: row.map((x, v) => Math.exp(x - highest) / sum - (v === goal ? 1 : 0)),
  };
}
