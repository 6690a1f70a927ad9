import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { type Handler, serve, startFileServer } from '../data/file-server.ts';
import { alterWorker } from './support/alter-worker.ts';

/** Has a worker ask another server for enwik8. */
const fetchFrom = (url: string): string => `
  const { fetch: fetchAnything } = globalThis;
  globalThis.fetch = (asked, init) =>
    fetchAnything(String(asked).startsWith('https://raw.githubusercontent.com/') ? '${url}' : asked, init);
`;

const SOME_TEXT = Buffer.from('It is a way I have of driving off the spleen. '.repeat(40));

let browser: Browser;
let visit: Visit;

beforeAll(async () => {
  // A page whose worker was altered counts as one of the internet, which may not ask for files of this machine.
  browser = await launchChromium({ args: ['--disable-features=LocalNetworkAccessChecks'] });
  visit = await openPage(browser);
  await loaded(visit, 'Moby Dick');
});

afterAll(() => browser?.close());

/** Bits per byte of a model that knows only how often each byte occurs. */
function order0(text: Buffer): number {
  const counts = new Map<number, number>();
  for (const byte of text) counts.set(byte, (counts.get(byte) ?? 0) + 1);
  return [...counts.values()].reduce((bits, n) => bits - (n / text.length) * Math.log2(n / text.length), 0);
}

const panel = ({ page }: Visit): Locator => page.getByRole('region', { name: 'Text', exact: true });
const source = (on: Visit, name: string): Locator => panel(on).getByRole('button', { name: new RegExp(`^${name}`) });

async function choose(name: string, buffer: Buffer): Promise<void> {
  await panel(visit).getByLabel('Text file').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
}

/** A text of that name is there and can be trained on. */
async function loaded(on: Visit, name: string): Promise<void> {
  await panel(on).locator('.panel-head', { hasText: name }).waitFor();
  await on.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
}

/** A run on the present text comes as far as its first step. */
async function expectTrains(on: Visit): Promise<void> {
  await on.run('Step').click();
  await on.reachStep(1);
  await on.state('paused');
  await on.run('Reset').click();
  await on.state('software');
  expect(await on.train.isEnabled()).toBe(true);
}

/** Size, entropy of the bytes alone, and what gzip makes of it, as the page says them. */
const figures = async (): Promise<string[]> => panel(visit).locator('.facts dd').allTextContents();

test('without a network the built-in text is trained on', async () => {
  await visit.partsLoaded();
  await visit.page.context().setOffline(true);
  await expectTrains(visit);
  await visit.page.context().setOffline(false);

  expect(await figures()).toEqual(['1,204,997 bytes', '4.53 bits per byte', '3.22 bits per byte']);
  expect(visit.trouble).toEqual([]);
});

test('a text of one’s own is trained on, and never part of the link', async () => {
  await choose('spleen.txt', SOME_TEXT);
  await loaded(visit, 'spleen.txt');
  await visit.page.waitForURL(({ searchParams }) => searchParams.get('ds') === 'own');

  expect(await panel(visit).textContent()).toContain(`${SOME_TEXT.length.toLocaleString('en-US')} bytes`);
  expect(await source(visit, 'Your text').getAttribute('aria-pressed')).toBe('true');
  expect(visit.page.url()).not.toMatch(/spleen/);
  const [size, alone, packed] = await figures();
  expect(size).toBe(`${SOME_TEXT.length.toLocaleString('en-US')} bytes`);
  expect(parseFloat(alone)).toBeCloseTo(order0(SOME_TEXT), 1);
  expect(parseFloat(packed)).toBeCloseTo((8 * gzipSync(SOME_TEXT).length) / SOME_TEXT.length, 1);
  await expectTrains(visit);
  await visit.shoot('50-own-text');
});

test('a packed text is unpacked', async () => {
  await choose('packed.txt.gz', gzipSync(SOME_TEXT));
  await loaded(visit, 'packed.txt');

  expect((await visit.events('corpus')).at(-1)?.info).toMatchObject({ name: 'packed.txt', bytes: SOME_TEXT.length });
});

