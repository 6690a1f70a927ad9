import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';

// One visit; before each test the form is put back to a preset.
let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser);
  await visit.state('software');
});

afterAll(() => browser?.close());

beforeEach(async () => {
  const preset = visit.page.getByRole('combobox', { name: 'Preset' });
  await preset.selectOption('flat');
  await preset.selectOption('micro');
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
});

/** The message under a field. */
async function messageAt(field: Locator): Promise<Locator> {
  const id = await field.getAttribute('aria-describedby');
  return visit.page.locator(`[id="${id}"]`);
}

/** An error stands at the field, Train is disabled and says why, and the fix of that name makes the form sound. */
async function expectBlocked(at: Locator, message: string | RegExp, fix: string): Promise<void> {
  const shown = await messageAt(at);
  expect(await shown.textContent()).toMatch(message);
  expect(await visit.train.isDisabled()).toBe(true);
  expect(await visit.page.locator('#start-blocker').textContent()).toMatch(/needs? attention before training/);
  await shown.getByRole('button', { name: fix, exact: true }).click();
  expect(await visit.train.isEnabled()).toBe(true);
  expect(await visit.page.locator('#start-blocker').count()).toBe(0);
}

const factors = (card: number): Locator =>
  visit.page
    .getByRole('group', { name: /× hierarchy$/ })
    .nth(card)
    .getByRole('radiogroup', { name: 'Factor' });

test('two hierarchies of one factor', async () => {
  await factors(0).getByRole('radio', { name: '4×', exact: true }).check();
  await visit.shoot('30-two-of-one-factor', 'everywhere');

  await expectBlocked(factors(1), /Two hierarchies use 4×\./, 'Make it 8×');
});

test('a stride larger than its factor', async () => {
  await visit.field('Stride', 4).fill('8');

  await expectBlocked(visit.field('Stride', 4), 'Stride 8 is larger than factor 4.', 'Use 4');
});

test('a stride on the hierarchy that predicts', async () => {
  await visit.field('Stride', 1).fill('2');

  await expectBlocked(visit.field('Stride', 1), 'The 1× hierarchy predicts, so it must keep stride 1.', 'Set 1');
});

test('an odd head width', async () => {
  await visit.field('Head width', 4).fill('33');

  await expectBlocked(visit.field('Head width', 4), 'Head width must be even.', 'Use 32');
});

test('text that is no number stays in the field and blocks until it is one', async () => {
  await visit.field('Batch').fill('many');

  expect(await visit.field('Batch').getAttribute('aria-invalid')).toBe('true');
  expect(await (await messageAt(visit.field('Batch'))).textContent()).toMatch(/^Batch needs /);
  expect(await visit.train.isDisabled()).toBe(true);
  await visit.field('Batch').fill('5');
  expect(await visit.field('Batch').getAttribute('aria-invalid')).toBeNull();
  expect(await visit.train.isEnabled()).toBe(true);
});

test('a decimal can be typed key by key', async () => {
  const rate = visit.field('Learning rate');
  await rate.fill('');
  await rate.pressSequentially('0.0050');
  expect(await rate.inputValue()).toBe('0.0050');
  await visit.field('Feed-forward multiple', 4).fill('');
  await visit.field('Feed-forward multiple', 4).pressSequentially('1.50');
  await visit.field('Batch').focus();

  expect(await rate.inputValue()).toBe('5e-3');
  expect(await visit.field('Feed-forward multiple', 4).inputValue()).toBe('1.5');
  await visit.page.waitForURL(({ searchParams }) => searchParams.get('h') === '1_4-f1.5');
  expect(new URL(visit.page.url()).searchParams.get('lr')).toBe('5e-3');
});

test('a window wider than the context is worth a notice and blocks nothing', async () => {
  await visit.field('Window in tokens', 1).fill('64');
  const shown = await messageAt(visit.field('Window in tokens', 1));

  expect(await shown.textContent()).toMatch('Window 64 covers all 32 positions – same as Full.');
  expect(await visit.train.isEnabled()).toBe(true);
  await shown.getByRole('button', { name: 'Use Full' }).click();
  expect(await visit.field('Full', 1).isChecked()).toBe(true);
});

