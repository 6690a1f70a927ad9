import { presetConfig } from '../../src/config/presets.ts';
import type { Checkpoint } from '../../src/train/saving/checkpoint.ts';

/** A run of `micro` that has no weights, for tests of what is done with files of runs. */
export function emptyCheckpoint(changes: Partial<Checkpoint> = {}): Checkpoint {
  return {
    step: 5,
    config: presetConfig('micro'),
    activeSeconds: 1,
    text: { name: 'words', bytes: 1, sha256: '' },
    kernels: { tuning: {}, variants: '' },
    weights: new Map(),
    firstMoments: new Map(),
    secondMoments: new Map(),
    optimizer: new Uint32Array(4),
    ...changes,
  };
}
