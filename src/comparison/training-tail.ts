/**
 * Part of a run at its end whose training losses count as one figure, their mean: a batch is easier or harder than the next by far
 * more than models differ, so that one step says nothing.
 */
export const TAIL_SHARE = 1 / 10;

/** How many steps that is; one at least. */
export function tailSteps(steps: number): number {
  return Math.ceil(steps * TAIL_SHARE);
}
