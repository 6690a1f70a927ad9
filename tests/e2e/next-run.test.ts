import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';

// One visit; each test goes on where the one before left off.
let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { query: '?p=micro' });
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await visit.run('Step').click();
  await visit.reachStep(1);
  await visit.state('paused');
});

afterAll(() => browser?.close());

const references = (): Promise<string[]> => visit.page.locator('.bits-panel .reference text').allTextContents();

test('while the form differs from the run, the run says what it is and a button starts over', async () => {
  const { page } = visit;
  const restart = visit.run('Restart with changes');
  const onScreen = page.locator('.run-on-screen');
  // The run takes this up at once.
  await visit.field('Learning rate').fill('1e-3');
  expect(await restart.count()).toBe(0);

  await visit.field('Width', 4).fill('24');
  await restart.waitFor();
  // The worker says from which step on.
  await expect.poll(() => onScreen.textContent()).toMatch(/^\w+ \w+ Micro: learning rate 3e-3→1e-3 from step \d+$/);
  await visit.shoot('44-restart', 'everywhere');
  await visit.field('Width', 4).fill('0');
  expect(await restart.isDisabled()).toBe(true);
  await visit.field('Width', 4).fill('24');
  await restart.click();
  await visit.state('training');
  expect(await restart.count()).toBe(0);
  expect(await onScreen.count()).toBe(0);
  expect(visit.trouble).toEqual([]);
});

test('a reconstruction weight of 0 is called live no more, but something for the next run', async () => {
  const { page } = visit;
  const row = page.locator('.row', { has: page.getByLabel('Reconstruction weight', { exact: true }) });
  const tag = row.locator('.tag');
  expect(await tag.textContent()).toBe('live');
  await visit.field('Reconstruction weight').fill('0');
  await row.getByText('next run', { exact: true }).waitFor();
  expect(await tag.getAttribute('title')).toContain('0 leaves the heads out');
  expect(await page.locator('.run-note').textContent()).toContain('0 leaves the heads out');
  await visit.field('Reconstruction weight').fill('0.1');
  await row.getByText('live', { exact: true }).waitFor();
  expect(await page.locator('.run-note').count()).toBe(0);
});

test('the lines under a curve are those of its text, and the text of the next run is named beside', async () => {
  const { page } = visit;
  const before = await references();
  expect(before).toHaveLength(3);
  const text = page.locator('.data-panel');
  await text.locator('input[type="file"]').setInputFiles({
    name: 'mine.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('abcdefgh'.repeat(2000)),
  });

  await text.getByText('This run: Moby Dick. Next run: mine.txt.').waitFor();
  expect(await references()).toEqual(before);
  await visit.shoot('45-next-text', 'everywhere');
  await visit.run('Restart with changes').click();
  await text.getByText('This run:').waitFor({ state: 'detached' });
  expect(await references()).not.toEqual(before);
  expect(visit.trouble).toEqual([]);
});

test('a run that is through goes on to more steps of the same, as if it had been that long', async () => {
  const longer = await openPage(browser, { query: '?p=micro&st=6' });
  const { page } = longer;
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await longer.train.click();
  await longer.state('done');
  await longer.field('Steps').fill('9');
  await longer.run('Go on to 9').waitFor();
  await longer.shoot('46-go-on', 'everywhere');
  await longer.run('Go on to 9').click();
  await longer.state('compiling', 'training');
  await longer.state('done');

  const { step, trainBpb } = await longer.losses();
  expect(step).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await longer.step()).toBe(9);
  expect(await page.locator('.runs > .run').count()).toBe(0);
  await longer.run('Train again').click();
  await longer.state('compiling', 'training');
  await longer.state('done');
  expect((await longer.losses()).trainBpb).toEqual(trainBpb);
  expect(longer.trouble).toEqual([]);
  await longer.close();
});
