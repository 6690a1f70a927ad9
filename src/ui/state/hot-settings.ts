import type { HotSettings, RunConfig } from '../../config/types.ts';

export type HotName = keyof HotSettings;

const HOT_NAMES: readonly HotName[] = ['learningRate', 'reconWeight', 'arWeight'];

/**
 * What a run would take up at once of an edited configuration, of the settings in question; null when that is nothing.
 * Reconstruction heads are built in or left out when a run begins, so a reconstruction weight of 0 is taken up neither from
 * nor to.
 */
export function hotChange(
  running: RunConfig,
  edited: RunConfig,
  inQuestion: (name: HotName) => boolean,
): HotSettings | null {
  const before = hotSettings(running);
  const wanted = hotSettings(edited);
  const after = { ...before };
  for (const name of HOT_NAMES.filter(inQuestion)) {
    if (name !== 'reconWeight' || (before[name] > 0 && wanted[name] > 0)) after[name] = wanted[name];
  }
  return HOT_NAMES.every((name) => after[name] === before[name]) ? null : after;
}

/** The configuration of a run after it has taken up new values. */
export function withHotSettings(running: RunConfig, { learningRate, reconWeight, arWeight }: HotSettings): RunConfig {
  return {
    ...running,
    model: { ...running.model, reconWeight, arWeight },
    training: { ...running.training, learningRate },
  };
}

function hotSettings({ model, training }: RunConfig): HotSettings {
  return { learningRate: training.learningRate, reconWeight: model.reconWeight, arWeight: model.arWeight };
}
