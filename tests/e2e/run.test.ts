import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { alterWorker } from './support/alter-worker.ts';

/** Gives a test the worker's device to destroy. */
const DESTROYABLE = `
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    const device = await requestDevice.apply(this, given);
    addEventListener('message', ({ data }) => {
      if (data.type === 'destroy the device') device.destroy();
    });
    return device;
  };
`;

// One visit; each test goes on where the one before left off.
let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { prepare: (page) => alterWorker(page, DESTROYABLE) });
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
});

afterAll(() => browser?.close());

test('the first Step of all builds the run and makes one step', async () => {
  await visit.run('Step').click();
  await visit.reachStep(1);
  await visit.state('paused');
  await visit.page.waitForTimeout(500);

  expect(await visit.step()).toBe(1);
  // One step tells no speed.
  const speed = visit.page.locator('.figure', { hasText: 'speed' });
  expect(await speed.locator('.figure-value').textContent()).toBe('–');
});

test('Space trains and pauses, a full stop makes a step', async () => {
  const { page } = visit;
  await page.locator('body').click({ position: { x: 2, y: 400 } });
  await page.keyboard.press('Space');
  await visit.state('training');
  await visit.reachStep(5);
  await page.keyboard.press('Space');
  await visit.state('paused');
  const step = await visit.step();
  for (const count of [1, 2, 3]) {
    await page.keyboard.press('.');
    await visit.reachStep(step + count);
    await visit.state('paused');
    await page.waitForTimeout(300);
    expect(await visit.step()).toBe(step + count);
  }
});

test('a learning rate counts once it is typed to its end, and the chart shows where', async () => {
  const { page } = visit;
  await visit.run('Resume').click();
  await visit.reachStep((await visit.step()) + 2);
  const field = visit.field('Learning rate');
  await field.fill('');
  await field.pressSequentially('1e-3');
  await field.press('Enter');
  await page.locator('.bits-panel .mark text', { hasText: 'learning rate 1e-3' }).waitFor();
  await field.fill('3e-3');
  await page.locator('.bits-panel .mark text', { hasText: 'learning rate 3e-3' }).waitFor();

  expect((await visit.events('adjusted')).slice(-2).map(({ changed }) => changed)).toEqual([
    { learningRate: 1e-3 },
    { learningRate: 3e-3 },
  ]);
  await visit.run('Pause').click();
  await visit.state('paused');
  await visit.shoot('21-changed-rate');
});

test('in a text field both are what one types', async () => {
  const step = await visit.step();
  await visit.field('Learning rate').fill('');
  await visit.page.keyboard.type('0.00 1');
  await visit.page.waitForTimeout(500);

  expect(await visit.field('Learning rate').inputValue()).toBe('0.00 1');
  await visit.state('paused');
  expect(await visit.step()).toBe(step);
  await visit.field('Learning rate').fill('3e-3');
});

test('a run whose device is lost goes on by itself from where it was kept', async () => {
  const kept = await visit.step();
  await visit.run('Resume').click();
  await visit.reachStep(kept + 3);
  const started = (await visit.events('started')).length;
  await visit.tellWorker({ type: 'destroy the device' });
  // Steps that were under way may come before that is noticed.
  await visit.hears('started', started + 1);
  await visit.reachStep(kept + 8);

  expect((await visit.events('lost')).map(({ reason }) => reason)).toEqual(['destroyed']);
  expect(await visit.events('failed')).toEqual([]);
  expect(await visit.events('crashed')).toEqual([]);
  // Steps that were made before and after the loss have the same losses, to the bit.
  const { step, trainBpb } = await visit.losses();
  const again = step.lastIndexOf(kept + 1);
  expect(again).toBeGreaterThanOrEqual(kept + 3);
  expect(step.slice(again)).toEqual(step.slice(again).map((_, index) => kept + 1 + index));
  expect(trainBpb.slice(again, 2 * again - kept)).toEqual(trainBpb.slice(kept, again).slice(0, step.length - again));
  // The list of runs appears with the second one: this is still the first.
  expect(await visit.page.locator('.runs > .run').count()).toBe(0);
  expect(await visit.page.getByText(`GPU lost, on from ${kept}`).first().isVisible()).toBe(true);
  await visit.shoot('39-went-on', 'everywhere');
});

test('a device that is lost three times within a minute is said, and a button goes on', async () => {
  for (const time of [2, 3]) {
    const started = (await visit.events('started')).length;
    await visit.tellWorker({ type: 'destroy the device' });
    if (time === 3) break;
    await visit.hears('started', started + 1);
    await visit.state('training');
    await visit.run('Pause').click();
    await visit.state('paused');
    await visit.run('Resume').click();
  }
  await visit.state('lost');
  const notice = visit.page.getByRole('alert').filter({ hasText: 'The GPU was lost' });
  expect(await notice.textContent()).toMatch(/lost three times within a minute.*kept as it was at step \d+, also/);
  await visit.shoot('40-lost', 'everywhere');

  await notice.getByRole('button', { name: /Go on from step \d+/ }).click();
  await visit.state('training');
  await visit.reachStep(3);
  expect(await notice.count()).toBe(0);
  expect(visit.trouble).toEqual([]);
});

