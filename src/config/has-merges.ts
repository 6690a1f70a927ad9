import type { ModelConfig } from './types.ts';

/** Whether the hierarchies of a model are merged after its layers. */
export function hasMerges({ hierarchies, ablateMerge }: Pick<ModelConfig, 'hierarchies' | 'ablateMerge'>): boolean {
  return hierarchies.length > 1 && !ablateMerge;
}
