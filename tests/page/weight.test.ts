import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Response } from 'playwright-core';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from './support/open-page.ts';

test('the page is usable after at most 260 kB of scripts, gzipped, and those of other tabs wait', async () => {
  const browser = await launchChromium();
  const scripts: Promise<{ url: string; size: number }>[] = [];
  const weigh = async (response: Response) => ({
    url: response.url(),
    size: gzipSync(await response.body(), { level: 9 }).length,
  });
  const visit = await openPage(browser, {
    prepare: async (page) =>
      page.on('response', (response) => {
        const isScript = response.request().resourceType() === 'script';
        if (isScript && !response.url().includes('/worker-')) scripts.push(weigh(response));
      }),
  });
  await visit.train.waitFor();
  const loaded = await Promise.all(scripts);
  expect(loaded.length).toBeGreaterThan(1);
  expect(loaded.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(260_000);
  expect(loaded.filter(({ url }) => /Tab-/.test(url))).toEqual([]);
  await browser.close();
});
