import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { OPPONENT_LINK } from '../../src/ui/compare/recorded-opponent.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const COMPARE = /\/assets\/CompareTab-[^/]*\.js/;
/** As a server answers after an update that has renamed the files. */
const gone = (route: Route) => route.fulfill({ status: 404, body: '' });
const failure = ({ page }: Visit) => page.getByRole('alert');
const press = (visit: Visit, name: string) => failure(visit).getByRole('button', { name }).click();
const openTab = ({ page }: Visit, name: string) => page.getByRole('tab', { name, exact: true }).click();

test('a tab that does not come leaves the page as it is and its run training, and comes later', async () => {
  const visit = await openPage(browser, {
    query: '?p=micro&st=900',
    // Nor is it there when parts are loaded ahead.
    prepare: (page) => page.route(COMPARE, (route) => route.abort()),
  });
  const { page } = visit;
  await visit.train.click();
  await visit.reachStep(2);
  await openTab(visit, 'Compare');
  expect(await failure(visit).textContent()).toContain('Compare could not be loaded');
  expect(await failure(visit).textContent()).toMatch(/Reloading (ends|stops) the run/);
  await visit.reachStep((await visit.step()) + 2);
  await openTab(visit, 'Watch');
  await page.getByRole('region', { name: 'Next byte' }).waitFor();
  expect(await failure(visit).count()).toBe(0);
  await openTab(visit, 'Compare');
  await press(visit, 'Try again');
  await failure(visit).waitFor();
  await visit.shoot('100-lost-tab', 'everywhere');
  await page.unroute(COMPARE);
  await press(visit, 'Try again');
  await page.getByRole('region', { name: 'Runs' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-panel');
  await visit.run('Pause').click();
  await visit.state('paused');
  await visit.close();
});

test('after an update of the site a reload gets what has gone, and the run goes on', async () => {
  const visit = await openPage(browser, { query: '?p=micro&st=900', prepare: (page) => page.route(COMPARE, gone) });
  const { page } = visit;
  await visit.run('Step').click();
  await visit.hears('kept', 1);
  await openTab(visit, 'Compare');
  expect(await failure(visit).textContent()).toContain('can go on from step 1');
  await page.unroute(COMPARE);
  await press(visit, 'Reload the page');
  await page.getByRole('region', { name: 'Runs' }).waitFor();
  await page.getByRole('note').filter({ hasText: 'An earlier run is kept' }).waitFor();
  expect(await failure(visit).count()).toBe(0);
  await visit.close();
});

test('without a network all tabs are there, once the page has had a moment to load them ahead', async () => {
  const visit = await openPage(browser, { query: '?p=micro' });
  const { page } = visit;
  await visit.partsLoaded();
  await page.context().setOffline(true);
  for (const tab of ['Attention', 'Text', 'Compare', 'Data', 'About']) {
    await openTab(visit, tab);
    await page.getByRole('tabpanel').locator('h2').first().waitFor();
    expect(await failure(visit).count(), tab).toBe(0);
  }
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a dialog and a code that do not come say so, and can be done without', async () => {
  const visit = await openPage(browser, {
    query: '?p=micro',
    prepare: (page) => page.route(/\/assets\/(?:KeysDialog|qr-code)-/, gone),
  });
  const { page } = visit;
  await page.keyboard.press('?');
  expect(await failure(visit).textContent()).toContain('The list of keys could not be loaded');
  await press(visit, 'Close');
  await page.keyboard.press('s');
  await page.getByText('QR code, to open').click();
  expect(await failure(visit).textContent()).toContain('The QR code could not be loaded');
  await page.unroute(/\/assets\/(?:KeysDialog|qr-code)-/);
  await press(visit, 'Try again');
  await page.getByRole('img', { name: /^QR code/ }).waitFor();
  await visit.close();
});

test('an error of the page itself pauses the run, which is kept, and says what to do', async () => {
  const visit = await openPage(browser, { query: '?p=micro&st=900' });
  const { page } = visit;
  await visit.train.click();
  await visit.reachStep(2);
  // As translators do, which take elements from under the page.
  await page.evaluate(() => document.querySelector('.tab-panel > *')!.remove());
  await openTab(visit, 'Data');
  expect(await failure(visit).textContent()).toContain('The page has stopped with an error');
  await visit.hears('kept', 1);
  await failure(visit)
    .getByText(/can go on from step \d+/)
    .waitFor();
  await visit.shoot('101-lost-page', 'everywhere');
  await press(visit, 'Try again');
  await visit.state('paused');
  await visit.close();
});

test('charts are there without the list of runs, where that does not come', async () => {
  const visit = await openPage(browser, {
    query: `?${OPPONENT_LINK}`,
    prepare: (page) => page.route(/\/assets\/WatchRail-/, gone),
  });
  const { page } = visit;
  expect(await failure(visit).textContent()).toContain('The list of runs could not be loaded');
  await page.getByRole('region', { name: 'Next byte' }).waitFor();
  await page.unroute(/\/assets\/WatchRail-/);
  await press(visit, 'Try again');
  await page.getByRole('region', { name: 'Runs' }).waitFor();
  await visit.close();
});
