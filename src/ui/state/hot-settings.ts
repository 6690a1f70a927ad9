import { hotNames, hotSettings } from '../../config/hot-settings.ts';
import type { HotName } from '../../config/hot-settings.ts';
import type { HotSettings, RunConfig } from '../../config/types.ts';

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
  for (const name of hotNames.filter(inQuestion)) {
    if (name !== 'reconWeight' || (before[name] > 0 && wanted[name] > 0)) after[name] = wanted[name];
  }
  return hotNames.every((name) => after[name] === before[name]) ? null : after;
}
