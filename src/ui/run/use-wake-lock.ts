import { useEffect } from 'react';

/** Whether this browser can keep a screen from going dark. */
export const canStayAwake = 'wakeLock' in navigator;

/** Keeps the screen on while `wanted`. The browser lets go when the page is hidden, so it is asked again afterwards. */
export function useWakeLock(wanted: boolean): void {
  useEffect(() => {
    if (!wanted || !canStayAwake) return;
    let held: WakeLockSentinel | null = null;
    let ended = false;
    const ask = async (): Promise<void> => {
      if (document.hidden) return;
      // Refused when the battery is low: the screen then goes dark as ever.
      const lock = await navigator.wakeLock.request('screen').catch(() => null);
      if (ended) await lock?.release();
      else held = lock;
    };
    const again = (): void => void ask();
    again();
    document.addEventListener('visibilitychange', again);
    return () => {
      ended = true;
      document.removeEventListener('visibilitychange', again);
      void held?.release();
    };
  }, [wanted]);
}
