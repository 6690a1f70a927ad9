import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { OPPONENT_LINK } from '../../src/ui/compare/recorded-opponent.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { openTab } from './support/tabs.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** Presses what goes by that, with the keyboard. */
async function press(button: Locator): Promise<void> {
  await button.focus();
  await button.press('Enter');
}

/** Waits until this is what the keyboard is on. */
const isFocused = async ({ page }: Visit, selector: string): Promise<void> => {
  await page
    .waitForFunction((it) => document.activeElement?.matches(it), selector, { timeout: 5000 })
    .catch(async () => {
      const focused = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
      expect(focused).toBe(selector);
    });
};

test('a button of the form or of a notice that goes when it is pressed hands the focus to what it was about', async () => {
  const visit = await openPage(browser, { query: '?p=micro&zz=1' });
  const { page } = visit;
  const row = (id: string) =>
    page.locator('.row', { has: page.locator(`#${id}`) }).getByRole('button', { name: /^Back/ });
  await press(page.getByRole('button', { name: 'Dismiss' }));
  await isFocused(visit, '#tab-panel');
  await visit.field('Depth').fill('3');
  await press(row('control-depth'));
  await isFocused(visit, '#control-depth');
  await visit.field('Depth').fill('3');
  await press(page.getByRole('button', { name: 'edited' }));
  await isFocused(visit, '#preset');
  await visit.field('Stride', 4).fill('8');
  await press(page.locator('.message .fix').first());
  await isFocused(visit, '#control-hierarchies-1-stride');
  await press(page.getByRole('button', { name: 'Remove 4×' }));
  await isFocused(visit, '.card:has([aria-label="1× hierarchy"]) > summary');
  await openTab(visit, 'Data');
  const place = page.getByLabel('byte', { exact: true });
  await place.fill('100000');
  await place.press('Enter');
  await page
    .getByLabel('Place in the text')
    .and(page.locator('[aria-valuetext^="byte 100,000"], [aria-valuetext^="byte 99,"]'))
    .waitFor();
  await isFocused(visit, '.peek-byte input');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('what is done to a run in the list, and a saved chart, leave the focus where one goes on', async () => {
  const visit = await openPage(browser, { query: `?${OPPONENT_LINK}#cmp` });
  const { page } = visit;
  await press(page.getByRole('button', { name: 'Rename' }).first());
  await isFocused(visit, '.run-name-input');
  await page.keyboard.type('other');
  await page.keyboard.press('Enter');
  await page.getByText('other', { exact: true }).first().waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Rename');
  await press(page.getByRole('button', { name: 'Delete' }).first());
  await isFocused(visit, '.runs-said button');
  await page.keyboard.press('Enter');
  await isFocused(visit, '#tab-panel');
  await page.getByText('other', { exact: true }).first().waitFor();
  const saved = page.waitForEvent('download');
  await press(page.locator('#compare .export summary, .compare-chart .export summary').first());
  await press(page.getByRole('button', { name: 'CSV a row' }).first());
  await saved;
  await isFocused(visit, '.export > summary');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a chart is saved by a mouse that gives buttons no focus', async () => {
  const visit = await openPage(browser);
  const { page } = visit;
  // As in Safari on a Mac: what the button lies in gets the focus, where it can have it.
  await page.evaluate(() => {
    document.addEventListener('mousedown', (event) => {
      const button = (event.target as Element).closest('button');
      if (button === null) return;
      event.preventDefault();
      button.parentElement?.closest<HTMLElement>('[tabindex]')?.focus();
    });
  });
  await page.locator('.bits-panel .export summary').click();
  const saved = page.waitForEvent('download');
  await page.locator('.bits-panel').getByRole('button', { name: 'JSON' }).click();
  expect((await saved).suggestedFilename()).toBe('bits.json');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});
