import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadText } from '../../src/cli/train/load-text.ts';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { identify, readCheckpoint, writeCheckpoint } from '../../src/train/saving/checkpoint.ts';
import { bytes } from '../../src/ui/format/quantity.ts';
import { openPage } from '../page/support/open-page.ts';
import { Visit } from '../page/support/visit.ts';

// One visitor; each test goes on where the one before left off.
let browser: Browser;
let visit: Visit;
let step: number;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { query: '?p=micro&st=900' });
});

afterAll(() => browser?.close());

const noticeOn = ({ page }: Visit) =>
  page.getByRole('note').filter({ hasText: /^(An|\d+) earlier runs? (is|are) kept/ });
const notice = () => noticeOn(visit);

/** Pauses, and waits until the run lies in the browser. */
async function pause(): Promise<void> {
  await visit.run('Pause').click();
  await visit.state('paused');
  step = await visit.step();
  await expect.poll(async () => (await visit.events('kept')).at(-1)?.step).toBe(step);
  await visit.page.waitForTimeout(500);
}

/** Runs in the page: the steps of the curve of the only run that is stored. */
function storedSteps(): Promise<number[]> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('strata');
    opening.addEventListener('success', () => {
      const getting = opening.result.transaction('runs').objectStore('runs').getAll() as IDBRequest<
        { history: { batch: { step: Float64Array } } }[]
      >;
      getting.addEventListener('success', () =>
        resolve(getting.result.flatMap(({ history }) => [...history.batch.step])),
      );
    });
  });
}

test('a run survives a reload: it is offered, and goes on where it stood', async () => {
  await visit.train.click();
  await visit.reachStep(12);
  await pause();
  await visit.page.reload();
  await notice().waitFor();
  expect(await notice().textContent()).toContain(`step ${step} of 900`);
  await visit.shoot('42-last-run', 'everywhere');
  const said = async () => /kept (.+) ago/.exec((await notice().textContent()) ?? '')?.[1];
  const before = await said();
  await expect.poll(said, { timeout: 30_000 }).not.toBe(before);

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
  expect(download.suggestedFilename()).toMatch(new RegExp(`^strata-[a-z]+-[a-z]+-step-${step}\\.safetensors$`));
  const file = await readFile(await download.path());
  expect(await page.locator('.saved-run').textContent()).toContain(
    `Step ${step}. The run, ${bytes(file.length)}: weights`,
  );
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
  expect(await opened.textContent()).toContain('Micro: steps 300→900');
  expect(await opened.textContent()).toContain(`It stands at step ${step} of 900, trained on Moby Dick.`);
  expect(await opened.textContent()).toContain('To go on with it ends the present run.');
  expect(await opened.textContent()).not.toContain('curve');
  // The dialog is closed, and the answer to what was asked for has the focus.
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await opened.evaluate((notice) => notice === document.activeElement)).toBe(true);
  await visit.shoot('45-run-file', 'everywhere');
  await opened.getByRole('button', { name: `Go on from step ${step}` }).click();
  await visit.reachStep(step + 3);
  expect(await opened.count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-panel');
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
  expect(await refused.evaluate((notice) => notice === document.activeElement)).toBe(true);
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

test('a reset loses nothing: the run can go on from where it was kept, and so can those before it', async () => {
  await visit.run('Reset').click();
  await notice().waitFor();
  expect(await notice().textContent()).toContain('3 earlier runs are kept');
  await visit.shoot('48-after-reset', 'everywhere');
  // The newest is first. The others were there when their files were opened.
  await notice()
    .getByRole('button', { name: `Go on from step ${step}` })
    .first()
    .click();
  await visit.reachStep(step + 2);
  await pause();
});

/** Runs in the page: the names and sizes of the texts that lie beside runs. */
function storedTexts(): Promise<[name: string, bytes: number][]> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('strata');
    opening.addEventListener('success', () => {
      const getting = opening.result.transaction('runs').objectStore('runs').getAll() as IDBRequest<
        { name: string; file: Blob; step?: number }[]
      >;
      getting.addEventListener('success', () =>
        resolve(getting.result.flatMap(({ name, file, step }) => (step === undefined ? [[name, file.size]] : []))),
      );
    });
  });
}

