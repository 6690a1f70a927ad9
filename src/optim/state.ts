/** The optimizer's own numbers on the device besides the moments: u32, kept in checkpoints. */
export const OPTIMIZER_STATE = {
  /** Updates that were made: Adam's step count. */
  updates: 0,
  /** 1 since a gradient or a loss was not finite. Nothing is updated until the host writes 0. */
  notFinite: 1,
  /** Where losses are scaled: logarithm of the factor to the base of 2, and how many updates went well with it. */
  lossScale: 2,
  updatesAtScale: 3,
} as const;

/** How many u32 the state holds. */
export const OPTIMIZER_STATE_LENGTH = Object.keys(OPTIMIZER_STATE).length;

/** Bits of the mask that says for each block of `MASK_BLOCK` parameters what an update does with it. */
export const MASK = { hasGradient: 1, decays: 2 } as const;

/** Parameters that share one entry of the mask: what a parameter's alignment to 256 bytes leaves to itself. */
export const MASK_BLOCK = 64;
