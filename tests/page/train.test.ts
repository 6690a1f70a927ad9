import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from './support/open-page.ts';
import type { Visit } from './support/visit.ts';

// One visit from opening the page to giving the run up again; each test goes on where the one before left off.
let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser);
});

afterAll(() => browser?.close());

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const preset = () => visit.page.getByRole('combobox', { name: 'Preset' });

test('on a software adapter the page says so and offers the smallest preset', async () => {
  await visit.state('software');

  expect(await visit.page.getByRole('note').getByRole('heading', { name: 'Software GPU' }).isVisible()).toBe(true);
  expect(await preset().inputValue()).toBe('micro');
  await visit.page.waitForURL(({ searchParams }) => searchParams.get('p') === 'micro');
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  expect(await visit.run('Pause').count()).toBe(0);
  expect(await visit.run('Step').isEnabled()).toBe(true);
  expect(await visit.run('Reset').isEnabled()).toBe(false);
  await visit.shoot('01-open', 'everywhere');
  expect(visit.trouble).toEqual([]);
});

test('training lowers every loss, measures validation and writes a sample', async () => {
  await visit.train.click();
  await visit.state('training');
  await visit.reachStep(60);
  await visit.page.locator('.sample').waitFor();
  const { step, trainBpb, recon, ar } = await visit.losses();
  const validation = (await visit.events('validation')).map(({ bpb }) => bpb);

  expect(step).toEqual(step.map((_, index) => index + 1));
  expect(trainBpb[0]).toBeGreaterThan(7.5);
  expect(trainBpb[0]).toBeLessThan(8.7);
  expect(mean(trainBpb.slice(50, 60))).toBeLessThan(0.8 * trainBpb[0]);
  expect(recon[0]).toEqual([]);
  expect(mean(recon[1].slice(50, 60))).toBeLessThan(0.95 * recon[1][0]);
  expect(mean(ar[1].slice(50, 60))).toBeLessThan(ar[1][0]);
  expect(validation.length).toBeGreaterThanOrEqual(2);
  expect(validation.at(-1)).toBeLessThan(0.8 * trainBpb[0]);
  await visit.shoot('02-training', 'everywhere');
  expect(visit.trouble).toEqual([]);
});

test('the page shows what the worker measured', async () => {
  const numbers = async (panel: string): Promise<number[]> => {
    const cells = await visit.page.getByRole('region', { name: panel }).locator('[data-line]').allTextContents();
    return cells.map(Number);
  };
  const [train, validation] = await numbers('Next byte');
  const [recon] = await numbers('Reconstruction');
  const [ar, spread] = await numbers('Hierarchical prediction');
  const losses = await visit.losses();
  const within = (shown: number, values: number[]): void => {
    expect(shown).toBeGreaterThanOrEqual(Math.min(...values) - 0.01);
    expect(shown).toBeLessThanOrEqual(Math.max(...values) + 0.01);
  };

  within(train, losses.trainBpb);
  within(
    validation,
    (await visit.events('validation')).map(({ bpb }) => bpb),
  );
  within(recon, losses.recon[1]);
  within(ar, losses.ar[1]);
  within(
    spread,
    (await visit.events('validation')).map((event) => event.spread[1]!),
  );
  expect(await visit.page.getByText(/ETA \d+:\d\d/).isVisible()).toBe(true);
  expect(await visit.page.getByText(/[\d.]+ (steps\/s|s a step)/).isVisible()).toBe(true);
});

test('paused, the step stands still', async () => {
  await visit.run('Pause').click();
  await visit.state('paused');
  const step = await visit.step();
  await visit.page.waitForTimeout(1500);

  expect(await visit.step()).toBe(step);
  expect((await visit.losses()).step.at(-1)).toBe(step);
});

test('Step makes exactly one step, three times', async () => {
  const before = await visit.step();
  for (const count of [1, 2, 3]) {
    await visit.run('Step').click();
    await visit.reachStep(before + count);
    await visit.state('paused');
    await visit.page.waitForTimeout(300);
    expect(await visit.step()).toBe(before + count);
  }
  await visit.shoot('03-paused');
});

test('resumed, the run goes on without a gap', async () => {
  const before = await visit.step();
  await visit.run('Resume').click();
  await visit.reachStep(before + 5);
  const { step } = await visit.losses();

  expect(step).toEqual(step.map((_, index) => index + 1));
  expect(visit.trouble).toEqual([]);
});

test('Reset returns to where the page began', async () => {
  await visit.run('Reset').click();
  await visit.state('software');

  expect(await visit.step()).toBe(0);
  expect(await visit.train.isEnabled()).toBe(true);
  expect(await visit.run('Reset').isEnabled()).toBe(false);
  expect(await visit.page.locator('.sample').count()).toBe(0);
  expect(await preset().inputValue()).toBe('micro');
  await visit.shoot('04-reset');
  expect(visit.trouble).toEqual([]);
});
