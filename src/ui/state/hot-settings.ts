import type { HotSettings, RunConfig } from '../../config/types.ts';

/**
 * What a run would take up at once of an edited configuration; null when that is nothing. Reconstruction heads are built
 * in or left out when a run begins, so a reconstruction weight of 0 is taken up neither from nor to.
 */
export function hotChange(running: RunConfig, edited: RunConfig): HotSettings | null {
  const before = hotSettings(running);
  const wanted = hotSettings(edited);
  const reconWeight = before.reconWeight > 0 && wanted.reconWeight > 0 ? wanted.reconWeight : before.reconWeight;
  const after = { ...wanted, reconWeight };
  const same =
    after.learningRate === before.learningRate &&
    after.reconWeight === before.reconWeight &&
    after.arWeight === before.arWeight;
  return same ? null : after;
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
