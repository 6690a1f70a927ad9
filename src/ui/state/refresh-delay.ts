/** Answers take at most about this share of the time while a run goes on. */
const MOST_SHARE = 0.1;

/**
 * Milliseconds from an answer that took so long to the next question: at least `least`. The first answer says nothing
 * about later ones, since its programs had to be compiled.
 */
export function refreshDelay(least: number, took: number, isFirst: boolean): number {
  return isFirst ? least : Math.max(least, took / MOST_SHARE);
}
