import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { openTab } from './support/tabs.ts';

// One visitor; each test goes on where the one before left off.
let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { query: '?p=micro&st=12' });
});

afterAll(() => browser?.close());

const names = ({ page }: Visit): Promise<string[]> => page.locator('.run-name').allTextContents();
const legend = ({ page }: Visit): Promise<string[]> =>
  page.locator('.compare-chart .readout li, .compare-chart .readout > *').allTextContents();
const cells = ({ page }: Visit, row: string): Promise<string[]> =>
  page.getByRole('row', { name: row }).getByRole('cell').allTextContents();

/** Reads the comparison as it is on the screen. */
async function comparison(): Promise<string[][]> {
  return [await names(visit), await cells(visit, 'Best validation, bits'), await cells(visit, 'Test part')];
}

test('two runs are in Compare after a reload, with their curves and test scores, and can be opened again', async () => {
  const { page } = visit;
  await visit.train.click();
  await visit.state('done');
  await openTab(visit, 'Compare');
  await page.getByRole('button', { name: /^Measure/ }).click();
  await visit.hears('scored', 1);
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  await visit.field('Seed').fill('7');
  await visit.field('Depth').fill('2');
  await visit.run('Train again').click();
  await expect.poll(() => names(visit)).toHaveLength(2);
  await visit.state('done');
  await page.getByRole('button', { name: /^Measure/ }).click();
  await visit.hears('scored', 2);
  await expect.poll(async () => (await cells(visit, 'Test part')).join(' ')).not.toContain('measured');
  const before = await comparison();
  expect(before[2]).toHaveLength(2);
  await page.waitForTimeout(1000);

  await page.reload();
  await expect.poll(() => names(visit)).toEqual(before[0]);
  expect(await comparison()).toEqual(before);
  expect(await page.locator('.compare-chart .recharts-surface path.curve, .compare-chart path.curve').count()).toBe(2);
  expect((await legend(visit)).join(' ')).toContain(before[0][0]);
  expect(await page.getByRole('button', { name: 'Unpin' }).count()).toBe(1);
  await visit.shoot('62-kept-comparison', 'everywhere');

  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Settings and results: table as CSV' }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe('settings-and-results.csv');
  const [header, ...rows] = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(header).toMatch(/^run,query,steps,.*,Seed/);
  expect(rows.map((row) => row.split(',')[0])).toEqual(before[0].toReversed());

  const kept = page.getByRole('note').filter({ hasText: '2 earlier runs are kept' });
  await kept.getByRole('button', { name: 'Open it again' }).last().click();
  await visit.state('done');
  expect((await names(visit)).toSorted()).toEqual(before[0].toSorted());
  expect(visit.trouble).toEqual([]);
});

test('a run that is deleted stays away, and its model as well', async () => {
  const { page } = visit;
  const [present, other] = await names(visit);
  await page
    .getByRole('group', { name: `Run ${other}` })
    .getByRole('button', { name: 'Delete' })
    .click();
  await expect.poll(() => names(visit)).toEqual([present]);
  await openTab(visit, 'Watch');
  await page.waitForTimeout(500);
  await page.reload();
  await page.getByRole('note').filter({ hasText: 'An earlier run is kept' }).waitFor();
  await openTab(visit, 'Compare');
  expect(await names(visit)).toEqual([present]);
  expect(visit.trouble).toEqual([]);
});
