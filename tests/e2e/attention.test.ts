import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeQuery } from '../../src/config/codec/decode.ts';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { MAP_MARGIN, plotSize } from '../../src/ui/attention/draw-map.ts';
import { signed } from '../../src/ui/attention/read-out.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { initialParameters, referenceFirstAttention } from '../support/reference/first-attention.ts';
import { AttentionPage } from './support/attention-page.ts';

const QUERY = '?p=micro&h=1-n2-w4_4-n2-wf&l=2&n=32';
const PASSAGE = 'all the ancient Roman empires of';
const { config } = decodeQuery(QUERY.slice(1));
/** A space, and after it the `e` of empires. */
const BYTE = 21;

let browser: Browser;
let visit: Visit;
let attention: AttentionPage;

beforeAll(async () => {
  browser = await launchChromium();
  visit = await openPage(browser, { query: `${QUERY}#attn` });
  attention = new AttentionPage(visit);
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await attention.trainOneStep();
  await attention.read(PASSAGE);
  // A run from the beginning, so that the passage is captured before the first step too.
  await visit.run('Reset').click();
  await visit.state('software');
  await attention.trainOneStep();
});

afterAll(() => browser?.close());

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

test('each hierarchy has a lane with bins as wide as the bytes that its keys stand for', async () => {
  await attention.byte(BYTE).click({ force: true });
  await attention.hash(`l1.h1.k1.q${BYTE}.dist`);
  const [flat, coarse] = [await attention.bins(1), await attention.bins(4)];

  expect(flat.filter(({ seen }) => seen).map(({ to }) => to)).toEqual([21, 20, 19, 18, 17]);
  for (const { from, to, seen, hatched, weight } of flat) {
    expect(from).toBe(to);
    expect(hatched).toBe(!seen);
    expect(Number.isNaN(weight)).toBe(!seen);
  }
  expect(flat).toHaveLength(BYTE + 1);
  expect(coarse.map(({ from, to }) => [from, to])).toEqual([
    [18, 21],
    [14, 17],
    [10, 13],
    [6, 9],
    [2, 5],
    // Its first two bytes would lie before the text.
    [0, 1],
  ]);
  expect(coarse.every(({ seen, hatched }) => seen && !hatched)).toBe(true);
  await visit.shoot('15-attention', 'everywhere');
  expect(visit.trouble).toEqual([]);
});

test('weights of every head add up to 1 over the keys that the mask leaves, and are none elsewhere', async () => {
  const { inspection } = (await visit.events('inspection')).at(-1)!;
  expect(inspection.attention).toHaveLength(4);
  for (const { hierarchy, span, weights } of inspection.attention) {
    const { tokens, heads, dilation, window } = inspection.hierarchies[hierarchy];
    for (let row = 0; row < heads * tokens; row++) {
      const keys = Array.from({ length: span }, (_, i) => weights[row * span + i]);
      const visible = Math.min(Math.floor((row % tokens) / dilation), window ?? Infinity) + 1;
      expect(Math.abs(sum(keys) / 255 - 1)).toBeLessThan(0.01);
      expect(keys.slice(visible).every((weight) => weight === 0)).toBe(true);
    }
  }
});

test.each([
  [1, 0, 0],
  [1, 0, 1],
  [4, 1, 0],
  [4, 1, 1],
])(
  'before training the %i× lane shows what float64 computes (hierarchy %i, head %i)',
  async (factor, hierarchy, head) => {
    const ids = new TextEncoder().encode(PASSAGE);
    const parameters = initialParameters(config.model, config.training.seed);
    const expected = referenceFirstAttention(config.model, hierarchy, parameters, ids)[head][BYTE];
    await attention.goTo(`l1.h${head + 1}.k${hierarchy + 1}.q${BYTE}.dist.s0`);
    await visit.page.getByText(/step 0 1 of/).waitFor();
    const seen = (await attention.bins(factor)).filter((bin) => bin.seen);

    expect(Math.abs(sum(seen.map(({ weight }) => weight)) - 1)).toBeLessThan(0.01);
    for (const { to, weight } of seen) expect(Math.abs(weight - expected[to])).toBeLessThan(2e-3);
    expect(sum(expected)).toBeCloseTo(1, 9);
  },
);

