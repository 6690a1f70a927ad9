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

async function open(name: string, text: string): Promise<void> {
  const file = { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
  await visit.page.getByLabel('Text file').first().setInputFiles(file);
  await expect.poll(async () => (await visit.events('corpus')).at(-1)?.info.name).toBe(name);
}

test('runs on two texts of the visitor are told apart, none is the best, and a copy of the first asks for its text', async () => {
  const { page } = visit;
  await open('easy.txt', 'na na na na na '.repeat(600));
  await visit.train.click();
  await visit.state('done');
  await open('hard.txt', 'the ship sailed on and the whale swam under it '.repeat(200));
  await visit.run('Train again').click();
  await expect.poll(() => page.locator('.run').count(), { timeout: 20_000 }).toBe(2);
  await visit.state('done');
  await page.getByRole('tab', { name: 'Compare' }).click();

  const table = page.locator('.compare-table');
  await expect
    .poll(() => table.locator('.compare-different :is(th, td)').allInnerTexts())
    .toEqual(['Text', 'easy.txt', 'hard.txt']);
  expect(await table.innerText()).toContain('No loss is called the best: another text means');
  expect(await table.locator('.best').count()).toBe(0);
  expect(await page.locator('.run-difference').allTextContents()).toEqual([
    expect.stringMatching(/^\w+ \w+: text easy.txt→hard.txt$/),
    'Micro: steps 300→12, text Moby Dick (built in)→easy.txt',
  ]);

  const first = page.locator('.run').nth(1);
  await first.getByRole('button', { name: 'Edit a copy' }).click();
  expect(await page.locator('.runs-said').textContent()).toContain(
    'Its text, easy.txt, is not open: open it under Data before you train.',
  );
  await page.locator('.run').nth(0).getByRole('button', { name: 'Edit a copy' }).click();
  expect(await page.locator('.runs-said').textContent()).toContain('Change what you like and train.');
  await visit.shoot('25-compare-texts');
  expect(visit.trouble).toEqual([]);
});
