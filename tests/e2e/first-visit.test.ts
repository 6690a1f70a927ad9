import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import { openTab } from './support/tabs.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

test('a first visit says what the page is, what the recording is of, and how to come to its settings', async () => {
  const visit = await openPage(browser);
  const { page } = visit;
  await visit.state('software');
  const preset = page.getByLabel('Preset', { exact: true });
  const banner = page.getByRole('region', { name: 'Recorded run' });
  await banner.waitFor();
  const show = page.getByRole('button', { name: 'Show Quick’s settings' });

  expect(await preset.inputValue()).toBe('micro');
  expect(await banner.textContent()).toContain('Recorded: Quick, 612 k parameters, 300 steps in ');
  await visit.shoot('01-first-visit', 'everywhere');
  await openTab(visit, 'Attention');
  await page.getByText('Recorded: Quick, 612 k parameters.').waitFor();
  await show.click();
  expect(await preset.inputValue()).toBe('quick');
  expect(await show.count()).toBe(0);
  await openTab(visit, 'Watch');
  expect(await show.count()).toBe(0);
  await page.getByRole('link', { name: 'How it works' }).click();
  await page.getByRole('heading', { name: 'How hierarchies work' }).waitFor();

  await openTab(visit, 'Watch');
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByRole('link', { name: 'About Strata' }).click();
  await page.getByRole('heading', { name: 'How hierarchies work' }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('things to try fill the form, open what they are about, and make room for a run of one’s own', async () => {
  const visit = await openPage(browser);
  const { page } = visit;
  await visit.state('software');
  const toTry = page.getByRole('region', { name: 'Things to try' });
  const cards = page.locator('.configure .card');
  await toTry.getByRole('button', { name: 'Take 4× away' }).click();
  expect(await cards.count()).toBe(1);
  await page.waitForURL(/\?v=1&p=micro&h=1$/);
  await toTry.getByText('How much worse does the model get, and how much faster?').waitFor();
  await page.goBack();
  await expect.poll(() => cards.count()).toBe(2);
  expect(await toTry.getByRole('status').textContent()).toBe('');

  await toTry.getByRole('button', { name: 'What does 4× look at?' }).click();
  await page.getByText('Query byte 40').first().waitFor();
  await openTab(visit, 'Watch');
  await toTry.getByRole('link', { name: 'Walk-throughs' }).click();
  const steps = page.getByRole('heading', { name: 'Does 4x help?' });
  await expect.poll(async () => (await steps.boundingBox())?.y ?? Infinity).toBeLessThan(900);
  const link = page.getByRole('link', { name: '?p=quick&b=4&st=300', exact: true });
  expect(await link.getAttribute('target')).toBe('_blank');

  // Before there is a run, Compare shows what was recorded: both curves, and what they came to.
  await openTab(visit, 'Compare');
  await page.getByText('Does 4× earn its work?').waitFor();
  await expect.poll(() => page.locator('.compare-chart path.curve').count()).toBe(2);
  expect(await page.locator('.compare-table thead th').allTextContents()).toEqual([
    'Setting or result',
    ' Flat, recorded',
    ' Quick, recorded',
  ]);

  await openTab(visit, 'Watch');
  await visit.train.click();
  await toTry.waitFor({ state: 'detached' });
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a run that is opened again says that its samples are gone, and writes when it is asked to', async () => {
  const visit = await openPage(browser, { query: '?p=micro&st=4' });
  const { page } = visit;
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await visit.train.click();
  await visit.state('done');
  await page.locator('.sample').waitFor();
  await expect.poll(async () => (await visit.events('kept')).length).toBeGreaterThan(0);
  await visit.run('Reset').click();
  await page.getByRole('button', { name: 'Open it again' }).click();
  await visit.state('done');

  await page.getByText('What the model wrote while it trained is not kept with the run.').waitFor();
  await page.getByRole('button', { name: 'Let it write' }).click();
  await page.getByText(/256 of 256 bytes/).waitFor();
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('About leads to the licences of what the page is made of', async () => {
  const visit = await openPage(browser);
  await openTab(visit, 'About');
  const href = await visit.page.getByRole('link', { name: 'licences' }).getAttribute('href');
  const response = await visit.page.request.get(new URL(href!, visit.page.url()).href);
  expect(response.status()).toBe(200);
  const text = await response.text();
  for (const name of ['react', 'recharts', 'zustand', 'idb-keyval']) expect(text).toContain(`## ${name} - `);
  await visit.close();
});

test('a chart says on press how it is read, and keeps its name and what belongs to it on one line', async () => {
  const visit = await openPage(browser, { context: { viewport: { width: 1280, height: 900 } } });
  const { page } = visit;
  await page.locator('.bits-panel .chart svg').waitFor();
  const heads = await page
    .locator('.watch .chart-head h2')
    .evaluateAll((all) => all.map((head) => [head.textContent, (head as HTMLElement).offsetHeight] as const));
  expect(heads.map(([name]) => name)).toContain('Hierarchical prediction 1 − cosine');
  for (const [name, height] of heads) expect(height, name).toBeLessThan(30);

  const about = page.getByText('uniform guesses among all 256 bytes');
  expect(await about.isVisible()).toBe(false);
  const help = page.locator('.bits-panel').getByRole('button', { name: 'Help' });
  await help.click();
  await about.waitFor();
  expect(await help.getAttribute('aria-expanded')).toBe('true');
  await help.click();
  await about.waitFor({ state: 'hidden' });
  expect(visit.trouble).toEqual([]);
  await visit.close();
});
