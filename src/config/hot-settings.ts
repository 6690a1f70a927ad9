import type { HotSettings, RunConfig } from './types.ts';

export type HotName = keyof HotSettings;

export const hotNames: readonly HotName[] = ['learningRate', 'reconWeight', 'arWeight'];

export function hotSettings({ model, training }: RunConfig): HotSettings {
  return { learningRate: training.learningRate, reconWeight: model.reconWeight, arWeight: model.arWeight };
}

/** The configuration of a run after it has taken up new values. */
export function withHotSettings(config: RunConfig, { learningRate, reconWeight, arWeight }: HotSettings): RunConfig {
  return {
    ...config,
    model: { ...config.model, reconWeight, arWeight },
    training: { ...config.training, learningRate },
  };
}

/** Those of the second settings that are others than in the first. */
export function changedSettings(before: HotSettings, after: HotSettings): Partial<HotSettings> {
  return Object.fromEntries(hotNames.filter((name) => after[name] !== before[name]).map((name) => [name, after[name]]));
}
