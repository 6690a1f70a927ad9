import singleSource from '../../shaders/row-sum-single.wgsl?raw';
import subgroupSource from '../../shaders/row-sum-subgroup.wgsl?raw';
import type { Variant } from '../gpu/kernel.ts';
import { need } from './op.ts';
import type { Tuning } from './tuning.ts';

type RowFunction = 'row_sum' | 'row_max' | 'before_next_sum';

/**
 * By which functions a kernel adds up rows of so many invocations each: its shader's own, by workgroup memory, or others.
 * `names` are all it has. Throws unless `lanes` are a power of two, by which all of them mask.
 */
export function rowSums({ reductions }: Tuning, lanes: number, names: RowFunction[]): Pick<Variant, 'replacements'> {
  const bits = Math.log2(lanes);
  need(Number.isInteger(bits) && bits >= 0, 'rowSums', `${lanes} lanes`, 'a power of two');
  if (lanes === 1) return { replacements: [{ file: 'row-sum-single', source: singleSource, names }] };
  if (reductions !== 'subgroup') return {};
  return { replacements: [{ file: 'row-sum-subgroup', source: subgroupSource, names: ['Workgroup', ...names] }] };
}
