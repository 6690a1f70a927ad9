import { partNorms } from '../ops/part-norms.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { MergeObservation } from './merge.ts';

/** Records, and keeps, how much each hierarchy puts into an observed merge: |W1k xk| at every byte, [B, n, hierarchies]. */
export function keepMergeNorms(observation: MergeObservation): Tensor {
  const { graph } = observation.x;
  if (!graph) throw new Error('keepMergeNorms: given a merge outside of a trace, needs one that is being recorded');
  return graph.keep(partNorms({ ...observation }));
}