test('the row that one rests on is read out as it was computed; of a step that is past only about', async () => {
  const { page } = visit;
  const readout = page.locator('.stage-panel .bin-readout');
  await attention.goTo(`l1.h1.k2.q${BYTE}.dist`);
  await readout.getByText(/weight \d+\.\d %$/).waitFor();
  const [{ weights }] = (await visit.events('attention-row')).slice(-1);
  const row = Array.from(weights!, Number).slice(0, 8);

  expect(sum(row)).toBeCloseTo(1, 4);
  expect(await readout.textContent()).toContain(`${(100 * Math.max(...row)).toFixed(1)} %`);
  expect(await readout.textContent()).not.toContain('about');
  await page.getByRole('button', { name: 'Show this row as a table' }).click();
  const cells = await page.locator('.row-table tbody td:nth-child(5)').allTextContents();
  expect(cells).toEqual(row.slice(0, 6).map((weight) => `${(100 * weight).toFixed(1)} %`));
  await attention.goTo(`l1.h1.k2.q${BYTE}.dist.s0`);
  await readout.getByText('there is no model at step 0 to ask').waitFor();
  expect(await readout.textContent()).toMatch(/weight about \d/);
  expect(await page.locator('.row-table caption').textContent()).toContain('known to 0.4 %');
  await page.getByRole('button', { name: 'Hide the table' }).click();
});

test('below the passage stands what 4× tokens keep of it, each token under its bytes, with the share at its end', async () => {
  const { page } = visit;
  await attention.goTo(`l1.h1.k2.q${BYTE}.dist`);
  const { text, reconstructions } = (await visit.events('inspection')).at(-1)!.inspection;
  const { firstToken, bytes, likeliest } = reconstructions[1]!;
  const right = Array.from({ length: 32 }, (_, at) => bytes[at] === text[at]);
  const share = `${Math.round((100 * right.filter(Boolean).length) / 32)} %`;

  expect(firstToken).toBe(3);
  expect(await page.locator('.kept-row').count()).toBe(1);
  for (const [token, from, to] of [
    [3, 0, 3],
    [31, 28, 31],
  ]) {
    const box = (await page.locator(`.kept-row [data-token="${token}"]`).boundingBox())!;
    const [first, last] = [(await attention.byte(from).boundingBox())!, (await attention.byte(to).boundingBox())!];
    expect(Math.abs(box.x - first.x)).toBeLessThan(1);
    expect(Math.abs(box.x + box.width + 1 - last.x - last.width)).toBeLessThan(1);
  }
  const wrong = await page
    .locator('.kept-row [data-byte]:has(.kept-wrong)')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-byte')));
  expect(wrong.length).toBeGreaterThan(0);
  expect(wrong.every((byte) => !right[Number(byte)])).toBe(true);
  expect(await page.locator('.kept-share').textContent()).toBe(`4× keeps${share} of the bytes`);
  expect(await page.locator('.kept-note').textContent()).toContain(`4× keeps ${share} of the bytes`);
  expect(await page.locator('.kept-at-query').textContent()).toContain(`${Math.round(100 * likeliest[BYTE])} %`);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Kept bytes as CSV' }).click(),
  ]);
  expect(file.suggestedFilename()).toBe('kept-bytes-step1.csv');
});

test('the merge shows how much each hierarchy puts in, beside what it is worth', async () => {
  await attention.goTo(`l2.h1.k2.q${BYTE}.dist`);
  const row = visit.page.locator('.merge-row');
  const { inspection } = (await visit.events('inspection')).at(-1)!;
  const [flat, coarse] = Array.from(inspection.mergeShares[1]).slice(2 * BYTE, 2 * BYTE + 2);
  const lost = inspection.bitsWithout[1]![BYTE + 1] - inspection.bits[BYTE + 1];

  expect(flat + coarse).toBeCloseTo(1, 5);
  expect(await row.locator('.merge-bar').textContent()).toBe(
    `1× ${Math.round(100 * flat)} %4× ${Math.round(100 * coarse)} %`,
  );
  expect(await row.locator('.merge-effects').textContent()).toContain(`4× ${signed(lost)}`);
  expect(await visit.page.locator('.causal-note').textContent()).toContain('Nor is a share of the merge an effect');
});

