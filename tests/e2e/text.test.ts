import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { heatIndex, heatTables } from '../../src/ui/text/heat.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';

const HOSTILE = '<img src=x onerror="window.pwned=1">';
const EVERY_BYTE = Array.from({ length: 256 }, (_, byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

let browser: Browser;
let visit: Visit;

// A context that holds all 256 bytes and more.
beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { query: '?p=micro&n=512&b=1&st=20#text' });
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await visit.train.click();
  await visit.state('done');
  await visit.page.getByRole('radio', { name: 'Your text' }).check({ force: true });
  await visit.page.getByLabel('bytes', { exact: true }).check();
});

afterAll(() => browser?.close());

const strip = (): Locator => visit.page.getByRole('group', { name: 'Bytes of the passage' });
const pwned = (): Promise<unknown> => visit.page.evaluate(() => (globalThis as unknown as { pwned?: unknown }).pwned);

async function read(typed: string): Promise<void> {
  const { page } = visit;
  const before = (await visit.events('inspection')).length;
  await page.getByRole('textbox', { name: 'Text to read' }).fill(typed);
  await page.getByRole('button', { name: 'Read this text' }).click();
  await page.waitForFunction(
    (count) =>
      (globalThis as unknown as { workerEvents: { type: string }[] }).workerEvents.filter(
        ({ type }) => type === 'inspection',
      ).length > count,
    before,
  );
}

/** Cells of the strip: place, label, how it is spoken, background. */
function cells(): Promise<{ byte: number; label: string; name: string; background: string }[]> {
  return strip()
    .locator('.byte-cell')
    .evaluateAll((buttons) =>
      buttons.map((button) => ({
        byte: Number(button.getAttribute('data-byte')),
        label: button.textContent ?? '',
        name: button.getAttribute('aria-label') ?? '',
        background: getComputedStyle(button).backgroundColor,
      })),
    );
}

test('all 256 bytes have a cell and a visible label of their own', async () => {
  await read(`${EVERY_BYTE}${HOSTILE}`);
  await strip().locator('.byte-cell[style]').first().waitFor();
  const shown = (await cells()).slice(0, 256);

  expect(shown.map(({ byte }) => byte)).toEqual(Array.from({ length: 256 }, (_, at) => at));
  const labels = shown.map(({ label }) => label);
  expect(new Set(labels).size).toBe(256);
  expect(labels.join('')).not.toMatch(/[\s\p{Cc}\p{Cf}\uFFFD]/u);
  expect(labels.slice(0x41, 0x44)).toEqual(['A', 'B', 'C']);
  const widths = await strip()
    .locator('.byte-cell')
    .evaluateAll((buttons) => buttons.map((button) => (button as HTMLElement).offsetWidth));
  expect(Math.min(...widths)).toBeGreaterThan(5);
  await visit.shoot('17-bytes', 'everywhere');
  expect(visit.trouble).toEqual([]);
});

test('the strip shows the bits that the engine charged, which are those of its probabilities', async () => {
  const { inspection } = (await visit.events('inspection')).at(-1)!;
  const { text, bits, candidates } = inspection;
  const shown = await cells();
  expect(shown).toHaveLength(256 + HOSTILE.length);
  expect(text).toHaveLength(shown.length);
  let known = 0;
  for (const { byte, name, background } of shown) {
    if (byte === 0) continue;
    expect(name.endsWith(`, ${bits[byte].toFixed(1)} bits`)).toBe(true);
    expect(background).toBe(`rgb(${heatTables.light[heatIndex(bits[byte])].background.join(', ')})`);
    for (let i = 0; i < candidates.count; i++) {
      const at = (byte - 1) * candidates.count + i;
      if (candidates.bytes[at] !== text[byte]) continue;
      known++;
      expect(Math.abs(bits[byte] + Math.log2(candidates.probabilities[at]))).toBeLessThan(1e-4);
    }
  }
  expect(known).toBeGreaterThan(3);
});

test('a byte that is pointed at says what it is, its odds, its rank and what was likelier', async () => {
  const { inspection } = (await visit.events('inspection')).at(-1)!;
  const odds = visit.page.locator('.loss-panel .odds');
  const byte = 256 + HOSTILE.indexOf('=');
  await strip().locator(`[data-byte="${byte}"]`).hover();
  const figures = (await odds.locator('.odds-figures').textContent())!;

  expect(await odds.locator('.odds-byte').textContent()).toBe(`'=' byte ${byte}`);
  expect(figures).toContain(`${inspection.bits[byte].toFixed(2)} bits`);
  expect(figures).toContain(`rank ${inspection.ranks[byte]} of 256`);
  const percent = Number(/([\d.]+) %/.exec(figures)![1]);
  expect(Math.abs(percent - 100 * 2 ** -inspection.bits[byte])).toBeLessThan(0.06);
  expect(await odds.getByRole('list', { name: 'Likeliest bytes here' }).getByRole('listitem').count()).toBe(5);
  expect(await odds.locator('.odds-helped').textContent()).toMatch(/^(Helped most: [14]×|No hierarchy)/);
});

test('markup in a text, a prompt or a passage is shown byte by byte and never becomes any', async () => {
  const { page } = visit;
  const shown = (await cells()).slice(256);
  expect(shown.map(({ label }) => label.replace('␣', ' ')).join('')).toBe(HOSTILE);
  await page.getByRole('textbox', { name: 'Prompt' }).fill(`${EVERY_BYTE}${HOSTILE}`);
  const length = page.getByRole('textbox', { name: 'New bytes' });
  await length.fill('99999');
  await length.blur();
  expect(await length.inputValue()).toBe('256');
  await page.getByText('New bytes is still 256: “99999” is not a whole number from 1 to 1,000.').waitFor();
  await length.fill('3');
  await page.getByRole('button', { name: 'Generate' }).click();
  const written = page.getByRole('group', { name: 'Prompt and what the model wrote' });
  await page.getByText(/3 of 3 bytes/).waitFor();
  expect(await written.locator('.byte-cell').count()).toBe(256 + HOSTILE.length + 3);
  expect(await written.textContent()).toContain(HOSTILE.replaceAll(' ', '␣'));
  for (const toggle of await page.getByLabel('bytes', { exact: true }).all()) await toggle.uncheck();
  expect(await written.textContent()).toContain(HOSTILE);
  await visit.shoot('17-markup', 'everywhere');

  await page.getByRole('tab', { name: 'Attention' }).click();
  await page.getByRole('button', { name: 'Edit passage' }).click();
  await page.getByLabel('Text for the model to read').fill(`${HOSTILE}\t\u0001\u007f\u202eé`);
  await page.getByRole('button', { name: 'Look at this text' }).click();
  await page.locator('.passage-text [data-byte="0"]', { hasText: '<' }).waitFor();
  const labels = await page.locator('.passage-text text').allTextContents();
  expect(labels.slice(0, HOSTILE.length).join('')).toBe(HOSTILE);
  expect(labels.slice(HOSTILE.length)).toEqual(['⇥', 'SOH', 'DEL', 'U+202E', 'é']);
  await visit.shoot('17-passage', 'everywhere');
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  expect(await pwned()).toBeUndefined();
  expect(visit.trouble).toEqual([]);
});
