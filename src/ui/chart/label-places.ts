/** Labels closer than this would run into each other. */
const LABEL_HEIGHT = 13;
/** From a line up to the baseline of its label. */
const ABOVE = 4;

/** From a line down to the baseline of a label under it. */
const BELOW = 12;
/** A curve that ends so far over a line, or less, would run through the label there. */
const CURVE_ROOM = 22;

/**
 * Baselines of the labels of lines at `ys`, ascending: each over its line where there is room, all between the ends.
 * `curve` is where a curve ends that no label should hide; NaN where there is none.
 */
export function labelPlaces(ys: readonly number[], top: number, bottom: number, curve = NaN): number[] {
  const isCrossed = (y: number): boolean => curve > y - CURVE_ROOM && curve <= y + ABOVE;
  const places = ys.map((y) => (isCrossed(y) ? y + BELOW : Math.max(y - ABOVE, top)));
  for (let at = 1; at < places.length; at++) places[at] = Math.max(places[at], places[at - 1] + LABEL_HEIGHT);
  for (let at = places.length - 1, limit = bottom; at >= 0; at--, limit = places[at + 1] - LABEL_HEIGHT) {
    places[at] = Math.min(places[at], limit);
  }
  return places;
}
