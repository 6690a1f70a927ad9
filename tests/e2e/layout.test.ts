import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import { noteShifts, shiftOf } from '../page/support/shifts.ts';
import { AttentionPage } from './support/attention-page.ts';
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
  page.locator('button, input, select, summary, .papers a, [role="tab"], [role="radio"]').evaluateAll((all) =>
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

/** Texts in the row of the merge that lie over another, or that the row cuts off. */
const coveredInMerge = ({ page }: Visit): Promise<string[]> =>
  page.locator('.merge-row').evaluate((row) => {
    const edge = row.getBoundingClientRect();
    const texts = [...row.querySelectorAll('dt, dd > span')].map(
      (text) => [text, text.getBoundingClientRect()] as const,
    );
    return texts.flatMap(([text, box], at) => {
      const meets = texts
        .slice(at + 1)
        .some(
          ([, other]) =>
            box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom,
        );
      return meets || box.right > edge.right + 0.5 || box.left < edge.left - 0.5 ? [text.textContent] : [];
    });
  });

test('with five hierarchies nothing hangs over, and all that is said of a merge can be read', async () => {
  const visit = await openPage(browser, { query: '?p=micro&h=1_2_4_8_16&n=64' });
  const { page } = visit;
  const attention = new AttentionPage(visit);
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await openTab(visit, 'Attention');
  await attention.trainOneStep();
  const WIDTHS = [1440, 1280, 390];
  for (const [name, detail] of [
    ['merge', 'l1.h1.k1.q20.dist'],
    ['merge-compared', 'l1.h1.k1.q20.dist.a0'],
  ]) {
    await attention.goTo(detail);
    const compared = page.locator('.merge-bar > span', { hasText: 'points since A' });
    await expect.poll(() => compared.count()).toBe(name === 'merge' ? 0 : 5);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.locator('.merge-row').evaluate((row) => row.scrollIntoView({ block: 'center', behavior: 'instant' }));
      await expect.poll(() => coveredInMerge(visit), { message: `${name} at ${width}` }).toEqual([]);
      expect(await overflow(visit), `${name} at ${width}`).toBe(0);
      await visit.shoot(`69-${name}-${width}`);
    }
  }
  await openTab(visit, 'Watch');
  await page.locator('.bits-panel table').waitFor({ state: 'attached' });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => overflow(visit), { message: `Watch at ${width}` }).toBe(0);
  }
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

test('what the header says fits beside its buttons at 1280, and where it is cut it says so', async () => {
  const visit = await openPage(browser, {
    query: '?p=micro&st=900000',
    context: { viewport: { width: 1280, height: 800 } },
  });
  const { page } = visit;
  const cut = (text: string): Promise<boolean> =>
    page
      .locator('.progress-line :is(span, button)', { hasText: text })
      .last()
      .evaluate((element) => element.scrollWidth > element.clientWidth);
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  const buttonsAt = (): Promise<number> => page.locator('.transport').evaluate((all) => all.getBoundingClientRect().x);
  await visit.field('Steps').fill('300');
  await page.getByTitle('Put every setting back to the preset').waitFor({ state: 'hidden' });
  const before = await buttonsAt();
  await visit.field('Steps').fill('900000');
  await page.getByTitle('Put every setting back to the preset').waitFor();
  expect(await buttonsAt(), 'buttons beside “edited”').toBe(before);
  await visit.field('Batch').fill('many');
  expect(await cut('One setting needs attention')).toBe(false);
  await visit.field('Steps').fill('10000000');
  await page.setViewportSize({ width: 320, height: 800 });
  const reason = page.locator('#start-blocker button');
  expect(await cut('One setting needs attention')).toBe(true);
  expect(await reason.evaluate((button) => getComputedStyle(button).textOverflow)).toBe('ellipsis');
  expect(await page.locator('#start-blocker').getAttribute('title')).toBe(await reason.textContent());

  await page.setViewportSize({ width: 1280, height: 800 });
  await visit.field('Steps').fill('900000');
  await visit.field('Batch').fill('4');
  await visit.train.click();
  await visit.reachStep(2);
  await visit.field('Batch').fill('5');
  await visit.run('Restart with changes').waitFor();
  await page.getByText(/^ETA/).waitFor();
  for (const width of [1280, 1240]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await cut('ETA'), `at ${width}`).toBe(false);
  }
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

/** How much of the settings' panel lies under the header, or below the window, in pixels. */
const hiddenOfSettings = ({ page }: Visit): Promise<number> =>
  page.evaluate(() => {
    const header = document.querySelector('.top')!.getBoundingClientRect();
    const panel = document.querySelector('.configure')!.getBoundingClientRect();
    return Math.max(0, header.bottom - panel.top, panel.bottom - innerHeight);
  });

test('between a tablet and a desktop the header has room for all buttons, also while a change waits', async () => {
  const visit = await openPage(browser, { query: '?p=micro&st=900' });
  const { page } = visit;
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await visit.train.click();
  await visit.reachStep(2);
  await visit.field('Batch').fill('5');
  await visit.run('Restart with changes').waitFor();
  for (const width of [1240, 1239, 1100, 1024, 1000, 960, 900]) {
    await page.setViewportSize({ width, height: 800 });
    await expect.poll(() => overflow(visit), { message: `at ${width}` }).toBe(0);
    const label = (await page.locator('.progress label').boundingBox())!;
    const restart = (await visit.run('Restart with changes').boundingBox())!;
    const tools = (await page.locator('.tools').boundingBox())!;
    expect(tools.x + tools.width, `at ${width}`).toBeLessThanOrEqual(width);
    expect(Math.abs(tools.y - restart.y), `at ${width}`).toBeLessThan(4);
    if (width < 1240) expect(label.y, `at ${width}`).toBeGreaterThan(restart.y + restart.height);
    else expect(label.x + label.width, `at ${width}`).toBeLessThan(tools.x);
    for (const to of [0, 600]) {
      await page.evaluate((top) => scrollTo({ top, behavior: 'instant' }), to);
      await expect.poll(() => hiddenOfSettings(visit), { message: `at ${width}, scrolled ${to}` }).toBe(0);
    }
  }
  await visit.shoot('64-header-900');
  // On a phone in landscape, or where all is twice as large, the header leaves most of the window to the page.
  for (const width of [710, 640, 600]) {
    await page.setViewportSize({ width, height: 360 });
    const height = await page.locator('.top').evaluate((header) => header.getBoundingClientRect().height);
    expect(height, `at ${width}`).toBeLessThan(180);
  }
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
  // Nobody turns a screen back before it has been drawn, of which the page would not hear.
  await page.evaluate(
    () =>
      new Promise((drawn) => {
        requestAnimationFrame(() => requestAnimationFrame(drawn));
      }),
  );
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(inView).toBe(true);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

/** What of the page has the focus and is covered by the header, as Tab or Shift+Tab leads through it. */
async function coveredStops({ page }: Visit, key: 'Tab' | 'Shift+Tab'): Promise<string[]> {
  const covered: string[] = [];
  for (;;) {
    await page.keyboard.press(key);
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element.closest('main') === null) return null;
      const header = document.querySelector('.top')!.getBoundingClientRect();
      const { top, bottom } = element.getBoundingClientRect();
      return { name: element.outerHTML.slice(0, 80), covered: top < header.bottom && bottom > header.top };
    });
    if (stop === null) return covered;
    if (stop.covered) covered.push(stop.name);
  }
}

