import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import type { WorkerEvent } from '../../src/protocol/events.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { tellMetrics } from './support/told-worker.ts';

const SIZES = [
  { width: 640, height: 420 },
  { width: 360, height: 480 },
];

const TOLD = { steps: 300, trainBpb: '2.4 + 5.6 * Math.exp(-step / 60)' };

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const trainable = ({ page }: Visit) => page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
const view = (page: Page) => page.locator('.embed-view').getAttribute('data-view');

test('a part of another page is one view, what trains it, and the way to the whole page', async () => {
  const visit = await openPage(browser, { query: '?v=1&p=micro&b=2&st=5&ui=embed' });
  const { page } = visit;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await trainable(visit);

  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Micro: batch 4→2, steps 300→5');
  expect(await page.getByRole('region').evaluateAll((all) => all.map(({ id, className }) => id || className))).toEqual([
    'panel bits-panel',
  ]);
  for (const role of ['tablist', 'complementary', 'dialog'] as const)
    expect(await page.getByRole(role).count(), role).toBe(0);
  expect(await page.getByRole('combobox', { name: 'Preset' }).count()).toBe(0);
  expect(await page.getByText('keep the screen on').count()).toBe(0);
  expect(await page.locator('.introduction, .to-try, .status-strip, .recorded').count()).toBe(0);
  expect(await page.locator('.embed-note').textContent()).toContain('Software GPU');
  expect(asked.filter((path) => path.endsWith('recording.json'))).toEqual([]);

  const whole = page.getByRole('link', { name: 'Open in Strata' });
  expect(await whole.getAttribute('href')).toBe(`${visit.home}?v=1&p=micro&b=2&st=5`);
  expect(await whole.getAttribute('target')).toBe('_blank');
  expect(await visit.step()).toBe(0);

  for (const key of ['c', '/', 's', '?', '1', '2', '3', '4', '5', '6']) await page.keyboard.press(key);
  expect(await page.locator('dialog, .configure').count()).toBe(0);
  expect([await view(page), new URL(page.url()).hash]).toEqual(['watch', '']);
  await page.keyboard.press(' ');
  await visit.state('compiling', 'training', 'done');
  expect(page.url()).toBe(`${visit.home}?v=1&p=micro&b=2&st=5&ui=embed`);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('what is chosen for a bare address is the smallest preset, and the form of the page stays', async () => {
  const visit = await openPage(browser, { query: '?ui=embed' });
  await visit.page.waitForURL(({ search }) => search === '?v=1&p=micro&ui=embed');
  expect(await visit.page.getByRole('heading', { level: 1 }).textContent()).toBe('Micro');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a run that goes wrong has its remedies, which leave form and history of the page alone', async () => {
  const visit = await openPage(browser, {
    query: '?p=two&st=300&ui=embed',
    prepare: (page) => tellMetrics(page, TOLD),
    context: { viewport: SIZES[1] },
  });
  const { page } = visit;
  await visit.state('ready');
  await visit.train.click();
  await visit.state('done');
  const entries = await page.evaluate(() => history.length);
  await page.evaluate(() => {
    const { workers, workerEvents } = globalThis as unknown as { workers: Worker[]; workerEvents: WorkerEvent[] };
    const { runId } = workerEvents.find(({ type }) => type === 'started') as { runId: number };
    const data = { type: 'diverged', runId, step: 9, lastFiniteStep: 8, rewindStep: null, message: 'The loss is NaN.' };
    workers.at(-1)!.dispatchEvent(new MessageEvent('message', { data }));
  });
  const notice = page.getByRole('alert');
  await notice.getByRole('heading', { name: 'Training diverged at step 9' }).waitFor();
  expect(await notice.getByRole('button').count()).toBe(1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await visit.shoot('95-embed-diverged');
  await notice.getByRole('button', { name: /learning rate .* and train again$/i }).click();
  await visit.state('done');
  await page.waitForURL(({ search }) => /^\?v=1&p=two&st=300&lr=[^&]+&ui=embed$/.test(search));
  expect(await page.evaluate(() => history.length)).toBe(entries);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test.for([
  ['', 'watch'],
  ['#watch/x=bytes', 'watch'],
  ['#attn', 'attn'],
  ['#text', 'text'],
  ['#cmp', 'watch'],
  ['#about', 'watch'],
])('the hash %s is the view %s', async ([hash, shown]) => {
  const visit = await openPage(browser, { query: `?p=micro&ui=embed${hash}` });
  await visit.state('software');
  expect(await view(visit.page)).toBe(shown);
  await trainable(visit);
  expect(await visit.page.getByRole('link', { name: 'Open in Strata' }).getAttribute('href')).toBe(
    `${visit.home}?p=micro${hash}`,
  );
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a text that has to be asked for is asked for there, and another can be taken', async () => {
  const visit = await openPage(browser, { query: '?p=micro&ds=enwik8&ui=embed' });
  const { page } = visit;
  await visit.state('software');
  const text = page.getByRole('region', { name: 'Text' });
  await text.getByText('a download of 36 MB').waitFor();
  expect(await visit.train.isDisabled()).toBe(true);
  expect(visit.foreignRequests).toEqual([]);

  await text.getByRole('button', { name: 'Moby Dick' }).click();
  await trainable(visit);
  expect(await text.count()).toBe(0);
  await page.waitForURL(({ search }) => search === '?v=1&p=micro&ui=embed');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('what of a link cannot be used is said, and what the adapter cannot train has a way out', async () => {
  const visit = await openPage(browser, { query: '?p=micro&b=-5&sm=1&ui=embed' });
  const { page } = visit;
  await visit.state('software');
  const banner = page.getByRole('note', { name: /this link/i });
  expect(await banner.getByRole('listitem').allTextContents()).toEqual([
    'b=-5 is not allowed (needs a whole number, 1 to 4,096); using 4',
  ]);
  const problem = page.getByRole('note', { name: 'This cannot be trained here as it is' });
  await problem.waitFor();
  await problem.getByRole('button').first().click();
  await problem.waitFor({ state: 'detached' });
  await trainable(visit);
  expect(new URL(page.url()).searchParams.get('ui')).toBe('embed');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a form that does not exist is said on the whole page', async () => {
  const visit = await openPage(browser, { query: '?p=micro&ui=frame' });
  await visit.state('software');
  expect(
    await visit.page
      .getByRole('note', { name: /this link/i })
      .getByRole('listitem')
      .allTextContents(),
  ).toEqual(['ui=frame is not allowed (needs embed); showing the whole page']);
  expect(await visit.page.getByRole('tablist').count()).toBe(1);
  await visit.close();
});

test('the recorded run is shown for its own configuration', async () => {
  const visit = await openPage(browser, { query: '?p=quick&ui=embed', context: { reducedMotion: 'reduce' } });
  await visit.page.locator('.embed-note', { hasText: /^Recorded: Quick, 300 steps in/ }).waitFor();
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('without an adapter it is said why nothing trains, and nothing leads elsewhere', async () => {
  const without = await launchChromium({ webgpu: false });
  try {
    const visit = await openPage(without, { query: '?p=micro&ui=embed', context: { viewport: SIZES[0] } });
    await visit.state('no-adapter');
    const notice = visit.page.getByRole('note');
    expect(await notice.getByRole('heading').textContent()).toBe('Your browser supports WebGPU but offers no adapter');
    expect(await notice.getByRole('link').count()).toBe(0);
    expect(await visit.train.isDisabled()).toBe(true);
    await visit.shoot('98-embed-no-adapter');
    expect(visit.trouble).toEqual([]);
  } finally {
    await without.close();
  }
});

test('the share dialog copies a frame of the link and of its view', async () => {
  const sender = await openPage(browser, { query: '?p=two&st=300#attn', prepare: (page) => tellMetrics(page, TOLD) });
  const { page } = sender;
  await sender.state('ready');
  await page.keyboard.press('s');
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await dialog.getByText('Embed, to have').click();
  const code = (): Promise<string> => dialog.getByLabel('Code to embed').inputValue();
  const frame = async (): Promise<Record<string, string>> =>
    page.evaluate(
      (html) => {
        const made = new DOMParser().parseFromString(html, 'text/html').querySelector('iframe')!;
        return Object.fromEntries([...made.attributes].map(({ name, value }) => [name, value]));
      },
      await code(),
    );
  expect(await frame()).toEqual({
    src: `${sender.home}?v=1&p=two&st=300&ui=embed#attn`,
    width: '640',
    height: '420',
    title: 'Strata, Two hierarchies: steps 600→300',
    loading: 'lazy',
  });
  await dialog.getByRole('checkbox', { name: /^Include view position/ }).uncheck();
  expect((await frame()).src).toBe(`${sender.home}?v=1&p=two&st=300&ui=embed`);
  expect(await dialog.getByLabel('Link', { exact: true }).inputValue()).toBe(`${sender.home}?v=1&p=two&st=300`);
  await sender.shoot('97-embed-code', 'everywhere');

  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await dialog.getByRole('button', { name: 'Copy code' }).click();
  await dialog.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await code());
  expect(sender.trouble).toEqual([]);
  await sender.close();
});

test.for(SIZES)(
  'a frame of $width by $height shows the chart without scrolling, and axe finds nothing serious',
  async (size) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const visit = await openPage(browser, {
        query: '?p=two&st=300&ui=embed',
        context: { viewport: size, colorScheme, reducedMotion: 'reduce' },
        prepare: (page) => tellMetrics(page, TOLD),
      });
      const { page } = visit;
      await visit.state('ready');
      const idle = await findings(page);
      await visit.train.click();
      await visit.state('done');
      const done = await findings(page);
      const measured = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return { scrollWidth, scrollHeight, chart: document.querySelector('.chart')!.clientHeight };
      });
      expect({ idle, done }).toEqual({ idle: [], done: [] });
      expect(measured).toMatchObject({ scrollWidth: size.width, scrollHeight: size.height });
      expect(measured.chart).toBeGreaterThan(140);
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
        colorScheme === 'light' ? 'rgb(244, 244, 242)' : 'rgb(18, 19, 21)',
      );
      await visit.shoot(`99-embed-${size.width}-${colorScheme}`);
      expect(visit.trouble).toEqual([]);
      await visit.close();
    }
  },
);

test.for(SIZES)('no view is wider than a frame of $width', async (size) => {
  const visit = await openPage(browser, {
    query: '?p=quick&ui=embed#attn',
    context: { viewport: size, reducedMotion: 'reduce' },
  });
  const { page } = visit;
  await page.getByRole('application').first().waitFor();
  const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await width()).toBe(size.width);
  expect(await findings(page)).toEqual([]);
  await tellMetrics(page, TOLD);
  await page.goto(`${visit.home}?p=two&st=300&ui=embed#text`);
  await visit.train.click();
  await visit.state('done');
  await page.getByLabel('Prompt').waitFor();
  expect(await width()).toBe(size.width);
  expect(await findings(page)).toEqual([]);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

/** What axe finds that keeps people from using the page, one line an element. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}