test('the pointer previews, a click locks, Escape releases', async () => {
  const { page } = visit;
  await attention.goTo('l1.h1.k1.dist');
  await attention.byte(9).hover({ force: true });
  await expect.poll(async () => (await attention.place()).query).toBe(9);
  await attention.byte(12).click({ force: true });
  await attention.hash('l1.h1.k1.q12.dist');
  await attention.byte(5).hover({ force: true });
  expect(await attention.place()).toMatchObject({ query: 12, locked: true });
  await page.keyboard.press('Escape');
  await attention.hash('l1.h1.k1.dist');
  await attention.byte(6).hover({ force: true });
  await expect.poll(async () => (await attention.place()).query).toBe(6);
  expect(await attention.place()).toMatchObject({ locked: false });
});

test('what is said under a pointer at rest is of the query and the hierarchy that one is at by then', async () => {
  const { page } = visit;
  const readout = page.locator('.stage-panel .bin-readout');
  await attention.goTo(`l1.h1.k2.q${BYTE}.dist`);
  const byte = (await attention.byte(12).boundingBox())!;
  const lane = (await page.locator('.lane-bars[data-factor="4"]').boundingBox())!;
  const place = [byte.x + byte.width / 2, lane.y + lane.height / 2] as const;
  await page.mouse.move(...place);
  await readout.getByText('token 13 = bytes 10–13').waitFor();
  await page.mouse.click(...place);
  await readout.getByText('token 12 = bytes 9–12').waitFor();
  expect(await readout.textContent()).toContain('ends at the query');

  await attention.goTo('l1.h1.k1.q24.dist');
  await attention.map.scrollIntoViewIfNeeded();
  const map = (await attention.map.boundingBox())!;
  const plot = plotSize(map.width, map.height);
  await page.mouse.move(map.x + MAP_MARGIN.left + plot.width / 2, map.y + MAP_MARGIN.top + 0.76 * plot.height);
  const cell = page.locator('.map-panel .bin-readout');
  await cell.getByText('key byte 22').waitFor();
  await page.keyboard.press('h');
  await cell.getByText('key bytes 5–8').waitFor();
  expect(await cell.textContent()).toContain('16 bytes back');
});

const KEYS: [key: string, detail: string, changes: Record<string, unknown>][] = [
  ['ArrowRight', 'l1.h1.k1.q22.dist', { query: 22 }],
  ['h', 'l1.h1.k2.q22.dist', { hierarchy: 1, laneChosen: '4×' }],
  [']', 'l1.h2.k2.q22.dist', { head: '1', laneHead: 'head 2 of 2' }],
  ['[', 'l1.h1.k2.q22.dist', { head: '0', laneHead: 'head 1 of 2' }],
  ['ArrowUp', 'l2.h1.k2.q22.dist', { layer: 1 }],
  ['ArrowDown', 'l1.h1.k2.q22.dist', { layer: 0 }],
  ['Shift+ArrowLeft', 'l1.h1.k2.q6.dist', { query: 6 }],
  ['ArrowLeft', 'l1.h1.k2.q5.dist', { query: 5 }],
  ['End', 'l1.h1.k2.q31.dist', { query: 31 }],
  ['Home', 'l1.h1.k2.q0.dist', { query: 0 }],
  ['Shift+ArrowRight', 'l1.h1.k2.q16.dist', { query: 16 }],
  ['d', 'l1.h1.k2.q16.abs', { view: 'abs' }],
  ['k', 'l1.h1.k2.q16.abs.nomask', { mask: false }],
  ['a', 'l1.havg.k2.q16.abs.nomask', { head: 'avg', laneHead: 'mean of 2' }],
  ['p', 'l1.havg.k2.q16.abs.nomask.a1', {}],
  ['p', 'l1.havg.k2.q16.abs.nomask', {}],
  ['k', 'l1.havg.k2.q16.abs', { mask: true }],
  ['Escape', 'l1.havg.k2.abs', { locked: false }],
];

