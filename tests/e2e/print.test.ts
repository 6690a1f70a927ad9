import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import { openTab } from './support/tabs.ts';

/** What A4 has between its margins, in CSS pixels. */
const PAPER = { width: 718, height: 1000 };

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

test('on paper there is what a run came to, dark on white, and nothing to press', async () => {
  const visit = await openPage(browser, { context: { colorScheme: 'dark' } });
  const { page } = visit;
  await page.locator('.hierarchy-panel .export').first().waitFor();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const part of ['.transport', '.tab-bar', '.configure', '.chart-controls', '.export'])
    expect(await page.locator(part).first().isVisible(), part).toBe(false);
  expect(await page.locator('.bits-panel .chart').isVisible()).toBe(true);
  expect(await page.locator('.bits-panel').evaluate((panel) => getComputedStyle(panel).backgroundColor)).toBe(
    'rgb(255, 255, 255)',
  );
  // Else what a background tells would be missing; that of the page would only cost ink.
  expect(await page.locator('.bits-panel').evaluate((panel) => getComputedStyle(panel).printColorAdjust)).toBe('exact');
  expect(await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).toBe(
    'rgba(0, 0, 0, 0)',
  );
  await visit.close();
});

test('charts that were drawn for the screen fill their panels on paper, which nothing is drawn anew for', async () => {
  const visit = await openPage(browser, { prepare: (page) => page.addInitScript(measureNothingOnPaper) });
  const { page } = visit;
  for (const [tab, count] of [
    ['Watch', 3],
    ['Compare', 1],
  ] as const) {
    await page.evaluate(() => Object.assign(globalThis, { onPaper: false }));
    await page.emulateMedia({ media: 'screen' });
    await page.setViewportSize({ width: 1440, height: 900 });
    await openTab(visit, tab);
    const drawn = page.locator('.panel .chart .recharts-surface');
    await drawn.nth(count - 1).waitFor();
    await page.evaluate(() => Object.assign(globalThis, { onPaper: true }));
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize(PAPER);
    const charts = await drawn.evaluateAll((surfaces) =>
      surfaces.map((surface) => {
        const chart = surface.getBoundingClientRect();
        const panel = surface.closest('.panel')!.getBoundingClientRect();
        const [, , width, height] = surface.getAttribute('viewBox')!.split(' ').map(Number);
        return {
          below: panel.bottom - chart.bottom,
          beside: panel.right - chart.right,
          stretched: chart.width / chart.height / (width / height),
        };
      }),
    );
    expect(charts).toHaveLength(count);
    for (const { below, beside, stretched } of charts) {
      for (const room of [below, beside]) {
        expect(room, tab).toBeGreaterThanOrEqual(0);
        expect(room, tab).toBeLessThan(24);
      }
      expect(stretched, tab).toBeCloseTo(1, 1);
    }
  }
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

/** Runs in the page, before its own script: while it is on paper no element is measured, as when a browser prints. */
function measureNothingOnPaper(): void {
  const Native = ResizeObserver;
  class ScreenObserver extends Native {
    constructor(measured: ResizeObserverCallback) {
      super((entries, observer) => {
        if (!(globalThis as unknown as { onPaper?: boolean }).onPaper) measured(entries, observer);
      });
    }
  }
  Object.assign(globalThis, { ResizeObserver: ScreenObserver });
}