test('a text can be dropped anywhere on the page', async () => {
  await visit.page.evaluate((text) => {
    const dataTransfer = new DataTransfer();
    for (const name of ['dropped.txt', 'second.txt']) dataTransfer.items.add(new File([text], name));
    for (const type of ['dragover', 'drop']) {
      document.querySelector('h1')!.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true }));
    }
  }, SOME_TEXT.toString());
  await loaded(visit, 'dropped.txt');

  expect((await visit.events('corpus')).at(-1)?.info).toMatchObject({ name: 'dropped.txt', bytes: SOME_TEXT.length });
  await visit.page.getByText('One file at a time: dropped.txt is opened, the other is not.').waitFor();
});

// As in Safari, which does not say where a drag goes to when it leaves an element.
test('a file that is dragged over the page may be dropped until it leaves the page', async () => {
  const dragged = (type: string, selector: string): Promise<boolean> =>
    visit.page.evaluate(
      ([type, selector]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(['text'], 'dragged.txt'));
        document.querySelector(selector)!.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true }));
        return new Promise((resolve) => {
          requestAnimationFrame(() => resolve(document.querySelector('main[data-dropping]') !== null));
        });
      },
      [type, selector],
    );
  await dragged('dragenter', 'h1');
  expect(await dragged('dragover', 'h1')).toBe(true);
  await dragged('dragenter', 'h2');
  expect(await dragged('dragleave', 'h1')).toBe(true);
  expect(await dragged('dragleave', 'h2')).toBe(false);
});

const REFUSED: [name: string, content: Buffer, message: string | RegExp][] = [
  ['empty.txt', Buffer.alloc(0), 'text "empty.txt": given an empty file, needs some text'],
  ['broken.gz', gzipSync(SOME_TEXT).subarray(0, 60), /^file "broken.gz": the gzip data is damaged, cut short/],
  ['plain.zip', SOME_TEXT, 'file "plain.zip": given no zip data although its name says so'],
];

test.for(REFUSED)('%s is refused, and the text before stays', async ([name, content, message]) => {
  await source(visit, 'Moby Dick').click();
  await loaded(visit, 'Moby Dick');
  await choose(name, content);
  const alert = panel(visit).getByRole('alert');

  expect(await alert.textContent()).toMatch(message);
  await loaded(visit, 'Moby Dick');
  expect(await source(visit, 'Moby Dick').getAttribute('aria-pressed')).toBe('true');
  await panel(visit).scrollIntoViewIfNeeded();
  await visit.shoot(`51-refused-${name}`);
});

test('a text shorter than the context blocks Train and says why', async () => {
  await choose('short.txt', SOME_TEXT.subarray(0, 100));
  await panel(visit).locator('.panel-head', { hasText: 'short.txt' }).waitFor();

  expect(await visit.page.locator('#start-blocker').textContent()).toBe('The text is too short: 100 of 660 bytes.');
  expect(await visit.train.isDisabled()).toBe(true);
  await panel(visit).scrollIntoViewIfNeeded();
  await visit.shoot('52-short-text');
  await source(visit, 'Moby Dick').click();
  await loaded(visit, 'Moby Dick');
  await expectTrains(visit);
  expect(visit.trouble).toEqual([]);
});

test('a download with other content is refused, and the built-in text still trains', async () => {
  const { page } = visit;
  await page.route('https://raw.githubusercontent.com/**', (route) =>
    route.fulfill({ body: gzipSync(Buffer.alloc(95_000_000)), headers: { 'access-control-allow-origin': '*' } }),
  );
  await source(visit, 'enwik8').click();
  const alert = panel(visit).getByRole('alert');

  expect(await alert.textContent()).toMatch(
    /^enwik8: wrong checksum: the first 5,011,805 bytes have sha256 [0-9a-f]{64}/,
  );
  expect(await alert.evaluate((message) => message.scrollWidth - message.clientWidth)).toBe(0);
  expect(visit.foreignRequests).toEqual([
    'https://raw.githubusercontent.com/lucidrains/simple-hierarchical-transformer/main/data/enwik8.gz',
  ]);
  await panel(visit).scrollIntoViewIfNeeded();
  await visit.shoot('53-wrong-checksum');
  await loaded(visit, 'Moby Dick');
  await expectTrains(visit);
});