test.for([
  { width: 720, height: 450 },
  { width: 720, height: 900 },
])('at $width by $height pixels the header covers nothing that has the focus', async (viewport) => {
  const visit = await openPage(browser, { query: '?p=micro', context: { viewport, reducedMotion: 'reduce' } });
  const { page } = visit;
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await page.locator('.recorded p').waitFor();
  await page.getByRole('tab', { name: 'Watch' }).focus();
  expect(await coveredStops(visit, 'Tab')).toEqual([]);
  await page.evaluate(() => scrollTo(0, 100_000));
  await page.locator('.more-charts summary').focus();
  expect(await coveredStops(visit, 'Shift+Tab')).toEqual([]);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('on a phone nothing moves far while the page loads, and what the recorded run writes is on the first screen', async () => {
  const viewport = { width: 390, height: 844 };
  const visit = await openPage(browser, {
    query: '?p=micro',
    context: { viewport, hasTouch: true, isMobile: true, reducedMotion: 'reduce' },
    prepare: (page) => page.addInitScript(noteShifts),
  });
  const { page } = visit;
  await page.getByRole('button', { name: /^Train Micro here \(.+\)$/ }).waitFor();
  await page.getByText('step 300 wrote').waitFor();
  const sample = (await page.locator('.headline-sample').boundingBox())!;
  const transport = (await page.locator('.transport').boundingBox())!;
  expect(sample.y + sample.height).toBeLessThan(transport.y);
  expect(await shiftOf(page)).toBeLessThan(0.1);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test.for([1440, 1280, 1100, 390])(
  'at %s pixels of width the tools of a chart are level with its name',
  async (width) => {
    const visit = await openPage(browser, { query: '?p=quick', context: { viewport: { width, height: 900 } } });
    const { page } = visit;
    await page.locator('.hierarchy-panel .export').first().waitFor();
    for (const tab of ['Watch', 'Compare'] as const) {
      await openTab(visit, tab);
      const heads = await page.locator('.chart-head').evaluateAll((all) =>
        all.map((head) => {
          const middle = (element: Element): number => {
            const { top, height } = element.getClientRects()[0];
            return top + height / 2;
          };
          const [name, unit] = head.querySelectorAll<HTMLElement>('h2 > span');
          return {
            name: name.textContent,
            apart: Math.abs(middle(name) - middle(head.querySelector('.export summary')!)),
            // Out of sight it is told by the axis.
            unitLines: Math.round(unit.getBoundingClientRect().height / 20),
            nameLines: Math.round(head.querySelector('h2')!.getBoundingClientRect().height / 24),
            isMain: head.closest('.bits-panel') !== null,
          };
        }),
      );
      for (const { name, apart, unitLines, nameLines, isMain } of heads) {
        if (isMain) expect(nameLines, `${tab}: ${name}`).toBe(1);
        expect(apart, `${tab}: ${name}`).toBeLessThan(3);
        expect(unitLines, `${tab}: ${name}`).toBe(1);
      }
    }
    await visit.close();
  },
);
