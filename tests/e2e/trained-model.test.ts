import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { TRAINED } from '../../src/ui/state/trained-facts.ts';
import { openPage } from '../page/support/open-page.ts';
import { AttentionPage } from './support/attention-page.ts';
import { openTab } from './support/tabs.ts';

const OPEN = 'Open a trained model';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

test('a first visitor opens the trained model with one click, writes with it and looks at its attention', async () => {
  const asked: string[] = [];
  const visit = await openPage(browser, {
    prepare: async (page) =>
      page.on('request', (request) => void (request.url().endsWith(TRAINED.file) && asked.push(request.url()))),
  });
  const { page } = visit;
  await visit.state('software');
  await page.getByRole('region', { name: 'Recorded run' }).getByRole('button', { name: OPEN }).waitFor();
  await openTab(visit, 'Text');
  const open = page.getByRole('button', { name: OPEN, exact: true });
  await page.getByText(`${TRAINED.model}, trained for `).waitFor();
  await page.waitForLoadState('networkidle');
  expect(asked).toEqual([]);
  await open.click();
  await visit.state('done');
  expect(asked).toHaveLength(1);
  expect(new URL(page.url()).hash).toBe('#text');
  await page.getByText('Trained elsewhere, for ').waitFor();
  // The pointer is where a byte was before the model had read as many as it can.
  await page.getByText('bits per byte on average').waitFor();
  await page.getByText('Point at a byte to see').waitFor();

  // What it predicts forms from layer to layer; the last row is what it does predict.
  const lens = page.getByRole('region', { name: 'Layer by layer' });
  const means = (await lens.locator('tbody .lens-mean').allTextContents()).map(Number);
  const said = await page.getByRole('heading', { name: /^Loss per byte/ }).textContent();
  expect(said).toContain(`${means.at(-1)!.toFixed(2)} bits per byte on average`);
  expect(means.at(-1)).toBeLessThan(means[0] - 1);
  expect(await lens.getByRole('rowheader').allTextContents()).toEqual(['embeddings', 'layer 1', 'layer 2']);
  await visit.shoot('70-trained-model', 'everywhere');

  // The prompt is what comes next.
  await page.keyboard.press('Tab');
  const prompt = page.getByRole('textbox', { name: 'Prompt' });
  expect(await prompt.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.getByRole('group', { name: 'Bytes of the passage' }).locator('[data-byte="40"]').click();
  await lens.locator('th[data-looked]').waitFor();
  await lens.scrollIntoViewIfNeeded();
  await visit.shoot('71-layer-by-layer', 'everywhere');
  await prompt.fill('The captain said ');
  await page.getByRole('textbox', { name: 'New bytes' }).fill('40');
  await page.getByRole('button', { name: 'Generate' }).click();
  await page.getByText(/40 of 40 bytes/).waitFor();
  const written = page.getByRole('group', { name: 'Prompt and what the model wrote' });
  expect((await written.textContent())!.length).toBeGreaterThan('The captain said '.length);

  await openTab(visit, 'Attention');
  const attention = new AttentionPage(visit);
  await attention.read('a passage of my own');
  await expect.poll(() => page.locator('.passage-text text').count()).toBeGreaterThan(18);
  expect((await attention.bins(4)).length).toBeGreaterThan(2);

  await openTab(visit, 'Watch');
  expect(
    await page.getByRole('region', { name: 'Next byte' }).locator('path.curve:not([d=""])').count(),
  ).toBeGreaterThan(0);
  await openTab(visit, 'Compare');
  await page.getByText('trained elsewhere').first().waitFor();
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a trained model that is not there is said, and can be asked for again', async () => {
  let times = 0;
  const visit = await openPage(browser, {
    query: '#text',
    prepare: (page) =>
      page.route(`**/${TRAINED.file}`, (route) => (times++ === 0 ? route.fulfill({ status: 404 }) : route.continue())),
  });
  const { page } = visit;
  await visit.state('software');
  await page.getByRole('button', { name: OPEN, exact: true }).click();
  const said = page.getByRole('note').filter({ hasText: 'The trained model could not be opened' });
  await said.waitFor();
  expect(await said.textContent()).toContain(`${TRAINED.file}: the server answered 404. A model can be trained here`);
  expect(await said.evaluate((notice) => notice === document.activeElement)).toBe(true);
  await visit.shoot('71-no-trained-model', 'everywhere');
  await page.getByRole('button', { name: 'Train one' }).waitFor();
  await said.getByRole('button', { name: 'Try again' }).click();
  await visit.state('compiling', 'done');
  expect(await said.count()).toBe(0);
  // The browser itself notes that the server had no such file.
  expect(visit.trouble.filter((line) => !line.includes('404'))).toEqual([]);
  await visit.close();
});
