import jsQR from 'jsqr';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { OPPONENT_LINK } from '../../src/ui/compare/recorded-opponent.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { tellMetrics } from './support/told-worker.ts';

const TOLD = { steps: 300, trainBpb: '2.4 + 5.6 * Math.exp(-step / 60)' };

let browser: Browser;
let sender: Visit;
let link: string;

beforeAll(async () => {
  browser = await launchChromium();
  sender = await openPage(browser, { query: '?p=two&st=300', prepare: (page) => tellMetrics(page, TOLD) });
});

afterAll(() => browser?.close());

const dialog = ({ page }: Visit): Locator => page.getByRole('dialog', { name: 'Share' });
const shownLink = (visit: Visit): Promise<string> => dialog(visit).getByLabel('Link', { exact: true }).inputValue();
const curveBox = (visit: Visit): Locator => dialog(visit).getByRole('checkbox', { name: /^Include curve of this run/ });
/** Values of the legend of a chart by the names of its lines. */
const legend = (visit: Visit, chart: string): Promise<string[][]> =>
  visit.page
    .getByRole('region', { name: chart })
    .locator('.readout li')
    .evaluateAll((items) =>
      items.map((item) => [...item.querySelectorAll('span')].map(({ textContent }) => textContent)),
    );

/** What a phone reads off the code as it is on the screen; null when it reads nothing. */
async function scanned(visit: Visit): Promise<string | null> {
  const code = dialog(visit).getByRole('img', { name: 'QR code of the link above' });
  await code.waitFor();
  const png = (await code.screenshot()).toString('base64');
  const { width, height, pixels } = await visit.page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { width: bitmap.width, height: bitmap.height, pixels: Array.from(data) };
  }, png);
  return jsQR(Uint8ClampedArray.from(pixels), width, height)?.data ?? null;
}

test('a curve can be sent along once there is a run, and only with the settings it was trained with', async () => {
  const { page } = sender;
  await sender.state('ready');
  await page.keyboard.press('s');
  expect(await curveBox(sender).isDisabled()).toBe(true);
  expect(await dialog(sender).textContent()).toContain('there is no run of yours yet');
  await page.keyboard.press('Escape');

  await sender.train.click();
  await sender.state('done');
  await page.keyboard.press('s');
  const bare = await shownLink(sender);
  await curveBox(sender).check();
  await expect.poll(() => shownLink(sender)).not.toBe(bare);
  link = await shownLink(sender);
  expect(bare).toBe(`${sender.home}?v=1&p=two&st=300`);
  expect(link).toMatch(/\?v=1&p=two&st=300&r=[\w-]{200,1000}$/);
  await sender.shoot('60-share-with-curve', 'everywhere');

  await dialog(sender).getByText('QR code, to open').click();
  expect(await scanned(sender)).toBe(link);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await scanned(sender)).toBe(link);
  await page.emulateMedia({ colorScheme: 'light' });
  await sender.shoot('63-qr-code', 'everywhere');
  await page.keyboard.press('Escape');

  await sender.field('Batch').fill('4');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  expect(await curveBox(sender).isDisabled()).toBe(true);
  expect(await dialog(sender).textContent()).toContain('the form is no longer what this run was trained with');

  // The words are about the run, whatever the form holds by now.
  await dialog(sender).getByText('In words, for a report').click();
  const told = (): Promise<string> => dialog(sender).getByLabel('The run in words').inputValue();
  await expect.poll(told).toContain('Made with Strata');
  const words = await told();
  expect(words).toMatch(/^Model: a hierarchical transformer .* 1,348,320 parameters/);
  expect(words).toContain('\nTraining: 300 steps of 8 sequences');
  expect(words).toMatch(/\nResults: bits per byte: .* in training .* at step 300/);
  expect(words.split('\n').at(-1)).toBe(`Made with Strata: ${bare}`);
  expect(sender.trouble).toEqual([]);
  await sender.close();
});

