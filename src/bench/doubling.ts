import { attentionShapeName, DOUBLING_ATTENTION, type AttentionShape } from './attention-shapes.ts';
import { idOf, type PassName } from './kernel-case.ts';
import type { KernelRow } from './report.ts';

/** What doubling the length costs at one window and dilation; null where one of the two was not measured. */
export interface DoublingRow {
  window: number | null;
  dilation: number;
  pass: PassName;
  steps: (Doubling | null)[];
}

interface Doubling {
  /** Least time over that of half the length. */
  time: number;
  /** The same of the FLOPs: 2 or little more at a window, since the first rows see fewer keys. */
  work: number;
}

/** Lengths that something is doubled to, the columns of a table. */
export const DOUBLED_TO: readonly number[] = DOUBLING_ATTENTION[0].slice(1).map(({ tokens }) => tokens);

/** How attention's time grows with the length, as far as it was measured. */
export function doublingRows(measured: readonly KernelRow[]): DoublingRow[] {
  return DOUBLING_ATTENTION.flatMap((series) =>
    (['forward', 'backward'] as const).map((pass): DoublingRow => {
      const rows = series.map((shape) => rowOf(measured, shape, pass));
      const { window, dilation } = series[0];
      const steps = rows.slice(1).map((row, i) => doubling(rows[i], row));
      return { window, dilation, pass, steps };
    }),
  ).filter(({ steps }) => steps.some((step) => step !== null));
}

function rowOf(measured: readonly KernelRow[], shape: AttentionShape, pass: PassName): KernelRow | undefined {
  const wanted = idOf({ family: 'attention', shape: attentionShapeName(shape) });
  return measured.find((row) => row.id === wanted && row.pass === pass);
}

function doubling(half: KernelRow | undefined, whole: KernelRow | undefined): Doubling | null {
  if (!half || !whole) return null;
  const flops = (row: KernelRow): number => row.gflops * row.milliseconds;
  return { time: whole.least / half.least, work: flops(whole) / flops(half) };
}
