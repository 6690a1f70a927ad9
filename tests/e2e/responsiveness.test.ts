import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { TABS, openTab } from './support/tabs.ts';

// One visit, training throughout; each test goes on where the one before left off.
let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { query: '?p=micro&st=5000' });
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await visit.train.click();
  await visit.reachStep(5);
});

afterAll(() => browser?.close());

interface Timing {
  longTasks: number[];
  frames: number[];
}

/** Has the page note its long tasks and the time between its frames, in ms, until `stop`. */
async function timed(page: Page, act: () => Promise<void>): Promise<Timing> {
  await page.evaluate(() => {
    const timing: Timing = { longTasks: [], frames: [] };
    const observer = new PerformanceObserver((list) => {
      timing.longTasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    observer.observe({ type: 'longtask' });
    let before = performance.now();
    const frame = (now: number): void => {
      timing.frames.push(now - before);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(globalThis, { timing });
  });
  await act();
  return page.evaluate(() => (globalThis as unknown as { timing: Timing }).timing);
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

test('while a run trains every tab opens, and fields and sliders follow', async () => {
  const { page } = visit;
  const before = await visit.step();
  const opened: Record<string, number> = {};
  const { longTasks, frames } = await timed(page, async () => {
    for (const tab of TABS) {
      const start = performance.now();
      await openTab(visit, tab);
      opened[tab] = performance.now() - start;
    }
    await openTab(visit, 'Text');
    const slider = page.getByLabel('Temperature, slider');
    await slider.focus();
    for (let press = 0; press < 20; press++) await page.keyboard.press('ArrowRight');
    expect(await slider.inputValue()).toBe('1.5');
    for (const label of ['Learning rate', 'Reconstruction weight']) {
      const field = visit.field(label);
      const value = await field.inputValue();
      await field.focus();
      for (let press = 0; press < 10; press++) await page.keyboard.press('ArrowUp');
      expect(Number(await field.inputValue())).toBeGreaterThan(Number(value));
    }
    await openTab(visit, 'Watch');
  });

  console.log(
    `tabs open after ${Object.entries(opened)
      .map(([tab, ms]) => `${tab} ${ms.toFixed(0)}`)
      .join(', ')} ms;`,
    `median frame ${median(frames).toFixed(1)} ms of ${frames.length};`,
    `long tasks ${longTasks.map((ms) => ms.toFixed(0)).join(', ') || 'none'} ms`,
  );
  expect(frames.length).toBeGreaterThan(10);
  expect(await visit.step()).toBeGreaterThan(before);
  await visit.state('training');
  expect(visit.trouble).toEqual([]);
});

/** Has the page believe that another tab is in front of it, or not any more. */
async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (value ? 'hidden' : 'visible'),
    });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

test('a hidden page goes on training, and says how far it got', async () => {
  const { page } = visit;
  const steps = async (): Promise<number> => (await visit.losses()).step.at(-1)!;
  const SECONDS = 6;
  const start = await steps();
  await page.waitForTimeout(1000 * SECONDS);
  const visible = (await steps()) - start;
  await hide(page, true);
  const shownStep = await visit.step();
  const hiddenFrom = await steps();
  await page.waitForTimeout(1000 * SECONDS);
  const hidden = (await steps()) - hiddenFrom;
  const shownMeanwhile = await visit.step();
  await hide(page, false);
  const toast = page.getByText(/^Ran [\d,]+ steps while this page was hidden\.$/);
  await toast.waitFor();
  await visit.shoot('23-back', 'everywhere');

  console.log(`${visible} steps in ${SECONDS} s visible, ${hidden} hidden`);
  expect(hidden).toBeGreaterThan(0);
  // Nothing is drawn for nobody.
  expect(shownMeanwhile).toBe(shownStep);
  await visit.reachStep(hiddenFrom + hidden);
  await visit.state('training');
  const { step } = await visit.losses();
  expect(step).toEqual(step.map((_, index) => index + 1));
  expect(visit.trouble).toEqual([]);
});
