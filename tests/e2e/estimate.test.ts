import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeQuery } from '../../src/config/codec/decode.ts';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { aboutTime } from '../../src/ui/format/about-time.ts';
import { estimatedRunSeconds } from '../../src/ui/state/step-seconds.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const costs = ({ page }: Visit): Locator => page.getByRole('region', { name: 'Cost of this configuration' });
/** What the page must say of a link, by the speed that the worker has measured. */
async function expected(visit: Visit, query: string): Promise<string> {
  const [{ speed }] = await visit.events('calibration');
  const { config } = decodeQuery(query);
  return aboutTime(estimatedRunSeconds(config, speed, null)!);
}

test('the adapter is measured once, and the page says about how long the steps of the form take', async () => {
  const visit = await openPage(browser, { query: '?p=quick' });
  const { page } = visit;
  await visit.state('software');
  const here = page
    .getByRole('region', { name: 'Recorded run' })
    .getByRole('button', { name: /^Train Quick here \(.+\)$/ });
  await here.waitFor();
  const quick = await expected(visit, 'p=quick');

  expect(await here.textContent()).toBe(`Train Quick here (${quick} after compiling)`);
  expect(
    await costs(visit)
      .locator('div', { hasText: /^600 steps/ })
      .textContent(),
  ).toBe(`600 steps${quick}`);
  expect(await page.locator('.status-strip').textContent()).toContain(`600 steps here ${quick} after compiling`);
  await visit.shoot('65-estimate', 'everywhere');

  await visit.field('Batch').fill('1');
  await visit.field('Steps').fill('10');
  const edited = await expected(visit, 'p=quick&b=1&st=10');
  expect(edited).not.toBe(quick);
  expect(
    await costs(visit)
      .locator('div', { hasText: /^10 steps/ })
      .textContent(),
  ).toBe(`10 steps${edited}`);
  expect(await visit.events('calibration')).toHaveLength(1);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a run that begins at once is not measured over, and its own rate gives the estimate', async () => {
  const visit = await openPage(browser, { query: '?p=micro&st=12' });
  await visit.train.click();
  await visit.state('done');

  expect((await visit.events('calibration')).length).toBeLessThanOrEqual(1);
  expect(
    await costs(visit)
      .locator('div', { hasText: /^12 steps/ })
      .textContent(),
  ).toMatch(/^12 steps(under 1 s|about \d+ s)$/);
  await costs(visit).locator('summary').click();
  expect(await costs(visit).textContent()).toContain('The time is an estimate');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});
