import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import { lessonIn, lessonOfAnotherSite } from './support/lesson.ts';
import type { Lesson } from './support/lesson.ts';

let browser: Browser;

/** Of a visitor who has a run of their own. */
let tab: Page;

beforeAll(async () => {
  browser = await launchChromium();
  const own = await openPage(browser, { query: '?p=micro&st=7' });
  await own.train.click();
  await own.state('done');
  tab = own.page;
});

afterAll(() => browser?.close());

interface Kept {
  runs: number[];
  local: Record<string, string>;
  session: Record<string, string>;
  locks: number;
}

/** Runs in the page: all that it and its frames have kept, and hold, of what a visitor has. */
async function kept(): Promise<Kept> {
  const runs = await new Promise<number[]>((resolve) => {
    const opening = indexedDB.open('strata');
    opening.addEventListener('success', () => {
      const { result } = opening;
      const done = (steps: number[]): void => {
        result.close();
        resolve(steps);
      };
      if (!result.objectStoreNames.contains('runs')) return done([]);
      const getting = result.transaction('runs').objectStore('runs').getAll() as IDBRequest<{ step: number }[]>;
      getting.addEventListener('success', () => done(getting.result.map(({ step }) => step)));
    });
  });
  const { held = [] } = await navigator.locks.query();
  const all = (storage: Storage): Record<string, string> => Object.fromEntries(Object.entries(storage));
  return { runs, local: all(localStorage), session: all(sessionStorage), locks: held.length };
}

const progress = (lesson: Lesson, at: number): Promise<string | null> =>
  lesson
    .frame(at)
    .getByText(/^Step [\d,]+ \/ [\d,]+$/)
    .textContent();
const legend = (lesson: Lesson, at: number): Promise<string[]> =>
  lesson.frame(at).locator('.readout li > span:first-of-type').allTextContents();

test('two frames of one lesson train beside each other, and neither sees or keeps anything', async () => {
  const page = tab;
  await expect.poll(async () => (await page.evaluate(kept)).runs, { timeout: 20_000 }).toEqual([7]);
  await page.evaluate(() => {
    localStorage.setItem('theme', 'dark');
    const waiting = { query: 'v=1&p=micro&st=3', text: { name: 'Moby Dick', sha256: null } };
    sessionStorage.setItem('queue', JSON.stringify([waiting]));
  });
  const lesson = await lessonIn(page, { queries: ['?p=micro&st=12&ui=embed', '?p=micro&b=2&st=5&ui=embed'] });
  await Promise.all([lesson.ready(0), lesson.ready(1)]);
  const before = await page.evaluate(kept);
  expect(before).toMatchObject({ runs: [7], local: { theme: 'dark' }, locks: 0 });
  expect(Object.keys(before.session)).toEqual(['queue']);
  for (const at of [0, 1]) {
    const root = lesson.frame(at).locator('html');
    expect(await root.getAttribute('data-theme')).toBe('auto');
    expect(await lesson.frame(at).getByRole('note').count()).toBe(0);
    expect(await progress(lesson, at)).toMatch(/^Step 0 /);
    expect(await lesson.frame(at).locator('.waiting-runs').count()).toBe(0);
  }

  await lesson.run(0, 'Train').click();
  await lesson.run(1, 'Train').click();
  // The first copy of a run comes as it ends.
  await lesson.state(1, 'done');
  expect(await progress(lesson, 1)).toBe('Step 5 / 5');
  await lesson.state(0, 'done');
  expect(await progress(lesson, 0)).toBe('Step 12 / 12');
  for (const at of [0, 1]) {
    expect(await legend(lesson, at)).toEqual(['train', 'validation']);
    expect(await lesson.frame(at).getByRole('note').count()).toBe(0);
  }
  await lesson.run(0, 'Reset').click();
  await lesson.state(0, 'software');
  expect(await lesson.frame(0).getByRole('note').count()).toBe(0);
  expect(await page.evaluate(kept)).toEqual(before);
  await page.screenshot({ path: 'shots/96-lesson.png' });

  await page.reload();
  await Promise.all([lesson.ready(0), lesson.ready(1)]);
  expect([await progress(lesson, 0), await progress(lesson, 1)]).toEqual(['Step 0 / 12', 'Step 0 / 5']);
  expect(await lesson.frame(0).getByRole('note').count()).toBe(0);
  expect(lesson.requests.filter((path) => path.endsWith('recording.json'))).toEqual([]);
  expect(lesson.errors).toEqual([]);
});

test.for([
  ['plain', ''],
  ['in a sandbox', 'sandbox="allow-scripts allow-same-origin"'],
])('a frame of another site trains without being allowed anything, %s', async ([, attributes]) => {
  const lesson = await lessonOfAnotherSite(browser, { queries: ['?p=micro&st=9&ui=embed'], attributes });
  expect(new URL(lesson.page.url()).hostname).not.toBe(new URL(inject('pageUrl')).hostname);
  await lesson.ready(0);
  await lesson.run(0, 'Train').click();
  await lesson.state(0, 'done');
  expect(await progress(lesson, 0)).toBe('Step 9 / 9');
  expect(lesson.errors).toEqual([]);
  await lesson.close();
});
