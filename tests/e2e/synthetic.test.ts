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

test('a first visit can teach a model to copy, and looks at lines that it has not learned from', async () => {
  const visit = await openPage(browser);
  const { page } = visit;
  await visit.state('software');
  await page.getByRole('button', { name: 'Teach it to copy' }).click();
  await page.waitForURL(/\?v=1&p=micro&n=128&b=8&st=600&ds=copy$/);
  await page.getByText('The loss stands still, then falls at once. What happened?').waitFor();
  await page.getByRole('region', { name: 'Text', exact: true }).getByText('2.09 bits per byte').waitFor();

  await visit.run('Step').click();
  await visit.reachStep(1);
  await visit.state('paused');
  await page.getByText(/\d above the best possible/).waitFor();
  await page.getByText('best possible 2.09').waitFor();
  await page.locator('.watch-loss').waitFor();
  await visit.shoot('synthetic-watch', 'everywhere');

  await openTab(visit, 'Text');
  expect(await page.getByLabel('Prompt').inputValue()).toMatch(/^[a-z]{8}:$/);
  await page.getByText('Lines of Copying').waitFor();
  await openTab(visit, 'Attention');
  await page.getByRole('button', { name: 'Edit passage' }).click();
  expect(await page.getByLabel('Text for the model to read').inputValue()).toMatch(/^([a-z]{8}):\1\n/);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('Data shows a line of each text that a rule makes, and how the best possible compares', async () => {
  const visit = await openPage(browser, { query: '?p=micro#data' });
  const { page } = visit;
  await visit.state('software');
  const card = page.getByRole('article', { name: 'Brackets' });
  await card.getByRole('button', { name: 'Use it' }).click();
  await card.getByRole('button', { name: 'In use' }).waitFor();
  await page.waitForURL(/\?v=1&p=micro&ds=brackets#data$/);
  await page.getByRole('img', { name: /best possible 1\.67, .*uniform 8\.00/ }).waitFor();
  await page.getByText(/Who knows the rule and all that came before pays 1\.67/).waitFor();
  await visit.shoot('synthetic-data', 'everywhere');

  // It comes with the link, too.
  await page.reload();
  await page.getByRole('article', { name: 'Brackets' }).getByRole('button', { name: 'In use' }).waitFor();
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a run on a text that a rule makes is offered after a reload, and its text is made again', async () => {
  const visit = await openPage(browser, { query: '?p=micro&st=900&ds=sort' });
  const { page } = visit;
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await visit.train.click();
  await visit.reachStep(3);
  await visit.run('Pause').click();
  await visit.state('paused');
  const step = await visit.step();
  await expect.poll(async () => (await visit.events('kept')).at(-1)?.step).toBe(step);
  await page.waitForTimeout(500);
  // Another text is chosen by the time that it is to go on.
  await page.goto(`${page.url().split('?')[0]}?p=micro`);
  await page.getByRole('button', { name: `Go on from step ${step}` }).click();
  await visit.state('training');
  await visit.reachStep(step + 2);
  await page.getByText(/\d above the best possible/).waitFor();
  await page.waitForURL(/ds=sort/);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});