test('with the keyboard alone, cursor, lanes, map and address agree after every key', async () => {
  const { page } = visit;
  await attention.goTo(`l1.h1.k1.q${BYTE}.dist`);
  await page.locator('h1').first().click();
  await tabTo('Lanes of all hierarchies');
  const heads: Record<string, string> = {
    0: 'head 1',
    1: 'head 2',
    avg: 'average of the heads',
    max: 'strongest head',
  };
  let expected: Record<string, unknown> = {
    ...(await attention.place()),
    query: BYTE,
    locked: true,
    layer: 0,
    hierarchy: 0,
  };
  for (const [key, detail, changes] of KEYS) {
    await page.keyboard.press(key);
    expected = { ...expected, ...changes };
    const { query, view, layer, hierarchy, head } = expected;
    const title = `${hierarchy === 0 ? 1 : 4}×, layer ${Number(layer) + 1}, ${heads[String(head)]}`;
    const derived = { mapQuery: query, mapView: view, queryLine: String(query) };
    await expect
      .poll(() => attention.place())
      .toMatchObject({ ...expected, ...derived, mapTitle: expect.stringContaining(title) });
    expected = { ...expected, ...derived, mapTitle: expect.stringContaining(title) };
    await attention.hash(detail);
    if (key === 'ArrowDown') await expectSpoken();
  }
  expect(visit.trouble).toEqual([]);

  async function expectSpoken(): Promise<void> {
    const form =
      /^query byte 22, 'e', layer 1, 4 times, head 1, strongest key bytes? [\d–]+, \d+ percent; (keeps|takes) 'e'/;
    await expect.poll(() => attention.status.textContent()).toMatch(form);
    const said = /bytes? (?:\d+–)?(\d+), (\d+) percent;/.exec((await attention.status.textContent())!)!;
    const bins = await attention.bins(4);
    const strongest = bins.reduce((best, bin) => (bin.weight > best.weight ? bin : best));
    expect([Number(said[1]), Number(said[2])]).toEqual([strongest.to, Math.round(100 * strongest.weight)]);
    await visit.shoot('16-keyboard', 'everywhere');
  }
});

/** Presses Tab until something of that name has the focus. */
async function tabTo(name: string): Promise<void> {
  for (let presses = 0; presses < 120; presses++) {
    await visit.page.keyboard.press('Tab');
    const label = await visit.page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    if (label.startsWith(name)) return;
  }
  throw new Error(`tabTo: given "${name}", needs something that Tab reaches`);
}

test('letters that are typed are no keys of the view', async () => {
  const { page } = visit;
  const { hash } = new URL(page.url());
  const find = page.getByRole('searchbox', { name: 'Find a setting' });
  await find.pressSequentially('head k');
  expect(await find.inputValue()).toBe('head k');
  await find.fill('');
  await page.waitForTimeout(400);
  expect(new URL(page.url()).hash).toBe(hash);
});

test('the map of a hierarchy is drawn after that of one without attention', async () => {
  const other = await openPage(browser, { query: '?p=micro&h=1-w0_4#attn' });
  const { page } = other;
  await page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await new AttentionPage(other).trainOneStep();
  await page.locator('p.empty', { hasText: 'The 1× hierarchy has no attention.' }).waitFor();
  await page.locator('.lane-label').nth(1).click();
  await page.waitForFunction(() => {
    const map = document.querySelector<HTMLCanvasElement>('canvas.map');
    const drawn = map?.getContext('2d')?.getImageData(0, 0, map.width, map.height).data;
    return drawn?.some((value) => value > 0);
  });
  expect(other.trouble).toEqual([]);
  await other.close();
});
