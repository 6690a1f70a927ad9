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

/**
 * What a run has after it has taken up, of other settings, all that it can, or only those in question. Reconstruction heads
 * are built in or left out when a run begins, so a reconstruction weight of 0 is taken up neither from nor to.
 */
export function takenUp(
  running: HotSettings,
  wanted: HotSettings,
  inQuestion: (name: HotName) => boolean = () => true,
): HotSettings {
  const after = { ...running };
  for (const name of hotNames.filter(inQuestion)) {
    if (name !== 'reconWeight' || (running[name] > 0 && wanted[name] > 0)) after[name] = wanted[name];
  }
  return after;
}

/** Those of the wanted settings that a run cannot take up, so that they wait for the next one. */
export function waitingSettings(running: HotSettings, wanted: HotSettings): HotName[] {
  return Object.keys(changedSettings(takenUp(running, wanted), wanted)) as HotName[];
}

/** Those of the second settings that are others than in the first. */
export function changedSettings(before: HotSettings, after: HotSettings): Partial<HotSettings> {
  return Object.fromEntries(hotNames.filter((name) => after[name] !== before[name]).map((name) => [name, after[name]]));
}