test('who opens the link sees its curve and no recorded one, and nothing starts', async () => {
  const visit = await openPage(browser, { query: new URL(link).search, context: { reducedMotion: 'reduce' } });
  const { page } = visit;
  await visit.state('software');
  const sent = page.getByRole('group', { name: 'Run from the link' });
  await sent.waitFor();

  expect(page.url()).toBe(link);
  expect(await visit.step()).toBe(0);
  expect(await page.getByRole('note', { name: /this link/i }).count()).toBe(0);
  const bits = await legend(visit, 'Next byte');
  expect(bits.map(([name]) => name)).toEqual(['train', 'validation', 'from the link']);
  // 2.4 + 5.6 e^-5, smoothed by the sender.
  expect(Number(bits[2][1])).toBeCloseTo(2.44, 1);
  expect((await legend(visit, 'Reconstruction')).map(([name]) => name)).toEqual(['4×', '4× from the link']);
  expect(await page.getByRole('region', { name: 'Next byte' }).locator('path.curve:not([d=""])').count()).toBe(1);
  expect(await page.getByRole('region', { name: 'Recorded run' }).count()).toBe(0);
  await visit.shoot('61-curve-from-link', 'everywhere');

  await page.getByRole('tab', { name: 'Compare' }).click();
  await page.getByRole('region', { name: 'Settings and results' }).waitFor();
  expect(page.url()).toBe(`${link}#cmp`);
  await visit.shoot('62-compare-with-link', 'everywhere');
  await page.getByRole('tab', { name: 'Watch' }).click();

  await visit.field('Batch').fill('2');
  await page.waitForURL(({ search }) => search === '?v=1&p=two&b=2&st=300');
  expect((await legend(visit, 'Next byte')).map(([name]) => name)).toContain('from the link');
  await sent.getByRole('button', { name: 'Delete' }).click();
  expect((await legend(visit, 'Next byte')).map(([name]) => name)).toEqual(['train', 'validation']);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test.for([
  ['r=', 'r= is no curve; the curve of the sender is left out'],
  ['r=%00<img>&b=2', 'r=\u0000<img> is no curve; the curve of the sender is left out'],
  [`p=micro&r=${'x'.repeat(8000)}`, 'r=xxxxxxxxxxxx… is no curve; the curve of the sender is left out'],
  ['p=micro&r=AAAAAAAA', 'r=AAAAAAAA cannot be unpacked; the curve of the sender is left out'],
])('what stands in place of a curve and is none is said: %#', async ([query, message]) => {
  const visit = await openPage(browser, { query: `?${query}` });
  await visit.state('software');
  const banner = visit.page.getByRole('note', { name: /this link/i });

  expect(await banner.getByRole('listitem').allTextContents()).toEqual([message]);
  expect(await visit.page.getByRole('group', { name: 'Run from the link' }).count()).toBe(0);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a link without a curve has a small code, which is read on a phone of 320 pixels too', async () => {
  const visit = await openPage(browser, {
    query: '?p=micro',
    context: { viewport: { width: 320, height: 700 }, deviceScaleFactor: 2 },
  });
  await visit.state('software');
  await visit.page.getByRole('button', { name: 'Share', exact: true }).click();
  await dialog(visit).getByText('QR code, to open').click();

  expect(await scanned(visit)).toBe(await shownLink(visit));
  expect(await visit.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await visit.shoot('64-qr-code-320');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('what cannot be packed or read is said, and curves are packed only when they are about to be copied', async () => {
  const visit = await openPage(browser, {
    query: `?${OPPONENT_LINK}#cmp`,
    prepare: (page) =>
      page.addInitScript(() => {
        const Native = CompressionStream;
        const counted = class extends Native {
          constructor(format: CompressionFormat) {
            super(format);
            Object.assign(globalThis, { packed: 1 + ((globalThis as { packed?: number }).packed ?? 0) });
          }
        };
        Object.assign(globalThis, { CompressionStream: counted });
      }),
  });
  const { page } = visit;
  const packed = () => page.evaluate(() => (globalThis as { packed?: number }).packed ?? 0);
  await page.getByRole('combobox', { name: 'Preset' }).selectOption('micro');
  await visit.train.click();
  await visit.reachStep(3);
  const copy = page.getByRole('region', { name: 'Share this comparison' }).getByRole('button', { name: 'Copy link' });
  await copy.waitFor();
  const before = await packed();
  await visit.reachStep(12);
  expect(await packed()).toBe(before);
  await copy.hover();
  await expect.poll(packed).toBe(before + 2);

  await visit.run('Pause').click();
  await visit.state('paused');
  await visit.hears('kept', 1);
  await page.evaluate(() => {
    const fail = () => Promise.reject(new Error('gone'));
    Object.assign(Blob.prototype, { arrayBuffer: fail, text: fail, bytes: fail });
    Object.assign(globalThis, { CompressionStream: undefined });
  });
  await page.keyboard.press('s');
  await curveBox(visit).click();
  await dialog(visit).getByText('this browser cannot pack it').waitFor();
  await dialog(visit).getByRole('button', { name: 'Save the run' }).click();
  expect(await dialog(visit).getByRole('alert').textContent()).toContain(
    'does not give the run’s copy back: Error: gone',
  );
  expect(visit.trouble).toEqual([]);
  await visit.close();
});