test('a run on a text of one’s own goes on with it after a reload, and takes it along when it is given up', async () => {
  const own = await openPage(browser, { query: '?p=micro&st=900' });
  const text = 'the ship sailed on and the whale swam under it '.repeat(200);
  await own.page
    .getByLabel('Text file')
    .first()
    .setInputFiles({
      name: 'mine.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from(text),
    });
  await expect.poll(async () => (await own.events('corpus')).at(-1)?.info.name).toBe('mine.txt');
  await own.train.click();
  await own.reachStep(3);
  await own.run('Pause').click();
  await own.state('paused');
  const at = await own.step();
  await expect.poll(() => own.page.evaluate(storedTexts)).toEqual([['mine.txt', text.length]]);

  await own.page.reload();
  await noticeOn(own).waitFor();
  expect(await noticeOn(own).textContent()).toContain(`step ${at} of 900 on mine.txt`);
  await noticeOn(own)
    .getByRole('button', { name: `Go on from step ${at}` })
    .click();
  await own.reachStep(at + 2);
  await own.run('Reset').click();
  await noticeOn(own).getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => own.page.evaluate(storedTexts)).toEqual([]);
  expect(own.trouble).toEqual([]);
  await own.close();
});

test('a run that is under way in one tab is not offered in another, and stays beside what that one trains', async () => {
  const tab = new Visit(await visit.page.context().newPage(), visit.home);
  await tab.page.goto(`${visit.home}?p=micro&st=7`);
  await noticeOn(tab).waitFor();
  const offered = await noticeOn(tab).textContent();
  expect(offered).toContain('2 earlier runs are kept');
  expect(offered).not.toContain(`step ${step} of 900`);
  await tab.train.click();
  await tab.state('done');
  await tab.page.waitForTimeout(500);
  await tab.page.reload();
  await expect.poll(() => noticeOn(tab).textContent()).toContain('3 earlier runs are kept');
  expect(await noticeOn(tab).textContent()).toContain('step 7 of 7');

  // Neither page was ever hidden, so that it is the focus which leads here.
  await visit.page.goto('about:blank');
  await expect
    .poll(async () => {
      await tab.page.evaluate(() => window.dispatchEvent(new Event('focus')));
      return noticeOn(tab).textContent();
    })
    .toContain('4 earlier runs are kept');
  expect(await noticeOn(tab).textContent()).toContain(`step ${step} of 900`);
  expect(tab.trouble).toEqual([]);
  await tab.page.close();
});

test('a run that the browser has no room for says so, and can be saved as a file', async () => {
  const full = await openPage(browser, {
    query: '?p=micro&st=5',
    prepare: (page) =>
      page.addInitScript(() => {
        IDBObjectStore.prototype.put = () => {
          throw new DOMException('The quota is exceeded', 'QuotaExceededError');
        };
      }),
  });
  await full.train.click();
  await full.state('done');
  const said = full.page.getByRole('note').filter({ hasText: 'This run is not kept in the browser' });
  expect(await said.textContent()).toContain('The quota is exceeded');
  await full.shoot('50-no-room', 'everywhere');
  await said.getByRole('button', { name: 'Share and save' }).click();
  expect(await full.page.getByRole('button', { name: 'Save the run' }).isEnabled()).toBe(true);
  await full.page.keyboard.press('Escape');
  await said.getByRole('button', { name: 'Close' }).click();
  expect(await said.count()).toBe(0);
  await full.page.context().close();
});

test('a run that is given up is offered no more', async () => {
  await visit.page.goto(`${visit.home}?p=micro&st=900`);
  await notice().waitFor();
  await notice().getByText('2 more').click();
  for (let left = 4; left > 0; left--) {
    await notice().getByRole('button', { name: 'Delete' }).first().click();
    await expect.poll(() => notice().getByRole('listitem').count()).toBe(left - 1);
  }
  // Until it lies no more in the browser.
  await visit.page.waitForTimeout(500);
  await visit.page.reload();
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  expect(await notice().count()).toBe(0);
  expect(visit.trouble).toEqual([]);
});

test('a run that one tab has gone on with cannot be begun in another, which says so', async () => {
  const one = await openPage(browser, { query: '?p=micro&st=900' });
  await one.train.click();
  await one.reachStep(3);
  await one.run('Pause').click();
  await one.state('paused');
  await expect.poll(async () => (await one.events('kept')).at(-1)?.step).toBe(await one.step());
  await one.run('Reset').click();
  await noticeOn(one).waitFor();

  const other = await one.page.context().newPage();
  await other.goto(one.page.url());
  const goOn = other.getByRole('button', { name: /^Go on from step/ });
  await goOn.waitFor();
  await noticeOn(one)
    .getByRole('button', { name: /^Go on from step/ })
    .click();
  await one.state('training');
  await goOn.click();
  await other.getByRole('note').filter({ hasText: 'It is under way in another tab.' }).waitFor();
  expect(await goOn.count()).toBe(0);
});
