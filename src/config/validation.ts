import type { TrainingConfig } from './types.ts';

/** Sequences that a validation reads, for every run of a text and a context, so that runs can be compared. */
export const VALIDATION_SEQUENCES = 32;

/** What a pass forward takes of a step over the same bytes: going back is twice the work of going forward. */
export const FORWARD_SHARE = 1 / 3;

/** Of the time of a run, what validations may take. */
const VALIDATION_SHARE = 1 / 8;

/** How many steps of so many sequences a validation takes as long as. */
export function validationCost(sequencesPerStep: number): number {
  return (FORWARD_SHARE * VALIDATION_SEQUENCES) / sequencesPerStep;
}

/**
 * Steps between validations: about forty in a run; fewer, but ten, where one takes as long as many steps.
 * @param cost how many steps of training a validation takes as long as
 */
export function stepsBetweenValidations(steps: number, cost: number): number {
  return Math.max(5, Math.round(steps / 40), Math.min(Math.ceil(cost / VALIDATION_SHARE), Math.round(steps / 10)));
}

/** How many steps would take as long as all validations of a run. */
export function stepsOfValidations({ steps, batchSize, accumulation }: TrainingConfig): number {
  const cost = validationCost(batchSize * accumulation);
  return Math.ceil(steps / stepsBetweenValidations(steps, cost)) * cost;
}
