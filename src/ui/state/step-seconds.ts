import { flopsPerStep, secondsPerStep } from '../../config/costs.ts';
import type { AdapterSpeed } from '../../config/costs.ts';
import type { RunConfig } from '../../config/types.ts';
import { stepsOfValidations } from '../../config/validation.ts';

/** A run that was trained here, and the time of one of its steps. */
export interface MeasuredRun {
  config: RunConfig;
  /** With all that happened beside its steps. */
  secondsPerStep: number;
  /** Seconds before its first step; null where nobody knows. */
  preparation: number | null;
}

/**
 * An estimate of the time of one step of a configuration here; null when nothing was measured. A run tells more than the
 * measurement of the adapter, which then only says how the configuration differs from the run.
 */
export function estimatedStepSeconds(
  config: RunConfig,
  speed: AdapterSpeed | null,
  run: Omit<MeasuredRun, 'preparation'> | null,
): number | null {
  if (run === null) return speed === null ? null : secondsPerStep(config, speed);
  const work = (of: RunConfig): number => (speed === null ? flopsPerStep(of).total : secondsPerStep(of, speed));
  return (run.secondsPerStep * work(config)) / work(run.config);
}

/**
 * An estimate of the time of all steps of a configuration here, and of what comes before the first where a run tells that; the rate
 * of a run has its validations in it already.
 */
export function estimatedRunSeconds(
  config: RunConfig,
  speed: AdapterSpeed | null,
  run: MeasuredRun | null,
): number | null {
  const step = estimatedStepSeconds(config, speed, run);
  return step === null
    ? null
    : step * (config.training.steps + (run === null ? stepsOfValidations(config.training) : 0)) +
        (run?.preparation ?? 0);
}

/** What such an estimate leaves out, to be said after it. */
export function leftOut(run: MeasuredRun | null): string {
  return typeof run?.preparation === 'number' ? '' : ' after compiling';
}
