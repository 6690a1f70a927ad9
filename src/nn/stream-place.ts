import type { TokenPlace } from '../ops/token-place.ts';
import type { TextMemory } from '../tensor/text-memory.ts';

/** A stream of a text up to its newest token. */
export interface StreamPlace extends TokenPlace {
  memory: TextMemory;
  /** Most tokens there can be: as many as a whole context has. */
  tokens: number;
}