test('a loss that is not finite pauses the run and names the last finite step', async () => {
  await visit.run('Reset').click();
  await visit.train.click();
  await visit.reachStep(3);
  // No rate that the form allows leads out of the finite numbers.
  await visit.tellWorker({ type: 'adjust', settings: { learningRate: 1e30, reconWeight: 0.1, arWeight: 0.25 } });
  await visit.state('diverged');
  const [{ step, lastFiniteStep }] = await visit.events('diverged');
  const notice = visit.page.getByRole('alert').filter({ hasText: 'Training diverged' });
  await visit.shoot('41-diverged', 'everywhere');

  expect(lastFiniteStep).toBe(step - 1);
  expect(await notice.getByRole('heading').textContent()).toBe(`Training diverged at step ${step}`);
  expect(await notice.textContent()).toContain(`The last finite step is ${lastFiniteStep}`);
  expect(await visit.step()).toBe(lastFiniteStep);
  const { trainBpb } = await visit.losses();
  expect(trainBpb).toHaveLength(lastFiniteStep);
  expect(trainBpb.every(Number.isFinite)).toBe(true);

  await notice.getByRole('button', { name: 'Use learning rate 1e-3 and train again' }).click();
  await visit.state('training');
  await visit.reachStep(3);
  expect(await visit.field('Learning rate').inputValue()).toBe('1e-3');
  await visit.run('Reset').click();
  await visit.field('Learning rate').fill('3e-3');
  expect(visit.trouble).toEqual([]);
});

test('a diverged run goes back to where it was sound and on with a gentler rate, and its curve shows where', async () => {
  const { page } = visit;
  await visit.train.click();
  await visit.reachStep(32);
  await visit.tellWorker({ type: 'adjust', settings: { learningRate: 1e30, reconWeight: 0.1, arWeight: 0.25 } });
  await visit.state('diverged');
  const { step, rewindStep } = (await visit.events('diverged')).at(-1)!;
  const changed = (await visit.events('adjusted')).at(-1)!;
  await visit.shoot('22-diverged', 'everywhere');
  expect(await page.locator('.bits-panel .mark text').allTextContents()).toEqual(['learning rate 1e30', 'diverged']);
  await page.getByRole('button', { name: `Use learning rate 1e-3 from step ${rewindStep} on` }).click();
  await visit.state('training');
  await page.locator('.bits-panel .mark text', { hasText: `back to ${rewindStep}, learning rate 1e-3` }).waitFor();
  await visit.reachStep(step + 10);
  await visit.run('Pause').click();
  await visit.state('paused');
  await visit.shoot('22-went-back', 'everywhere');
  const { step: steps, trainBpb } = await visit.losses();
  const again = steps.lastIndexOf(rewindStep! + 1);

  expect(rewindStep).toBe(changed.step);
  expect(steps.slice(0, again)).toEqual(Array.from({ length: step - 1 }, (_, index) => index + 1));
  expect(steps.slice(again)).toEqual(steps.slice(again).map((_, index) => rewindStep! + 1 + index));
  // The same batch as the first time, read by the same weights.
  expect(trainBpb[again]).toBe(trainBpb[rewindStep!]);
  expect(trainBpb.every(Number.isFinite)).toBe(true);
  expect(await visit.field('Learning rate').inputValue()).toBe('1e-3');
  expect(visit.trouble).toEqual([]);
  await visit.run('Reset').click();
});

test('a typing error in the learning rate is undone while the run trains on with it', async () => {
  const { page } = visit;
  const rate = visit.field('Learning rate');
  const notice = page.getByRole('alert').filter({ hasText: 'The loss has blown up' });
  await rate.fill('3e-3');
  await visit.train.click();
  await visit.reachStep(25);
  await rate.fill('900');
  await rate.press('Enter');
  await notice.waitFor();
  await rate.fill('3e-3');
  await rate.press('Enter');
  const { blowUp } = (await visit.events('blown-up')).at(-1)!;
  await visit.shoot('23-blown-up', 'everywhere');
  await notice.getByRole('button', { name: `Back to before step ${blowUp!.rewindStep! + 1}`, exact: true }).click();
  await notice.waitFor({ state: 'detached' });
  await visit.reachStep(blowUp!.rewindStep! + 10);
  const { step, trainBpb } = await visit.losses();
  const again = step.lastIndexOf(blowUp!.rewindStep! + 1);

  expect(step[again - 1]).toBeGreaterThan(blowUp!.rewindStep!);
  expect(Math.max(...trainBpb.slice(0, again))).toBeGreaterThan(1000);
  expect(Math.max(...trainBpb.slice(again))).toBeLessThan(9);
  expect(visit.trouble).toEqual([]);
  await visit.run('Reset').click();
});

test('a learning rate far too high shows losses that are far too high, and the charts hold', async () => {
  const wild = await openPage(browser, { query: '?p=micro&lr=1000&wu=0&cl=0&st=30' });
  await wild.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await wild.train.click();
  await wild.state('done');
  await wild.shoot('43-rate-too-high');
  const { trainBpb } = await wild.losses();

  expect(Math.max(...trainBpb)).toBeGreaterThan(1e6);
  expect(await wild.page.locator('.chart svg path[d*="NaN"]').count()).toBe(0);
  expect(wild.trouble).toEqual([]);
  await wild.close();
});

test('a run that is through says so, and can be had again', async () => {
  const short = await openPage(browser, { query: '?p=micro&st=6' });
  await short.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await short.train.click();
  await short.state('done');

  expect(await short.step()).toBe(6);
  expect((await short.events('validation')).map(({ step }) => step)).toEqual([5, 6]);
  expect(await short.run('Step').isDisabled()).toBe(true);
  await short.shoot('42-done');
  await short.run('Train again').click();
  await short.state('compiling', 'training');
  await short.state('done');
  expect((await short.losses()).step).toEqual([1, 2, 3, 4, 5, 6]);
  expect(short.trouble).toEqual([]);
  await short.close();
});
