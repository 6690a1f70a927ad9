import type { TrainingConfig } from '../../config/types.ts';
import { stepsBetweenValidations, validationCost } from '../../config/validation.ts';

/** Steps between validations: as many as on the page, and so many more that each falls on a report, one in every `every` steps. */
export function validationInterval({ steps, batchSize, accumulation }: TrainingConfig, every: number): number {
  const least = stepsBetweenValidations(steps, validationCost(batchSize * accumulation));
  return every * Math.ceil(least / every);
}