test('a link to another text downloads nothing by itself', async () => {
  for (const [dataset, message] of [
    ['enwik8', /for enwik8\. Press enwik8 to load it/],
    ['own', /a text that its sender had/],
  ] as const) {
    const linked = await openPage(browser, { query: `?p=micro&ds=${dataset}` });
    await linked.state('software');
    expect(await panel(linked).locator('.message').textContent()).toMatch(message);
    expect(await linked.page.locator('#start-blocker').textContent()).toBe('Choose a text to train on.');
    expect(await linked.train.isDisabled()).toBe(true);
    expect(linked.trouble).toEqual([]);
    await linked.close();
  }
});

test('a download shows how far it is, can be cancelled, and goes on where it was', async () => {
  const server = await startFileServer();
  const file = gzipSync(randomBytes(2_000_000));
  const part = 800_000;
  const readable =
    (handler: Handler): Handler =>
    (request, response) => {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Access-Control-Expose-Headers', 'Content-Range');
      handler(request, response);
    };
  // In pieces, as from a network, and then nothing more.
  const falter: Handler = (_, response) => {
    response.setHeader('Content-Length', file.length);
    const sendFrom = (start: number): void => {
      response.write(file.subarray(start, start + part / 4));
      if (start + part / 4 < part) setTimeout(() => sendFrom(start + part / 4), 200);
    };
    sendFrom(0);
  };
  const silent: Handler = () => {};
  server.answer(silent, readable(falter), readable(serve(file)));
  const other = await openPage(browser, { prepare: (page) => alterWorker(page, fetchFrom(server.url)) });
  try {
    await loaded(other, 'Moby Dick');
    const progress = panel(other).getByRole('progressbar');
    const cancel = panel(other).getByRole('button', { name: 'Cancel' });
    await source(other, 'enwik8').click();
    await panel(other).getByText('Waiting for enwik8').waitFor();
    expect(await progress.getAttribute('value')).toBeNull();
    await cancel.click();
    await loaded(other, 'Moby Dick');

    await source(other, 'enwik8').click();
    await expect
      .poll(async () => Number(await progress.getAttribute('value')), { timeout: 30_000 })
      .toBeGreaterThan(part / 2);
    const label = await panel(other).locator('label[for="download"]').textContent();
    await other.shoot('54-download', 'everywhere');

    expect(await progress.getAttribute('max')).toBe(String(file.length));
    expect(label).toMatch(/^\d{3} kB of 2 MB · [\d.]+ [kM]?B\/s$/);
    expect(await other.train.isDisabled()).toBe(true);
    expect(await other.page.locator('#start-blocker').textContent()).toBe('The text is being loaded.');

    await cancel.click();
    await loaded(other, 'Moby Dick');
    expect(await progress.count()).toBe(0);
    expect(await panel(other).getByRole('alert').count()).toBe(0);

    await source(other, 'enwik8').click();
    const alert = panel(other).getByRole('alert');
    expect(await alert.textContent()).toMatch(/^enwik8: given 2,000,000 bytes of text, needs at least /);
    expect(server.ranges.slice(0, 3)).toEqual([null, null, `bytes=${part}-`]);
    await loaded(other, 'Moby Dick');
    expect(other.errors).toEqual([]);
  } finally {
    await other.close();
    await server.close();
  }
});

test('a download whose connection is cut keeps what it has, and goes on from there by itself', async () => {
  const server = await startFileServer();
  const file = gzipSync(randomBytes(2_000_000));
  const part = Math.round(0.4 * file.length);
  const open: Handler = (request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'Content-Range');
    if (request.headers.range === undefined) {
      response.setHeader('Content-Length', file.length);
      response.write(file.subarray(0, part), () => setTimeout(() => response.destroy(), 1000));
    } else serve(file)(request, response);
  };
  server.answer(open, open, open, open);
  const other = await openPage(browser, { prepare: (page) => alterWorker(page, fetchFrom(server.url)) });
  try {
    await loaded(other, 'Moby Dick');
    await source(other, 'enwik8').click();
    await expect.poll(() => server.ranges.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);

    expect(server.ranges.slice(0, 2)).toEqual([null, `bytes=${part}-`]);
    // All of it came, and is not enwik8.
    expect(await panel(other).getByRole('alert').textContent()).toMatch(/^enwik8: given 2,000,000 bytes of text/);
    await loaded(other, 'Moby Dick');
    await expectTrains(other);
  } finally {
    await other.close();
    await server.close();
  }
});
