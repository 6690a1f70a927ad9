import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';

let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { query: '?p=micro&st=12' });
});

afterAll(() => browser?.close());

const queued = ({ page }: Visit): Promise<string[]> => page.locator('.queued-runs li > span').allTextContents();
const said = ({ page }: Visit) => page.locator('.runs-said').textContent();
const waits = ({ page }: Visit) => page.locator('.progress').getByRole('link', { name: /more waits?$/ });

test('two more seeds of a run are trained by themselves, one after the other, and each is measured', async () => {
  const { page } = visit;
  await visit.train.click();
  await visit.state('done');
  await page.getByRole('tab', { name: 'Compare' }).click();
  const name = await page.locator('.run-name').textContent();
  await page.getByRole('button', { name: 'More seeds' }).click();
  await expect.poll(() => queued(visit)).toEqual([`${name} with seed 1`, `${name} with seed 2`]);
  expect(await said(visit)).toBe(`Queued: ${name} with seeds 1 and 2, one after the other.`);
  expect(await waits(visit).textContent()).toBe('2 more wait');
  expect(await page.locator('.runs-said').textContent()).toBe(
    `Queued: ${name} with seeds 1 and 2, one after the other.`,
  );

  await expect.poll(() => page.locator('.run').count(), { timeout: 60_000 }).toBe(3);
  await visit.hears('scored', 3);
  await visit.state('done');
  expect(await queued(visit)).toEqual([]);
  expect(await waits(visit).count()).toBe(0);
  expect(await said(visit)).toBe('');
  expect(await page.locator('.run-difference').allTextContents()).toEqual(['seed 2', 'seed 1', 'seed 0']);
  expect(await page.locator('.run-group-head').allTextContents()).toEqual(['Micro: steps 300→12 3 seeds']);
  const scores = await visit.events('scored');
  expect(scores.map(({ score }) => score?.step)).toEqual([12, 12, 12]);
  // The form is still that of the first.
  expect(await visit.field('Seed').inputValue()).toBe('0');
  expect(visit.trouble).toEqual([]);
});

test('what waits is there after a reload, and begins when somebody says so', async () => {
  const { page } = visit;
  await visit.field('Steps').fill('50000');
  await visit.run('Train again').click();
  await visit.reachStep(3);
  await page.locator('.run').first().getByRole('button', { name: 'More seeds' }).click();
  await expect.poll(() => queued(visit)).toHaveLength(2);
  await visit.shoot('60-queue', 'everywhere');

  const again = page.locator('.run').first().getByRole('button', { name: 'More seeds' });
  for (let times = 1; times < 5; times++) await again.click();
  expect(await queued(visit)).toHaveLength(10);
  // It says why not to who presses it, by keyboard as well.
  await again.press('Enter');
  expect(await said(visit)).toMatch(/^No more seeds of \w+ \w+: At most 10 runs can wait\.$/);
  for (let left = 10; left > 2; left--) await page.locator('.queued-runs button').last().click();

  await page.reload();
  await page.locator('.queued-runs').waitFor();
  // By its name where a copy of the run was made before the page went, which is a matter of luck.
  expect(await queued(visit)).toHaveLength(2);
  for (const [at, name] of (await queued(visit)).entries())
    expect(name).toMatch(new RegExp(`^(Micro: steps 300→50000, seed 0→|\\w+ \\w+ with seed )${at + 1}$`));
  // What was through is there, too.
  expect(await page.locator('.run-group-head').first().textContent()).toContain('3 seeds');
  await visit.shoot('61-queue-after-reload', 'everywhere');
  await page.getByRole('button', { name: 'Go on with the next' }).click();
  await visit.reachStep(3);
  expect(await queued(visit)).toEqual([expect.stringMatching(/^\w+ \w+ with seed 2$/)]);
  expect(visit.trouble).toEqual([]);
});
