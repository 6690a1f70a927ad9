import type { AdapterLimits, Problem, Rule } from './problem.ts';
import {
  bytesArePresent,
  factorsArePowersOfTwo,
  factorsAreUnique,
  factorsLeavePositions,
  hierarchiesAreSorted,
} from './rules/factors.ts';
import {
  feedForwardsHaveChannels,
  halfPrecisionIsThere,
  subgroupMatricesAreThere,
  headWidthsAreEven,
  hierarchiesAreOneToEight,
  settingsAreWithinLimits,
  vocabularyIsBytes,
} from './rules/limits.ts';
import { compressorsAreSmall, stepsFitSomeGpu, tensorsFitBindings } from './rules/size.ts';
import {
  predictingStrideIsOne,
  predictorExists,
  stridesArePowersOfTwo,
  stridesAreWithinFactors,
  stridesMakeTokensOld,
  windowsAreNarrow,
} from './rules/strides.ts';
import type { RunConfig } from './types.ts';

export { adapterLimits } from './problem.ts';
export type { AdapterLimits, Fix, Problem } from './problem.ts';

/** Every rule that no single field can see, and the one that asks each field. */
const rules: readonly Rule[] = [
  settingsAreWithinLimits,
  hierarchiesAreOneToEight,
  vocabularyIsBytes,
  factorsArePowersOfTwo,
  factorsAreUnique,
  hierarchiesAreSorted,
  predictorExists,
  predictingStrideIsOne,
  stridesArePowersOfTwo,
  stridesAreWithinFactors,
  headWidthsAreEven,
  feedForwardsHaveChannels,
  factorsLeavePositions,
  bytesArePresent,
  windowsAreNarrow,
  stridesMakeTokensOld,
  compressorsAreSmall,
  halfPrecisionIsThere,
  subgroupMatricesAreThere,
  tensorsFitBindings,
  stepsFitSomeGpu,
];

/**
 * What is wrong with a configuration or worth knowing about it. A run may start when no problem is an `error`; page and
 * worker both ask. Without `limits`, whether the adapter has room is left open.
 */
export function problems(config: RunConfig, limits?: AdapterLimits): Problem[] {
  return rules.flatMap((rule) => rule(config, limits));
}
