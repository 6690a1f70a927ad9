import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { openTab } from './support/tabs.ts';

// One visit with a model that stands still at first; each test goes on where the one before left off.
let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { query: '?p=micro&st=5000' });
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await visit.train.click();
  await visit.reachStep(20);
  await visit.run('Pause').click();
  await visit.state('paused');
  await openTab(visit, 'Text');
});

afterAll(() => browser?.close());

const panel = () => visit.page.getByRole('region', { name: 'Write' });
const generate = () => visit.page.getByRole('button', { name: 'Generate' });

/** The latest continuation that was asked for, as far as the worker has sent it. */
async function written(): Promise<{ bytes: number[]; done: boolean; parts: number }> {
  const samples = (await visit.events('sample')).filter(({ requestId }) => requestId > 0);
  const last = samples.at(-1);
  const parts = samples.filter(({ requestId }) => requestId === last?.requestId).length;
  return { bytes: Object.values(last?.bytes ?? {}), done: last?.done ?? false, parts };
}

async function write(settings: Partial<Record<'Temperature' | 'Top k' | 'Seed' | 'New bytes', number>>) {
  for (const [label, value] of Object.entries(settings)) {
    await panel().getByLabel(label, { exact: true }).fill(String(value));
  }
  const finished = async (): Promise<number> =>
    (await visit.events('sample')).filter(({ requestId, done }) => requestId > 0 && done).length;
  const before = await finished();
  await generate().click();
  // A short text may be through before anybody could see that it is being written.
  await expect.poll(finished, { timeout: 60_000 }).toBe(before + 1);
  await visit.page.locator('button:enabled', { hasText: /^Generate$/ }).waitFor();
  return written();
}

test('at temperature 0 a prompt is continued the same way every time, and the way that only the likeliest byte allows', async () => {
  const first = await write({ Temperature: 0, 'New bytes': 40 });
  const again = await write({});
  const likeliest = await write({ Temperature: 1, 'Top k': 1 });

  expect(first.bytes).toHaveLength(40);
  expect(first.done).toBe(true);
  expect(again.bytes).toEqual(first.bytes);
  expect(likeliest.bytes).toEqual(first.bytes);
});

test('a seed decides what is drawn', async () => {
  const seven = await write({ Temperature: 1, 'Top k': 256, Seed: 7 });
  const sevenAgain = await write({});
  const eight = await write({ Seed: 8 });

  expect(sevenAgain.bytes).toEqual(seven.bytes);
  expect(eight.bytes).not.toEqual(seven.bytes);
  await visit.shoot('18-written', 'everywhere');
});

test('a prompt is continued by all hierarchies, and without each, one below the other', async () => {
  const { page } = visit;
  // By then hierarchies tell each other enough for a text to be another one.
  await visit.run('Resume').click();
  await visit.reachStep(120);
  await visit.run('Pause').click();
  await visit.state('paused');
  const all = await write({ Temperature: 1, 'Top k': 256, Seed: 7, 'New bytes': 100 });
  const before = (await visit.events('sample')).length;
  await panel().getByRole('radio', { name: 'each of these' }).check();
  await generate().click();
  const finished = async () =>
    (await visit.events('sample')).slice(before).filter(({ requestId, done }) => requestId > 0 && done);
  await expect.poll(async () => (await finished()).length, { timeout: 60_000 }).toBe(3);
  await page.locator('button:enabled', { hasText: /^Generate$/ }).waitFor();

  const [withAll, ...without] = (await finished()).map(({ bytes }) => Object.values(bytes));
  expect(withAll).toEqual(all.bytes);
  for (const bytes of without) expect(bytes).not.toEqual(all.bytes);
  const heads = await panel().getByRole('listitem').locator('.writers').allTextContents();
  expect(heads).toEqual(['by all', 'without 1×', 'without 4×']);
  await visit.shoot('18-written-by-each', 'everywhere');
  await panel().getByRole('radio', { name: 'all', exact: true }).check();
});

test('a text comes as it is written, can be stopped, and training goes on after it', async () => {
  const { page } = visit;
  await visit.run('Resume').click();
  await visit.state('training');
  const before = await visit.step();
  await page.getByLabel('New bytes', { exact: true }).fill('1000');
  await generate().click();
  await expect.poll(async () => (await written()).parts, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
  const start = performance.now();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.locator('button:enabled', { hasText: /^Generate$/ }).waitFor();
  console.log(`stopped after ${(performance.now() - start).toFixed(0)} ms`);

  const { bytes, done } = await written();
  expect(done).toBe(true);
  expect(bytes.length).toBeLessThan(1000);
  expect(await page.getByText(/ · stopped$/).isVisible()).toBe(true);
  await visit.state('training');
  await visit.reachStep(before + 5);
  const { step } = await visit.losses();
  expect(step).toEqual(step.map((_, index) => index + 1));
  expect(visit.trouble).toEqual([]);
});
