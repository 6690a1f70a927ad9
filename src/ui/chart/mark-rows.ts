/** Pixels of a letter on average, in the type of the marks. */
const LETTER = 6;
const GAP = 8;

/** Labels of marks: which way each is written from where it stands. */
export interface MarkLabel {
  name: string;
  px: number;
  leftwards: boolean;
}

/** The row of each label, 0 the lowest: the first in which it runs into none before it. */
export function markRows(labels: readonly MarkLabel[]): number[] {
  const rows: { from: number; to: number }[][] = [];
  return labels.map(({ name, px, leftwards }) => {
    const length = name.length * LETTER + GAP;
    const place = leftwards ? { from: px - length, to: px } : { from: px, to: px + length };
    const isFree = (row: (typeof rows)[number]): boolean =>
      row.every(({ from, to }) => to <= place.from || from >= place.to);
    const free = rows.findIndex(isFree);
    const row = free < 0 ? rows.length : free;
    (rows[row] ??= []).push(place);
    return row;
  });
}
