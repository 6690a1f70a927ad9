import { attentionProbabilities } from '../ops/attention-probabilities.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { AttentionObservation } from './attention.ts';

/**
 * Records the probabilities of every head of an observed attention and keeps them, [T, span] each.
 * @param selection u32 [2] of a head: batch item 0 and the head's number
 */
export function keepHeads(observation: AttentionObservation, selection: (head: number) => Tensor): Tensor[] {
  const { graph } = observation.qkv;
  if (!graph) throw new Error('keepHeads: given an attention outside of a trace, needs one that is being recorded');
  return Array.from({ length: observation.heads }, (_, head) =>
    graph.keep(attentionProbabilities({ ...observation, selection: selection(head) })),
  );
}
