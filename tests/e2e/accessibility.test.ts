import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { OPPONENT_LINK } from '../../src/ui/compare/recorded-opponent.ts';
import { openPage } from '../page/support/open-page.ts';
import { TABS, openTab } from './support/tabs.ts';
import type { Visit } from '../page/support/visit.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** What axe finds that keeps people from using the page, one line an element. */
async function findings({ page }: Visit): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target.join(' ')} ${any[0]?.message ?? ''}`));
}

test.for(['light', 'dark'] as const)('axe finds nothing serious on any tab or dialog, %s', async (colorScheme) => {
  const visit = await openPage(browser, { query: '?p=micro', context: { colorScheme, reducedMotion: 'reduce' } });
  const { page } = visit;
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  const found: Record<string, string[]> = {};
  for (const tab of TABS) {
    await openTab(visit, tab);
    found[tab] = await findings(visit);
    expect(await page.evaluate(() => document.getAnimations().length), tab).toBe(0);
  }
  for (const [name, key] of [
    ['Share', 's'],
    ['Keys', '?'],
  ]) {
    await page.keyboard.press(key);
    await page.getByRole('dialog').waitFor();
    found[name] = await findings(visit);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }

  expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test.for(['light', 'dark'] as const)(
  'axe finds nothing serious where a link holds a comparison, %s',
  async (colorScheme) => {
    const query = `?${OPPONENT_LINK}&vs=p:micro,nm:small&vs=p:micro,b:-5#cmp`;
    const visit = await openPage(browser, { query, context: { colorScheme, reducedMotion: 'reduce' } });
    await visit.page.getByRole('button', { name: /^Train 2 of 3 here/ }).waitFor();
    expect(await findings(visit)).toEqual([]);
    expect(visit.trouble).toEqual([]);
    await visit.close();
  },
);

test('axe finds nothing serious while a run trains, is paused, and is inspected', async () => {
  const visit = await openPage(browser, { query: '?p=micro&st=200' });
  const { page } = visit;
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await visit.train.click();
  await visit.reachStep(20);
  const training = await findings(visit);
  await visit.run('Pause').click();
  await visit.state('paused');
  await openTab(visit, 'Attention');
  await page.getByRole('application').first().waitFor();
  const inspected = await findings(visit);
  await openTab(visit, 'Text');
  const text = await findings(visit);
  await openTab(visit, 'Compare');
  const compare = await findings(visit);

  expect({ training, inspected, text, compare }).toEqual({ training: [], inspected: [], text: [], compare: [] });
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

/** What the focus is on, and whether one can see that. */
interface Stop {
  name: string;
  visible: boolean;
}

test('every stop of the Tab key can be seen, and all inputs have names', async () => {
  const visit = await openPage(browser, { query: '?p=micro' });
  const { page } = visit;
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  const stops: Stop[] = [];
  for (const tab of TABS) {
    await openTab(visit, tab);
    await page.locator('body').evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    for (let stop = 0; stop < 120; stop++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(focusStop);
      if (at === null) break;
      stops.push({ ...at, name: `${tab}: ${at.name}` });
    }
  }
  const unnamed = await page.locator('input, select, textarea').evaluateAll((fields) =>
    (fields as HTMLInputElement[])
      .filter((field) => field.type !== 'file' || field.offsetParent !== null)
      .filter((field) => !field.labels?.length && !field.ariaLabel && !field.getAttribute('aria-labelledby'))
      .map((field) => field.outerHTML),
  );

  expect(stops.length).toBeGreaterThan(100);
  expect(stops.filter(({ visible }) => !visible).map(({ name }) => name)).toEqual([]);
  expect(unnamed).toEqual([]);
  await visit.close();
});

/** Runs in the page. Null where the focus has left it. */
function focusStop(): Stop | null {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  // A hidden radio button shows its focus on its label.
  const shown = [element, element.closest('label'), element.nextElementSibling, element.parentElement];
  const visible = shown.some((candidate) => {
    if (candidate === null) return false;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(candidate);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
  });
  const label = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40);
  return { name: `${element.tagName.toLowerCase()} ${element.id} ${label}`, visible };
}

test('settings are two presses away from the start of the page, and Enter leads to the first that is found', async () => {
  const visit = await openPage(browser, { query: '?p=micro' });
  const { page } = visit;
  const focused = () => page.evaluate(() => document.activeElement?.id);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  expect(await focused()).toBe('tab-panel');
  await page.locator('body').evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.getByRole('button', { name: 'Skip to the settings' }).focus();
  await page.keyboard.press('Enter');
  expect(await focused()).toBe('find-setting');
  for (const [search, found] of [
    ['factor', 'control-hierarchies-0-factor'],
    ['seed', 'control-seed'],
    ['ph', 'control-predictFactor'],
  ]) {
    await page.locator('#find-setting').fill(search);
    await page.locator('#find-setting').press('Enter');
    expect(await focused(), search).toBe(found);
  }
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('who presses a button that goes keeps their place: the focus is on the open tab', async () => {
  const visit = await openPage(browser, { query: '?p=micro&st=3' });
  const { page } = visit;
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.id);
  for (const [count, tab] of (['Text', 'Attention'] as const).entries()) {
    await openTab(visit, tab);
    await page.getByRole('tabpanel').getByRole('button', { name: 'Train one' }).click();
    await visit.state('done');
    expect(await focused(), tab).toBe('tab-panel');
    await visit.hears('kept', count + 1);
    // Until it lies in the browser.
    await page.waitForTimeout(500);
    await visit.run('Reset').click();
  }
  const rows = page.locator('.earlier-run');
  await expect.poll(() => rows.count()).toBe(2);
  await rows.first().getByRole('button', { name: 'Delete' }).click();
  await page.locator('.notice:focus', { hasText: 'is deleted' }).getByRole('button', { name: 'Bring it back' }).click();
  await expect.poll(() => rows.count()).toBe(2);
  expect(await focused(), 'one of two kept runs').toBe('tab-panel');

  await page.goto(`${visit.home}?p=micro`);
  await page.getByRole('button', { name: 'Show Quick’s settings' }).click();
  await expect.poll(focused, { message: 'settings of the recorded run' }).toBe('tab-panel');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('at 200 % zoom nothing hangs over', async () => {
  // Zoomed to twice the size, a window of 1280 pixels has room for 640.
  const visit = await openPage(browser, {
    query: '?p=micro',
    context: { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 },
  });
  for (const tab of TABS) {
    await openTab(visit, tab);
    const overflow = await visit.page.evaluate(
      () => document.scrollingElement!.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, tab).toBe(0);
    await visit.shoot(`25-zoom-${tab.toLowerCase()}`);
  }
  expect(visit.trouble).toEqual([]);
  await visit.close();
});
