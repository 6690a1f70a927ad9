/** Times at which charts may be drawn anew; the page's in main, a test's own elsewhere. */
export interface PumpClock {
  now(): number;
  /** Calls back once, when a frame is due at least `delay` ms from now. */
  schedule(callback: () => void, delay: number): void;
  hidden(): boolean;
}

/** Four times a second is live to the eye and leaves the thread to the person. */
const INTERVAL = 250;

/**
 * Turns any number of `request` calls into at most four `bump` calls a second, and none while the page is hidden:
 * `request` again when it is shown.
 */
export function createPump(bump: () => void, clock: PumpClock): { request(): void } {
  let waiting = false;
  let lastTime = -Infinity;
  const fire = (): void => {
    waiting = false;
    if (clock.hidden()) return;
    lastTime = clock.now();
    bump();
  };
  return {
    request() {
      if (waiting || clock.hidden()) return;
      waiting = true;
      clock.schedule(fire, Math.max(0, lastTime + INTERVAL - clock.now()));
    },
  };
}
