import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { exact } from '../../src/ui/format/quantity.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';

let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { query: '?p=micro&st=100000' });
});

afterAll(() => browser?.close());

test('a run is measured on the test part while it trains and while it stands, and keeps the figure over a visit', async () => {
  const { page } = visit;
  await visit.train.click();
  await visit.reachStep(5);
  await page.getByRole('tab', { name: 'Compare' }).click();
  const cell = page.locator('.test-score');
  const measure = page.getByRole('button', { name: /^Measure/ });
  await measure.click();
  await visit.hears('scored', 1);
  await expect.poll(() => cell.innerText()).toMatch(/^\d\.\d+ ± 0\.\d+\nat step [\d,]+, 60\.2 kB\nMeasure again/);
  const [{ score }] = await visit.events('scored');
  await visit.reachStep(score!.step + 1);
  await visit.run('Pause').click();
  await visit.state('paused');
  await measure.click();
  await visit.hears('scored', 2);
  const step = await visit.step();
  await expect.poll(() => cell.innerText()).toMatch(new RegExp(`\\nat step ${exact(step)}, 60\\.2 kB$`));
  const said = await cell.innerText();
  await visit.shoot('26-test-part', 'everywhere');

  await page.waitForTimeout(500);
  await page.reload();
  await page.getByRole('button', { name: /^Go on from step/ }).click();
  await visit.state('training');
  await page.getByRole('tab', { name: 'Compare' }).click();
  await expect.poll(() => cell.innerText()).toContain(said);
  expect(visit.trouble).toEqual([]);
});
