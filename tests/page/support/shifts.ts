import type { Page } from 'playwright-core';

interface Noted {
  shifts: number[];
}

/** Runs in the page, before its own script: how far things moved that nobody has asked to, as browsers count it. */
export function noteShifts(): void {
  const shifts: number[] = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) {
      if (!entry.hadRecentInput) shifts.push(entry.value);
    }
  }).observe({ type: 'layout-shift', buffered: true });
  Object.assign(globalThis, { shifts });
}

/** The sum of what it has noted. */
export async function shiftOf(page: Page): Promise<number> {
  const shifts = await page.evaluate(() => (globalThis as unknown as Noted).shifts);
  return shifts.reduce((sum, shift) => sum + shift, 0);
}
