import { CURVE_KEY } from './curve-key.ts';
import { withoutKey } from './without-key.ts';

/** How a link calls the run of its configuration. */
export const NAME_KEY = 'nm';

/** What the run of a link is compared with: another run, as often as there are some. */
export const VERSUS_KEY = 'vs';

/** So many can be drawn beside the first. */
export const MOST_VERSUS = 5;

/** A query without what it says of runs beside their settings, as it was in all else: none of that is a configuration. */
export function withoutRuns(query: string): string {
  return [CURVE_KEY, NAME_KEY, VERSUS_KEY].reduce(withoutKey, query);
}
