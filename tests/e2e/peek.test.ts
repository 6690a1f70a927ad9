import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';

/** 2,000 bytes, so that 1,800 are trained on, 100 validate and 100 test; with markup and every byte value in it. */
const TEXT = Buffer.concat([
  Buffer.from('<img src=x onerror="window.pwned=1">\n'),
  Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from('The sea, the sea. '.repeat(100)),
]).subarray(0, 2000);

let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { query: '?p=micro#data' });
  await visit.page.getByRole('heading', { name: 'Moby Dick', level: 2 }).waitFor();
});

afterAll(() => browser?.close());

const peek = (): Locator => visit.page.getByRole('region', { name: 'Look into it' });
const place = (): Locator => peek().getByRole('slider', { name: 'Place in the text' });
const go = (name: string): Promise<void> => peek().getByRole('button', { name, exact: true }).click();

test('the built-in text can be read at any place, and says which part that is', async () => {
  const text = peek().locator('.peek-text');
  await text.waitFor();
  expect(await peek().textContent()).toContain('Bytes 0 to 1,023, all of the train part.');
  const beginning = await text.textContent();

  await go('validation');
  await expect.poll(() => text.textContent()).not.toBe(beginning);
  expect(await peek().textContent()).toMatch(
    /Bytes 1,084,\d{3} to 1,085,\d{3}: train from .*, validation from 1,084,497\./,
  );
  await peek().scrollIntoViewIfNeeded();
  await visit.shoot('70-peek-text', 'everywhere');
  expect(visit.trouble).toEqual([]);
});

test('keys alone lead through the text', async () => {
  const { page } = visit;
  await place().focus();
  await page.keyboard.press('Home');
  await expect.poll(() => place().inputValue()).toBe('0');
  await page.keyboard.press('ArrowRight');
  expect(await place().inputValue()).toBe('16');
  expect(await place().getAttribute('aria-valuetext')).toBe('byte 16, train');
  await page.keyboard.press('End');
  await peek()
    .getByText(/, all of the test part\.$/)
    .waitFor();
  const number = peek().getByLabel('byte', { exact: true });
  await number.fill('4,100');
  await number.press('Enter');
  expect([await number.inputValue(), await place().inputValue()]).toEqual(['4,096', '4096']);
  await go('Next');
  expect(await place().inputValue()).toBe(String(4096 + 1024));
  await go('Previous');
  expect(await place().inputValue()).toBe('4096');
});

test('bytes of every value are shown as text and as numbers, and nothing of them is run', async () => {
  const { page } = visit;
  await page.getByLabel('Text file').setInputFiles({ name: 'all.txt', mimeType: 'text/plain', buffer: TEXT });
  await page.getByRole('heading', { name: 'all.txt', level: 2 }).waitFor();
  const text = peek().locator('.peek-text');
  await expect.poll(() => text.textContent()).toMatch(/^<img src=x onerror="window\.pwned=1">↵\nNUL/);
  expect(await text.textContent()).toContain('\\xFF');

  await peek().getByRole('radio', { name: 'Bytes' }).check();
  const rows = peek().getByRole('row');
  expect(await rows.count()).toBe(1 + 16);
  expect(await rows.nth(1).textContent()).toBe('03c 69 6d 67 20 73 72 63 3d 78 20 6f 6e 65 72 72 <img src=x onerr');
  await go('validation');
  await expect.poll(() => rows.nth(1).textContent()).toMatch(/^1,792/);
  const mixed = rows.nth(1).locator('td').first().locator('span');
  expect(await mixed.evaluateAll((spans) => spans.map(({ className }) => className))).toEqual([
    'peek-train',
    'peek-validation',
  ]);
  expect((await mixed.first().textContent())!.trim().split(' ')).toHaveLength(8);
  // 208 bytes are left from there.
  expect(await rows.count()).toBe(1 + 13);
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false);
  await peek().scrollIntoViewIfNeeded();
  await visit.shoot('71-peek-bytes', 'everywhere');
  expect(visit.trouble).toEqual([]);
});
