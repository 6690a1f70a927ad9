/** Where each number that may change from step to step lies in the vector of them that kernels read. */
export const HYPER = {
  learningRate: 0,
  /** Limit of the global gradient norm; 0 = none. */
  clip: 1,
  /** Decoupled (AdamW); 0 = plain Adam. */
  weightDecay: 2,
  /** Factors of the losses' gradients, the share of a micro-batch in its update included; they come last. */
  ceWeight: 3,
  reconWeight: 4,
  arWeight: 5,
} as const;

export type HyperValues = Record<keyof typeof HYPER, number>;

/** How many f32 the vector holds. */
export const HYPER_LENGTH = Object.keys(HYPER).length;

const NAMES = Object.keys(HYPER) as (keyof typeof HYPER)[];

/** Writes the values where `HYPER` says, from `offset` on. */
export function writeHyper(into: Float32Array, values: HyperValues, offset = 0): void {
  for (const name of NAMES) into[offset + HYPER[name]] = values[name];
}
