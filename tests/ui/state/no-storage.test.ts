import { expect, test } from 'vitest';
import { noRunStorage, noStorage } from '../../../src/ui/state/no-storage.ts';
import { readQueue } from '../../../src/ui/state/queue-storage.ts';
import { createThemeStore } from '../../../src/ui/state/theme.ts';
import { openPage } from '../support/storing-page.ts';

test('a page without storage offers no run, and its own goes on but is kept nowhere, which its state says', async () => {
  const page = openPage(noRunStorage);
  await page.storedRuns.open();
  expect(page.run.getState()).toMatchObject({ earlier: [], unkept: null });
  await page.keep(20);
  await page.keep(40);
  expect(page.run.getState().unkept).toEqual({ why: 'storage', message: 'An embedded page keeps nothing.' });
  await page.reset();
  expect(page.run.getState()).toMatchObject({ earlier: [], untaken: null });
});

test('a page without storage has no queue and the theme of the system', () => {
  expect(readQueue(noStorage)).toEqual([]);
  const applied: string[] = [];
  createThemeStore(noStorage, (theme) => applied.push(theme));
  expect(applied).toEqual(['auto']);
});
