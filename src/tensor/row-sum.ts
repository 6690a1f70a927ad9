import rowSumSource from '../../shaders/row-sum-subgroup.wgsl?raw';
import type { Variant } from '../gpu/kernel.ts';
import type { Tuning } from './tuning.ts';

type RowFunction = 'row_sum' | 'row_max' | 'before_next_sum';

/** By which functions a kernel adds up rows: its shader's own, or those by subgroups. `names` are all that it has. */
export function rowSums({ reductions }: Tuning, ...names: RowFunction[]): Pick<Variant, 'replacement'> {
  if (reductions !== 'subgroup') return {};
  return { replacement: { file: 'row-sum-subgroup', source: rowSumSource, names: ['Workgroup', ...names] } };
}
