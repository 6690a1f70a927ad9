import type { ChartLine } from '../../../src/ui/chart/chart-line.ts';
import { Column } from '../../../src/ui/chart/column.ts';
import { Series } from '../../../src/ui/chart/series.ts';

/** A line of a training loss with values at `every`, 2 `every` ... steps, drawn `scale` further to the right each. */
export function lineOf(
  style: ChartLine['style'],
  values: readonly number[],
  every = 1,
  scale = 1,
  name = 'train',
): ChartLine {
  const x = new Column();
  x.appendAll(values.map((_, at) => every * (at + 1)));
  const series = new Series(x);
  series.y.appendAll(values);
  return { name, column: 'train_bits_per_byte', series, at: { column: x, scale }, color: 'red', style };
}
