import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadText } from '../../src/cli/train/load-text.ts';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { identify, readCheckpoint, writeCheckpoint } from '../../src/train/checkpoint.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';

// One visitor; each test goes on where the one before left off.
let browser: Browser;
let visit: Visit;
let step: number;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { query: '?p=micro&st=900' });
});

afterAll(() => browser?.close());

const notice = () => visit.page.getByRole('note').filter({ hasText: 'Your last run is still here' });

/** Pauses, and waits until the run lies in the browser. */
async function pause(): Promise<void> {
  await visit.run('Pause').click();
  await visit.state('paused');
  step = await visit.step();
  await expect.poll(async () => (await visit.events('kept')).at(-1)?.step).toBe(step);
  await visit.page.waitForTimeout(500);
}

/** Runs in the page: the steps of the curve that is stored. */
function storedSteps(): Promise<number[]> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('strata');
    opening.addEventListener('success', () => {
      const getting = opening.result.transaction('runs').objectStore('runs').get('last') as IDBRequest<{
        history: { batch: { step: Float64Array } };
      }>;
      getting.addEventListener('success', () => resolve([...getting.result.history.batch.step]));
    });
  });
}

test('a run survives a reload: it is offered, and goes on where it stood', async () => {
  await visit.train.click();
  await visit.reachStep(12);
  await pause();
  await visit.page.reload();
  await notice().waitFor();
  expect(await notice().textContent()).toContain(`It stands at step ${step} of 900`);
  await visit.shoot('42-last-run', 'everywhere');

  await notice()
    .getByRole('button', { name: `Go on from step ${step}` })
    .click();
  await visit.state('training');
  await visit.reachStep(step + 5);
  const { step: steps } = await visit.losses();
  expect(steps).toEqual(steps.map((_, index) => step + 1 + index));
  expect(await notice().count()).toBe(0);
});

test('its curve is whole, and its link is the one of the run', async () => {
  await pause();
  expect(new URL(visit.page.url()).searchParams.toString()).toBe('v=1&p=micro&st=900');
  await visit.shoot('43-gone-on', 'everywhere');
  const steps = await visit.page.evaluate(storedSteps);
  expect(steps).toEqual(Array.from({ length: step }, (_, index) => index + 1));
});

test('the run can be saved as a file that holds it, and opened again', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: 'Share' }).click();
  const button = page.getByRole('button', { name: 'Save the run' });
  await visit.shoot('44-save', 'everywhere');
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(download.suggestedFilename()).toBe(`strata-step-${step}.safetensors`);
  const file = await readFile(await download.path());
  const run = readCheckpoint(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
  expect(run).toMatchObject({ step, config: { training: { steps: 900 } } });
  // The command line has the same text, and can go on with it.
  expect(run.text).toEqual(await identify(await loadText(null)));

  await page.getByLabel('File of a run').setInputFiles({
    name: 'mine.safetensors',
    mimeType: 'application/octet-stream',
    buffer: file,
  });
  const opened = page.getByRole('note').filter({ hasText: 'The run in mine.safetensors' });
  expect(await opened.textContent()).toContain('To go on with it ends the present run.');
  await visit.shoot('45-run-file', 'everywhere');
  await opened.getByRole('button', { name: `Go on from step ${step}` }).click();
  await visit.reachStep(step + 3);
  expect(await opened.count()).toBe(0);
  await pause();
});

test('a file that is no run is refused by its name', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: 'Share' }).click();
  const buffer = Buffer.from('nothing of the kind');
  await page
    .getByLabel('File of a run')
    .setInputFiles({ name: 'notes.safetensors', mimeType: 'application/octet-stream', buffer });
  const refused = page.getByRole('note').filter({ hasText: 'cannot be opened as a run' });
  expect(await refused.textContent()).toContain('notes.safetensors: it is no safetensors file.');
  await visit.shoot('46-no-run', 'everywhere');
  await refused.getByRole('button', { name: 'Close' }).click();
  expect(await refused.count()).toBe(0);
});

test('a run that goes on with other kernels than it was kept with says so', async () => {
  const { page } = visit;
  await page.getByRole('button', { name: 'Share' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save the run' }).click(),
  ]);
  const file = await readFile(await download.path());
  const run = readCheckpoint(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
  const kernels = { tuning: {}, variants: 'products of another adapter' };
  const buffer = Buffer.concat(writeCheckpoint({ ...run, kernels }));
  await page
    .getByLabel('File of a run')
    .setInputFiles({ name: 'other.safetensors', mimeType: 'application/octet-stream', buffer });
  await page.getByRole('button', { name: `Go on from step ${step}` }).click();
  await visit.reachStep(step + 2);
  const said = page.getByRole('note').filter({ hasText: 'The run goes on with other kernels' });
  expect(await said.textContent()).toContain('(products of another adapter)');
  await pause();
  await visit.shoot('47-other-kernels', 'everywhere');
});

test('a run that is given up is offered no more', async () => {
  await visit.page.reload();
  await notice().getByRole('button', { name: 'Give it up' }).click();
  expect(await notice().count()).toBe(0);
  await visit.page.reload();
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  expect(await notice().count()).toBe(0);
  expect(visit.trouble).toEqual([]);
});
