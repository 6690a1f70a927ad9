export interface ScheduleOptions {
  /** The rate after the warm-up. */
  learningRate: number;
  warmupSteps: number;
  schedule: 'constant' | 'cosine';
  /** Length of the run. */
  steps: number;
}

/**
 * Learning rate of update `step`, counted from 0. The warm-up rises linearly and reaches the full rate with its last
 * step; then the rate stays, or falls along half a cosine that would be 0 at step `steps`.
 */
export function learningRateAt(step: number, { learningRate, warmupSteps, schedule, steps }: ScheduleOptions): number {
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  if (schedule === 'constant') return learningRate;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
  return learningRate * 0.5 * (1 + Math.cos(Math.PI * progress));
}
