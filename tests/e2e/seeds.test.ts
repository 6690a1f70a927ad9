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
const waits = ({ page }: Visit) => page.locator('.progress').getByRole('link', { name: /more waits?$/ });

test('two more seeds of a run are trained by themselves, one after the other, and each is measured', async () => {
  const { page } = visit;
  await visit.train.click();
  await visit.state('done');
  await page.getByRole('tab', { name: 'Compare' }).click();
  const name = await page.locator('.run-name').textContent();
  await page.getByRole('button', { name: 'More seeds' }).click();
  await expect.poll(() => queued(visit)).toEqual([`${name} with seed 1`, `${name} with seed 2`]);
  expect(await waits(visit).textContent()).toBe('2 more wait');
  expect(await page.locator('.runs-said').textContent()).toBe(
    `Queued: ${name} with seeds 1 and 2, one after the other.`,
  );

  await expect.poll(() => page.locator('.run').count(), { timeout: 60_000 }).toBe(3);
  await visit.hears('scored', 3);
  await visit.state('done');
  expect(await queued(visit)).toEqual([]);
  expect(await waits(visit).count()).toBe(0);
  expect(await page.locator('.run-difference').allTextContents()).toEqual([
    expect.stringMatching(/^\w+ \w+: seed 1→2$/),
    `${name}: seed 0→1`,
    'Micro: steps 300→12',
  ]);
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

  await page.reload();
  await page.locator('.queued-runs').waitFor();
  expect(await queued(visit)).toEqual(['Micro: steps 300→50000, seed 0→1', 'Micro: steps 300→50000, seed 0→2']);
  await visit.shoot('61-queue-after-reload', 'everywhere');
  await page.getByRole('button', { name: 'Go on with the next' }).click();
  await visit.reachStep(3);
  expect(await queued(visit)).toEqual([expect.stringMatching(/^\w+ \w+ with seed 2$/)]);
  expect(visit.trouble).toEqual([]);
});
