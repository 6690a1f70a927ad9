import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeQuery } from '../../src/config/codec/decode.ts';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';

const CLIPBOARD = { context: { permissions: ['clipboard-read', 'clipboard-write'] } };

let browser: Browser;
let link: string;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

const share = ({ page }: Visit): Locator => page.getByRole('region', { name: 'Share this comparison' });
const sent = ({ page }: Visit): Locator => page.getByRole('region', { name: 'The comparison of this link' });
const copied = ({ page }: Visit): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
/** Text of the rows of the link's comparison. */
const rows = (visit: Visit): Promise<string[]> => sent(visit).locator('.sent-run').allTextContents();
const columns = ({ page }: Visit): Promise<string[]> =>
  page.getByRole('region', { name: 'Settings and results' }).locator('thead th').allTextContents();
const drawn = ({ page }: Visit): Promise<string[]> =>
  page.locator('.compare-chart .readout li span:first-of-type').allTextContents();

test('one link holds both runs that were trained, with the name that one was given, and their curves', async () => {
  const visit = await openPage(browser, { query: '?p=micro&st=12', ...CLIPBOARD });
  const { page } = visit;
  await visit.train.click();
  await visit.state('done');
  await visit.field('Learning rate').fill('2e-3');
  await page.keyboard.press('Tab');
  await visit.run('Train again').click();
  await visit.hears('done', 2);
  await visit.state('done');
  await page.getByRole('tab', { name: 'Compare' }).click();
  await page.locator('.run').first().getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: /^New name of/ }).fill('fäst, 10 %');
  await page.keyboard.press('Enter');

  await share(visit).getByRole('button', { name: 'Copy link' }).hover();
  await share(visit).getByText('QR code, to open').click();
  await share(visit).getByRole('img', { name: 'QR code' }).or(share(visit).getByText('too many')).first().waitFor();
  await visit.shoot('70-share-comparison');
  await share(visit).getByRole('button', { name: 'Copy link' }).click();
  await share(visit).getByRole('button', { name: 'Copied' }).waitFor();
  link = await copied(visit);
  expect(link).toMatch(
    /\?v=1&p=micro&st=12&lr=2e-3&nm=f\.e4\.st\.2c\._10_\.25\.&r=[\w-]{40,}&vs=p:micro,st:12,r:[\w-]{40,}#cmp$/,
  );
  await share(visit).getByRole('checkbox', { name: 'Include curves' }).uncheck();
  await share(visit).getByRole('button', { name: 'Copy link' }).click();
  await expect
    .poll(() => copied(visit))
    .toBe(`${visit.home}?v=1&p=micro&st=12&lr=2e-3&nm=f.e4.st.2c._10_.25.&vs=p:micro,st:12#cmp`);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('who opens it sees both curves, and trains both with one press', async () => {
  const { search, hash } = new URL(link);
  const visit = await openPage(browser, { query: search + hash });
  const { page } = visit;
  await visit.state('software');
  await sent(visit).waitFor();

  expect(page.url()).toBe(link);
  expect(await page.getByRole('note', { name: /this link/i }).count()).toBe(0);
  expect(await visit.field('Learning rate').inputValue()).toBe('2e-3');
  const second = /\w+ \w+(?= from the link$)/.exec((await columns(visit))[1])![0];
  expect((await columns(visit)).map((text) => text.trim())).toEqual([
    'Setting or result',
    `${second} from the link`,
    'fäst, 10 % from the link',
  ]);
  expect(await drawn(visit)).toEqual(['fäst, 10 % from the link', `${second} from the link`]);
  expect(await page.locator('.compare-chart path.curve:not([d=""])').count()).toBe(2);
  expect(await rows(visit)).toEqual([
    expect.stringMatching(
      /^fäst, 10 %Micro: steps 300→12, learning rate 3e-3→2e-3not trained here yetfrom the link [\d.]+here –/,
    ),
    expect.stringMatching(new RegExp(`^${second}Micro: steps 300→12not trained here yetfrom the link [\\d.]+here –`)),
  ]);
  expect([await visit.step(), await visit.events('started')]).toEqual([0, []]);
  await visit.shoot('71-comparison-from-link');

  await sent(visit)
    .getByRole('button', { name: /^Train both here/ })
    .click();
  await visit.hears('scored', 2);
  await visit.state('done');
  await sent(visit).getByText('All of them are trained here').waitFor();
  // The same settings and seeds on the same adapter: what comes out is what was sent.
  for (const row of await rows(visit)) {
    const [, from, here] = /from the link ([\d.]+)here ([\d.]+)/.exec(row)!;
    expect(Number(here)).toBeCloseTo(Number(from), 1);
  }
  expect((await columns(visit)).slice(1).map((text) => text.trim())).toEqual([
    `${second} from the link`,
    'fäst, 10 % from the link',
    'fäst, 10 %',
    second,
  ]);
  expect(await page.locator('.compare-chart path.curve:not([d=""])').count()).toBeGreaterThanOrEqual(4);
  const scores = await page
    .getByRole('row', { name: /^Test part/ })
    .locator('td')
    .allTextContents();
  expect(scores.map((score) => score.includes('±'))).toEqual([false, false, true, true]);
  expect(page.url()).toBe(link);
  await visit.shoot('72-comparison-trained-here', 'everywhere');

  // An edit makes it an address of its own; what was compared stays, and Back is the link again.
  await visit.field('Batch').fill('2');
  await page.waitForURL(({ search: query }) => query === '?v=1&p=micro&b=2&st=12&lr=2e-3');
  expect(await rows(visit)).toHaveLength(2);
  await page.goBack();
  await page.waitForURL(link);
  expect(await rows(visit)).toHaveLength(2);
  expect(await page.locator('.run:not(.sent-run)').count()).toBe(4);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('what of a comparison cannot be used is said, and the rest can be trained', async () => {
  const visit = await openPage(browser, {
    query:
      '?p=micro&st=12&vs=p:micro,b:-5,nm:wrong&vs=p:micro,st:12,l:2,zz:1,nm:%3Cimg%3E&vs=p:micro,n:65536,b:4096&vs=%00&vs=p:micro,st:12,r:AAAA#cmp',
    ...CLIPBOARD,
  });
  const { page } = visit;
  await visit.state('software');
  const banner = page.getByRole('note', { name: /this link/i });
  await expect
    .poll(() => banner.getByRole('listitem').allTextContents())
    .toEqual([
      'Run 2: b:-5 is not allowed (needs a whole number, 1 to 4,096); it is neither drawn nor trained',
      '<img> is no name of run 3; it is called by its settings',
      'vs=\u0000 is no run; it is left out',
      'r:AAAA of run 6 cannot be unpacked; the curve of the sender is left out',
    ]);
  expect(await banner.textContent()).toContain('Ignored: vs:zz');
  // Compare is loaded when it is opened.
  await expect.poll(() => rows(visit)).toHaveLength(5);
  const texts = await rows(visit);
  expect(texts[1]).toContain('Cannot be trained here: b:-5 is not allowed');
  expect(texts[3]).toMatch(/Cannot be trained here: .*MiB/);
  await sent(visit)
    .getByRole('button', { name: /^Train 3 of 5 here/ })
    .waitFor();
  await visit.shoot('73-comparison-with-mistakes');

  await banner.getByRole('button', { name: 'Copy corrected link' }).click();
  const corrected = await copied(visit);
  expect(corrected).toMatch(/\?v=1&p=micro&st=12&vs=p:micro,nm:wrong&vs=p:micro,l:2,st:12&vs=.*&vs=p:micro,st:12#cmp$/);
  const { problems, ignored, versus = [] } = decodeQuery(new URL(corrected).search);
  expect([problems, ignored, versus.length]).toEqual([[], [], 4]);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a part of another page shows the first run of a comparison', async () => {
  const visit = await openPage(browser, { query: '?ui=embed&p=micro&st=12&vs=p:micro,st:12,l:2#cmp' });
  await visit.state('software');
  expect(await sent(visit).count()).toBe(0);
  expect(await visit.page.locator('.embed').textContent()).toContain('Micro');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});
