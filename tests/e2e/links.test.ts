import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeQuery } from '../../src/config/codec/decode.ts';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** Every value of the form, by the name of its setting. */
async function formValues(visit: Visit): Promise<Record<string, string>> {
  const values = await visit.page
    .getByRole('complementary', { name: 'Configure' })
    .locator('input, select')
    .evaluateAll((elements) =>
      (elements as HTMLInputElement[]).map((element, index): [string, string] => {
        const name = element.id || `${element.name} ${element.value} ${index}`;
        return [name, ['radio', 'checkbox'].includes(element.type) ? String(element.checked) : element.value];
      }),
    );
  return Object.fromEntries(values);
}

const HOSTILE = [
  '?b=-5',
  '?l=1e9&n=1e9',
  '?lr=NaN&wu=Infinity',
  '?h=_-_',
  '?__proto__.x=1&constructor=2&__proto__=3',
  `?p=micro&b=${'9'.repeat(8000)}`,
  '?p=%E0%A4&b=%00&st=%0A',
  '?v=99&p=micro&zz=1',
  '?visualization.script=alert(1)&p=<img src=x onerror=alert(1)>',
  `?p=micro&h=${'1-d64_'.repeat(2000)}`,
  '?p=micro&n=0&l=0&b=0',
  '?p=micro&b=1.5&n=3e2&l=0x10',
  '?p=micro&lr=-1e-3&wu=-1&cl=-0.5',
  '?p=micro&sd=99999999999999999999&st=1e9',
  '?p=micro&toString=1&hasOwnProperty=1&valueOf=0',
  '?p=micro&p=quick&b=2&b=-2',
  '?p=%3Cscript%3Ealert(1)%3C/script%3E&ui=javascript:alert(1)',
  '?ds=https://example.com/enwik8&p=micro',
  '?p=micro&h=1-d-w-n_4-dNaN&ua=2&ma=yes',
  '?p=micro&h=1-s8_1_4-s3-e7-w9999999999&ph=64',
];

test('no hostile link breaks the page or starts anything, and a banner says what was not used', async () => {
  const visit = await openPage(browser);
  const dialogs: string[] = [];
  visit.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  for (const [index, query] of HOSTILE.entries()) {
    await visit.page.goto('about:blank');
    await visit.page.goto(new URL(query, visit.home).href);
    await visit.state('software');
    const asked = new URL(visit.page.url()).search;
    const { problems, ignored } = decodeQuery(new URL(query, visit.home).search.slice(1));
    const banner = visit.page.getByRole('note', { name: /this link/i });
    const lines = await banner.getByRole('listitem').allTextContents();
    const text = (await banner.textContent()) ?? '';

    expect(lines, asked).toEqual(problems.map(({ message }) => message.replaceAll('`', '')));
    expect(problems.length + ignored.length, asked).toBeGreaterThan(0);
    for (const key of ignored) expect(text).toContain(key);
    await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
    expect(await visit.page.evaluate(() => 'x' in {}), asked).toBe(false);
    expect(await visit.page.evaluate(() => document.querySelectorAll('script, img').length), asked).toBe(1);
    expect(await visit.step(), asked).toBe(0);
    if (index === HOSTILE.length - 1) await visit.shoot('20-hostile-link', 'everywhere');
  }
  expect(dialogs).toEqual([]);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('Back and Forward bring back the whole form of each preset', async () => {
  const visit = await openPage(browser);
  await visit.state('software');
  const { page } = visit;
  const preset = page.getByRole('combobox', { name: 'Preset' });
  const forms: Record<string, Record<string, string>> = { micro: await formValues(visit) };
  for (const name of ['two', 'flat', 'readme3']) {
    await preset.selectOption(name);
    forms[name] = await formValues(visit);
  }
  const arrives = async (name: string): Promise<void> => {
    await page.waitForURL((url) => (url.searchParams.get('p') ?? 'quick') === name);
    await expect.poll(() => preset.inputValue(), { timeout: 30_000 }).toBe(name);
    expect(await formValues(visit)).toEqual(forms[name]);
  };

  for (const name of ['flat', 'two', 'micro']) {
    await page.goBack();
    await arrives(name);
  }
  for (const name of ['two', 'flat', 'readme3']) {
    await page.goForward();
    await arrives(name);
  }
  expect(new Set(Object.values(forms).map((form) => JSON.stringify(form))).size).toBe(4);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('an edited form is in the link, which gives the same form to somebody else', async () => {
  const visit = await openPage(browser);
  await visit.state('software');
  const { page } = visit;
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await visit.field('Width', 2).fill('24');
  await visit.field('Number', 2).check();
  await visit.field('Window in tokens', 2).fill('6');
  await visit.field('Stride', 4).fill('2');
  await visit.field('Feed-forward multiple', 1).fill('1.5');
  await visit.field('Batch').fill('3');
  await visit.field('Learning rate').fill('5e-4');
  await page.waitForURL((url) => url.searchParams.get('lr') !== null);
  const link = page.url();
  const form = await formValues(visit);
  const other = await openPage(browser, { query: new URL(link).search });
  await other.state('software');

  expect(link.length).toBeLessThan(300);
  expect(link).not.toContain('%');
  expect(await formValues(other)).toEqual(form);
  expect(new URL(other.page.url()).search).toBe(new URL(link).search);
  expect(await other.page.getByRole('note', { name: /this link/i }).count()).toBe(0);
  await other.shoot('21-shared-form');
  expect([...visit.trouble, ...other.trouble]).toEqual([]);
  await Promise.all([visit.close(), other.close()]);
});

test('a field that runs through two hundred values is written into the address a few times, not two hundred', async () => {
  const visit = await openPage(browser, {
    query: '?p=micro',
    prepare: (page) =>
      page.addInitScript(() => {
        const writes: string[] = [];
        for (const name of ['pushState', 'replaceState'] as const) {
          const native = history[name].bind(history);
          history[name] = (...given) => {
            writes.push(name);
            native(...given);
          };
        }
        Object.assign(globalThis, { writes });
      }),
  });
  await visit.state('software');
  const { page } = visit;
  const writes = (): Promise<string[]> =>
    page.evaluate(() => [...(globalThis as unknown as { writes: string[] }).writes]);
  const before = (await writes()).length;
  await visit.field('Seed').focus();
  // As fast as a slider that is dragged: all in the page, without waiting for the driver in between.
  await visit.field('Seed').evaluate(async (field: HTMLInputElement) => {
    for (let press = 0; press < 200; press++) {
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true, cancelable: true }));
      await new Promise(requestAnimationFrame);
    }
  });
  expect(await visit.field('Seed').inputValue()).toBe('200');
  await page.waitForURL((url) => url.searchParams.get('sd') === '200');

  expect((await writes()).length - before).toBeLessThanOrEqual(3);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});
