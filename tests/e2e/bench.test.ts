import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const address = (): string => `${inject('pageUrl')}bench.html`;

test('the benchmark runs a tiny list and shows its rows', async () => {
  const context = { permissions: ['clipboard-read', 'clipboard-write'] };
  const visit = await openPage(browser, { url: address(), query: '?only=add,cosine', context });
  const { page } = visit;
  expect(await page.locator('main').getAttribute('data-phase')).toBe('idle');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.locator('main[data-phase="finished"]').waitFor();

  const titles = await page.getByRole('heading', { level: 2 }).allTextContents();
  expect(titles).toEqual(['Ceilings', 'Cosine loss', 'Add']);
  const rows = page.getByRole('region', { name: 'Cosine loss' }).getByRole('row');
  expect(await rows.count()).toBe(1 + 2);
  expect(await rows.nth(1).textContent()).toMatch(/^2 x 64 x 32forward[\d.]+/);
  await visit.shoot('40-bench', 'everywhere');

  await page.getByRole('button', { name: 'Copy as JSON' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as { kind: string }[];
  expect(copied.map(({ kind }) => kind)).toEqual(['header', 'ceilings', 'kernel', 'kernel', 'kernel']);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a run can be stopped, and begun again', async () => {
  const visit = await openPage(browser, { url: address() });
  const { page } = visit;
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('region', { name: 'Ceilings' }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.locator('main[data-phase="stopped"]').waitFor();
  await page.getByLabel('Only').fill('add, foo');
  await page.getByRole('button', { name: 'Start' }).click();
  expect(await page.getByRole('alert').textContent()).toContain('nothing in the small list is called "foo"; names');
  expect(await page.getByRole('region').count()).toBe(0);
  await expect.poll(() => page.locator('#bench-names option', { hasText: /^matmul$/ }).count()).toBe(1);
  await page.getByLabel('Only').fill('Add');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('region', { name: 'Add' }).waitFor();

  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('without WebGPU the benchmark says so', async () => {
  const other = await launchChromium({ webgpu: false });
  try {
    const visit = await openPage(other, { url: address() });
    await visit.page.getByRole('button', { name: 'Start' }).click();
    expect(await visit.page.getByRole('alert').textContent()).toBe('WebGPU is there, but it offers no adapter.');
    expect(visit.trouble).toEqual([]);
  } finally {
    await other.close();
  }
});
