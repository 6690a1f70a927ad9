import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from './support/open-page.ts';
import type { Visit } from './support/visit.ts';

const STEPS = 20;
const query = (seed: number): string => `?p=micro&h=1-w4_4-d20&l=2&b=2&st=40&sd=${seed}`;

let browser: Browser;
let first: Visit;

beforeAll(async () => {
  browser = await launchChromium();
  first = await openPage(browser, { query: query(7) });
});

afterAll(() => browser?.close());

/** Next-byte losses of the first steps, as exact as the engine measures them. */
async function firstLosses(visit: Visit): Promise<number[]> {
  await visit.train.click();
  await visit.reachStep(STEPS);
  const { trainBpb } = await visit.losses();
  await visit.run('Reset').click();
  return trainBpb.slice(0, STEPS);
}

test('a link reproduces the form and stays as it is', async () => {
  await first.state('software');

  expect(await first.page.getByRole('combobox', { name: 'Preset' }).inputValue()).toBe('micro');
  expect(await first.field('Window in tokens', 1).inputValue()).toBe('4');
  expect(await first.field('Width', 1).inputValue()).toBe('16');
  expect(await first.field('Width', 4).inputValue()).toBe('20');
  expect(await first.field('Full', 4).isChecked()).toBe(true);
  expect(await first.field('Depth').inputValue()).toBe('2');
  expect(await first.field('Batch').inputValue()).toBe('2');
  expect(await first.field('Steps').inputValue()).toBe('40');
  expect(await first.field('Seed').inputValue()).toBe('7');
  expect(new URL(first.page.url()).search).toBe(query(7));
  await first.shoot('05-link');
});

test('the same link and seed give the same losses, another seed gives others', async () => {
  const losses = await firstLosses(first);
  const again = await openPage(browser, { query: query(7) });
  const lossesAgain = await firstLosses(again);
  const other = await openPage(browser, { query: query(8) });
  const otherLosses = await firstLosses(other);

  expect(losses).toHaveLength(STEPS);
  expect(lossesAgain).toEqual(losses);
  expect(otherLosses).toHaveLength(STEPS);
  expect(otherLosses.filter((loss, index) => Math.abs(loss - losses[index]) > 1e-3).length).toBeGreaterThan(STEPS / 2);
  expect([first, again, other].flatMap((visit) => visit.trouble)).toEqual([]);
});
