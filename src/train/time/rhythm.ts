import { stepsBetweenValidations } from '../../config/validation.ts';

/** Steps whose attention is remembered when a passage is watched: a run changes most at its beginning. */
const SNAPSHOT_STEPS = [
  0,
  1,
  2,
  5,
  ...[1, 10, 100, 1000, 10_000].flatMap((scale) => [10 * scale, 20 * scale, 50 * scale]),
];

/** The first step after `step` at which a run has changed enough to look at it again. */
export function nextToRemember(step: number): number {
  return SNAPSHOT_STEPS.find((remembered) => remembered > step) ?? Infinity;
}

/** At which steps of a run something else happens than training. */
export class Rhythm {
  private readonly steps: number;
  private readonly validateEvery: number;

  /** @param validateEvery steps between validations, 0 = none */
  constructor(steps: number, validationCost: number, validateEvery = stepsBetweenValidations(steps, validationCost)) {
    this.steps = steps;
    this.validateEvery = validateEvery;
  }

  /** Whether the model is validated after `step`: regularly, and at the end. */
  validatesAt(step: number): boolean {
    return this.validateEvery > 0 && (step % this.validateEvery === 0 || step === this.steps);
  }

  /** Whether a watched passage is inspected after `step`. */
  remembers(step: number): boolean {
    return SNAPSHOT_STEPS.includes(step);
  }

  /** How many of `count` steps from `step` on may share a submit, so that it ends where something is due. */
  stepsTogether(step: number, count: number, watching: boolean): number {
    let together = count;
    if (this.validateEvery > 0) together = Math.min(together, this.validateEvery - (step % this.validateEvery));
    return watching ? Math.min(together, nextToRemember(step) - step) : together;
  }
}
