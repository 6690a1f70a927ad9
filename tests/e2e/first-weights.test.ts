import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { TRAINED } from '../../src/ui/state/trained-facts.ts';
import { openPage } from '../page/support/open-page.ts';
import { openTab } from './support/tabs.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const WHOSE = 'trained elsewhere, step 1,200';
const QUOTED = '“trained elsewhere”, step 1,200';

test('a visitor teaches the trained model a text of their own, and that it began with its weights outlives the page', async () => {
  const visit = await openPage(browser);
  const { page } = visit;
  await visit.state('software');
  await page
    .getByRole('button', { name: /^Open a trained model/ })
    .first()
    .click();
  await visit.state('done');
  const begin = page.getByRole('button', { name: 'Begin anew with these weights' });
  const form = page.getByRole('complementary', { name: 'Configure' });
  await form.getByRole('button', { name: 'Begin anew with these weights' }).waitFor();
  const buffer = await readFile('docs/architecture.md');
  const text = page.getByRole('region', { name: 'Text', exact: true });
  await text.getByLabel('Text file').setInputFiles({ name: 'pages.txt', mimeType: 'text/plain', buffer });
  await text.getByText('Next run: pages.txt').waitFor();
  await visit.shoot('80-begin-anew', 'everywhere');
  await text.getByRole('button', { name: 'Begin anew with these weights' }).click();
  const line = form.getByRole('status').filter({ hasText: 'Begins with' });
  await line.getByText(`Begins with the weights of ${QUOTED}.`).waitFor();
  expect(await line.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await begin.count()).toBe(0);
  await text.getByText('Next run: pages.txt, beginning with the weights of “trained elsewhere”.').waitFor();
  await visit.shoot('81-first-weights', 'everywhere');
  // The text and how it trains are those of the form; the model is that of the weights.
  await visit.field('Batch').fill('2');
  await visit.field('Steps').fill('4');

  await visit.field('Depth').fill('3');
  const error = form.getByRole('status').filter({ hasText: 'Cannot begin' });
  await error.getByText('trained with depth 2, the configuration has 3').waitFor();
  expect(await visit.run('Train again').isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'The weights to begin with are of another model.' }).click();
  expect(await error.evaluate((element) => element === document.activeElement)).toBe(true);
  await visit.shoot('82-weights-that-do-not-fit', 'everywhere');
  await error.getByRole('button', { name: 'Use the model of the weights' }).click();
  await line.waitFor();
  expect(await visit.field('Depth').inputValue()).toBe('2');
  expect(await visit.field('Steps').inputValue()).toBe('4');

  await visit.run('Train again').click();
  await visit.state('training');
  await visit.state('done');
  const { step, trainBpb } = await visit.losses();
  expect(step).toEqual([1, 2, 3, 4]);
  // Drawn weights begin at 8 bits.
  expect(trainBpb[0]).toBeLessThan(5);
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByText('not the weights that a run began with').waitFor();
  await page.keyboard.press('Escape');

  await form.getByRole('button', { name: 'Draw new weights instead' }).click();
  expect(await line.count()).toBe(0);
  await visit.run('Train again').click();
  await visit.hears('started', 3);
  await visit.state('done');
  expect((await visit.losses()).trainBpb[0]).toBeGreaterThan(7.5);

  await openTab(visit, 'Compare');
  const weights = page.getByRole('row', { name: 'First weights' }).getByRole('cell');
  await expect.poll(() => weights.allTextContents()).toEqual([WHOSE, 'drawn']);
  await visit.shoot('83-first-weights-compared', 'everywhere');
  await page.waitForTimeout(1000);
  await page.reload();
  await expect.poll(() => weights.allTextContents()).toEqual([WHOSE, 'drawn']);
  await openTab(visit, 'Watch');
  await page.getByText('2 earlier runs are kept').waitFor();
  await page.locator('.earlier-settings').getByText(`first weights drawn→${WHOSE}`).waitFor();
  await page.getByRole('button', { name: 'Open it again' }).last().click();
  await visit.state('done');
  await openTab(visit, 'Text');
  await page.getByText(`It began with the weights of ${QUOTED}.`).waitFor();
  expect(visit.trouble).toEqual([]);
  expect(TRAINED.steps).toBe(1200);
  await visit.close();
});