test('a window can be typed from a zero on, which is off until more follows', async () => {
  const { page } = visit;
  const window = visit.field('Window in tokens', 1);
  await window.fill('');
  await window.pressSequentially('08');
  expect(await window.inputValue()).toBe('08');
  await page.waitForURL(({ searchParams }) => searchParams.get('h') === '1-w8_4');

  await window.fill('0');
  expect(await visit.field('Off', 1).isChecked()).toBe(true);
  await visit.field('Batch').focus();
  expect(await window.count()).toBe(0);
  for (const other of ['Number', 'Full', 'Number']) await visit.field(other, 1).check();
  expect(await window.inputValue()).toBe('8');

  // A number that was undone is not the last one.
  const row = page
    .getByRole('group', { name: '1× hierarchy' })
    .locator('.row')
    .filter({ has: page.getByLabel('Window in tokens') });
  await row.getByRole('button', { name: 'Back to 16' }).click();
  for (const other of ['Off', 'Number']) await visit.field(other, 1).check();
  expect(await window.inputValue()).toBe('16');
});

test('a setting can be the same for all hierarchies', async () => {
  const card = visit.page.getByRole('group', { name: '4× hierarchy' });
  const row = card.locator('.row').filter({ has: visit.page.getByText('Heads', { exact: true }) });
  await row.getByRole('button', { name: 'Help' }).click();
  await row.getByLabel('Same for all hierarchies').check();
  await visit.field('Heads', 1).fill('2');
  expect(await visit.field('Heads', 4).inputValue()).toBe('2');
  await visit.shoot('32-same-for-all', 'everywhere');
  await row.getByLabel('Same for all hierarchies').uncheck();
  await visit.field('Heads', 1).fill('3');

  expect(await visit.field('Heads', 4).inputValue()).toBe('2');
});

test('more memory than the adapter binds names the tensor and the limit', async () => {
  await visit.page.getByRole('combobox', { name: 'Preset' }).selectOption('two');
  await visit.field('Batch').fill('4096');
  const shown = await messageAt(visit.field('Batch'));
  const text = await shown.textContent();
  await visit.shoot('31-too-much-memory');

  expect(text).toMatch(/^The largest tensor, .+, takes [\d.]+ MiB; this adapter binds at most [\d.]+ MiB\./);
  expect(await shown.getByRole('button').allTextContents()).toEqual([
    expect.stringMatching(/^Use batch \d+$/),
    expect.stringMatching(/^Use context \d+$/),
  ]);
  await expectBlocked(visit.field('Batch'), /largest tensor/, await shown.getByRole('button').first().innerText());
});

test('the way from Train to the setting that blocks it is one press', async () => {
  const goThere = () => visit.page.locator('#start-blocker').getByRole('button').click();
  const hasFocus = (field: Locator) => field.evaluate((element) => element === document.activeElement);
  await visit.field('Stride', 4).fill('3');
  await goThere();
  expect(await hasFocus(visit.field('Stride', 4))).toBe(true);

  await visit.field('Stride', 4).fill('1');
  await factors(0).getByRole('radio', { name: '4×', exact: true }).check();
  await visit.field('Batch').focus();
  await goThere();
  expect(await hasFocus(factors(1).getByRole('radio', { name: '4×', exact: true }))).toBe(true);
});

test('the cost is that of the engine: parameters are exact for every preset', async () => {
  const cost = visit.page.getByRole('region', { name: 'Cost of this configuration' });
  const parameters = { micro: '35,968', quick: '611,968', two: '1,348,320', flat: '381,888', readme4: '223,393,792' };
  for (const [name, count] of Object.entries(parameters)) {
    await visit.page.getByRole('combobox', { name: 'Preset' }).selectOption(name);
    expect(await cost.locator('dd').first().textContent(), name).toBe(count);
  }
  expect(visit.trouble).toEqual([]);
});
