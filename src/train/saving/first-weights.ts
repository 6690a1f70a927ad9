import { misfit, sayMisfit } from '../../config/weights-fit.ts';
import type { ModelConfig } from '../../config/types.ts';
import { sha256 } from '../../data/sha256.ts';
import type { FirstWeights } from '../../protocol/first-weights.ts';
import type { ParameterStore } from '../../tensor/parameter-store.ts';
import { checkState, type StateDict } from '../../tensor/parameter-transfer.ts';
import type { Checkpoint } from './checkpoint.ts';

/** Weights that a run is to begin with, and whose they are. */
export interface GivenWeights {
  of: FirstWeights;
  values: StateDict;
}

/** That a run cannot begin with the weights that were given. */
export class WeightsError extends Error {
  override name = 'WeightsError';
}

/** The weights of a run of that name, for others to begin with: nothing else of it counts for those. */
export async function weightsOf({ weights, step }: Checkpoint, name: string): Promise<GivenWeights> {
  return { of: { name, step, sha256: await digestOf(weights) }, values: weights };
}

/** Throws WeightsError where weights of one model cannot be those of another. */
export function checkSameModel(trained: ModelConfig, asked: ModelConfig): void {
  const found = misfit(trained, asked);
  if (found !== null) throw new WeightsError(sayMisfit(found));
}

/** Throws WeightsError, naming the array, where weights are not those that a model declares. */
export function checkWeights(store: ParameterStore, weights: StateDict): void {
  try {
    checkState(store, weights);
  } catch (cause) {
    throw new WeightsError(`The weights are not those of the model: ${(cause as Error).message}.`, { cause });
  }
}

/** Of names, shapes and digests in the order of the names, so that large models need no second copy. */
async function digestOf(weights: StateDict): Promise<string> {
  const names = [...weights.keys()].toSorted();
  const lines = names.map(async (name) => {
    const { shape, data } = weights.get(name)!;
    return `${name} [${shape.join()}] ${await sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))}`;
  });
  return sha256(new TextEncoder().encode((await Promise.all(lines)).join('\n')));
}
