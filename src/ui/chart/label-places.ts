/** Labels closer than this would run into each other. */
const LABEL_HEIGHT = 13;
/** From a line up to the baseline of its label. */
const ABOVE = 4;

/** Baselines of the labels of lines at `ys`, ascending: each over its line where there is room, all between the ends. */
export function labelPlaces(ys: readonly number[], top: number, bottom: number): number[] {
  const places = ys.map((y) => Math.max(y - ABOVE, top));
  for (let at = 1; at < places.length; at++) places[at] = Math.max(places[at], places[at - 1] + LABEL_HEIGHT);
  for (let at = places.length - 1, limit = bottom; at >= 0; at--, limit = places[at + 1] - LABEL_HEIGHT) {
    places[at] = Math.min(places[at], limit);
  }
  return places;
}
