import { changedSettings, hotSettings, takenUp, withHotSettings } from '../config/hot-settings.ts';
import type { HotSettings, RunConfig } from '../config/types.ts';
import type { HyperValues } from '../optim/hyper.ts';
import { learningRateAt } from '../optim/schedule.ts';

/** The settings that may change while a run trains, as each of its steps has them. */
export class LiveSettings {
  private present: RunConfig;
  /** What steps that may be under way were submitted with, the oldest first: each up to the step that it names. */
  private earlier: { lastStep: number; config: RunConfig }[] = [];
  private readonly hyper: HyperValues;

  constructor(config: RunConfig) {
    const { clip, weightDecay, accumulation } = config.training;
    this.present = config;
    this.hyper = { learningRate: 0, clip, weightDecay, ceWeight: 1 / accumulation, reconWeight: 0, arWeight: 0 };
    this.weigh();
  }

  /** The run's configuration with the settings of the next step. */
  get config(): RunConfig {
    return this.present;
  }

  /** Takes up new values for the steps after number `step`, as far as it can, and says which are new. */
  adjust(settings: HotSettings, step: number): Partial<HotSettings> {
    const before = hotSettings(this.present);
    const after = takenUp(before, settings);
    const changed = changedSettings(before, after);
    if (Object.keys(changed).length === 0) return changed;
    this.earlier.push({ lastStep: step, config: this.present });
    this.present = withHotSettings(this.present, after);
    this.weigh();
    return changed;
  }

  /** What kernels read for the next step, which is number `step + 1`. The same object each time. */
  readonly hyperAfter = (step: number): HyperValues => {
    this.hyper.learningRate = learningRateAt(step, this.present.training);
    return this.hyper;
  };

  /** The learning rate that step number `step` was made with, whatever has changed since. To be asked in the order of steps. */
  rateOf(step: number): number {
    while (this.earlier.length > 0 && this.earlier[0].lastStep < step) this.earlier.shift();
    const { config } = this.earlier[0] ?? { config: this.present };
    return learningRateAt(step - 1, config.training);
  }

  /** Forgets earlier values, when no step is under way that has them. */
  forgetEarlier(): void {
    this.earlier = [];
  }

  private weigh(): void {
    const { model, training } = this.present;
    this.hyper.reconWeight = model.reconWeight / training.accumulation;
    this.hyper.arWeight = model.arWeight / training.accumulation;
  }
}
