import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import { TABS, openTab } from './support/tabs.ts';
import type { Visit } from '../page/support/visit.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const background = ({ page }: Visit): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor);
/** How far the page can be scrolled sideways, in pixels. */
const overflow = ({ page }: Visit): Promise<number> =>
  page.evaluate(() => document.scrollingElement!.scrollWidth - document.documentElement.clientWidth);

/** What can be tapped but is under 24 pixels wide or high, its label counted in. Links within a sentence may be. */
const smallTargets = ({ page }: Visit): Promise<string[]> =>
  page.locator('button, input, select, summary, [role="tab"], [role="radio"]').evaluateAll((all) =>
    all.flatMap((element) => {
      const area = element.closest('label') ?? element;
      const { width, height } = area.getBoundingClientRect();
      if (!element.checkVisibility() || width <= 1 || height <= 1) return [];
      const inSentence = element.closest('p') !== null && element.tagName === 'BUTTON';
      return width < 24 || height < 24
        ? inSentence
          ? []
          : [`${element.outerHTML.slice(0, 120)} ${width.toFixed(0)} x ${height.toFixed(0)}`]
        : [];
    }),
  );

test.for([390, 320])('at %s pixels of width nothing hangs over, and the transport is always at hand', async (width) => {
  const visit = await openPage(browser, {
    query: '?p=micro',
    context: { viewport: { width, height: 844 }, hasTouch: true, isMobile: true },
  });
  const { page } = visit;
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  for (const [index, tab] of TABS.entries()) {
    await openTab(visit, tab);
    expect(await overflow(visit), tab).toBe(0);
    for (const to of [0, 100_000]) {
      await page.evaluate((y) => scrollTo(0, y), to);
      const box = await visit.train.boundingBox();
      expect(box!.y, tab).toBeGreaterThanOrEqual(0);
      expect(box!.y + box!.height, tab).toBeLessThanOrEqual(844);
      expect(box!.height, tab).toBeGreaterThanOrEqual(40);
    }
    await page.evaluate(() => scrollTo(0, 0));
    await visit.shoot(`6${index}-${tab.toLowerCase()}-${width}`);
  }
  // Text of charts is large enough to read, whatever is tapped large enough to hit.
  await openTab(visit, 'Watch');
  const curve = page.locator('.bits-panel path.curve').first();
  await expect.poll(async () => (await curve.getAttribute('d'))?.length).toBeGreaterThan(200);
  const texts = await page
    .locator('.chart svg text')
    .evaluateAll((all) => all.map((text) => parseFloat(getComputedStyle(text).fontSize)));
  expect(texts.length).toBeGreaterThan(10);
  expect(Math.min(...texts)).toBeGreaterThanOrEqual(11);
  for (const tab of TABS) {
    await openTab(visit, tab);
    expect(await smallTargets(visit), tab).toEqual([]);
  }
  expect((await visit.train.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await page.getByRole('button', { name: 'Configure' }).tap();
  expect(await smallTargets(visit), 'Configure').toEqual([]);
  await visit.field('Batch').fill('3');
  expect(await overflow(visit)).toBe(0);
  await visit.shoot(`66-configure-${width}`);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('on a phone micro trains', async () => {
  const visit = await openPage(browser, {
    context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' },
  });
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await visit.train.tap();
  await visit.reachStep(20);
  const screenLocks = await visit.page.evaluate(async () => {
    const asked: string[] = [];
    navigator.wakeLock.request = async (type = 'screen') => {
      asked.push(type);
      return Object.assign(new EventTarget(), { released: false, type, onrelease: null, release: async () => {} });
    };
    Object.assign(globalThis, { asked });
    return asked.length;
  });
  expect(screenLocks).toBe(0);
  await visit.page.getByLabel('keep the screen on').check();
  expect(await visit.page.evaluate(() => (globalThis as unknown as { asked: string[] }).asked)).toEqual(['screen']);
  await visit.shoot('67-training-390');
  await visit.run('Pause').tap();
  await visit.state('paused');

  expect(await overflow(visit)).toBe(0);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('the theme follows the system until one is chosen, which is kept', async () => {
  const visit = await openPage(browser, { context: { colorScheme: 'light' } });
  const { page } = visit;
  await visit.state('software');
  const light = await background(visit);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await background(visit);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.getByRole('button', { name: /^Theme: auto/ }).click();
  await page.getByRole('button', { name: /^Theme: light/ }).click();
  await page.getByRole('button', { name: /^Theme: dark/ }).waitFor();

  expect(dark).not.toBe(light);
  expect(await background(visit)).toBe(dark);
  await page.reload();
  await visit.state('software');
  expect(await background(visit)).toBe(dark);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('on a phone the query of Attention is in view from the start, and after a turn of the screen', async () => {
  const visit = await openPage(browser, {
    query: '#attn',
    context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  });
  const { page } = visit;
  const inView = (): Promise<boolean> =>
    page.evaluate(() => {
      const lanes = document.querySelector('.stage-scroll')!.getBoundingClientRect();
      const query = document.querySelector('.query-column')!.getBoundingClientRect();
      return query.left >= lanes.left && query.right <= lanes.right;
    });
  await page.locator('.query-column').waitFor({ state: 'attached' });
  await expect.poll(inView).toBe(true);
  await visit.shoot('68-attention-390');
  await page.setViewportSize({ width: 844, height: 390 });
  await expect.poll(inView).toBe(true);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(inView).toBe(true);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});
