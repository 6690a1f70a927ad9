import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { tellMetrics } from './support/told-worker.ts';
import type { Told } from './support/told-worker.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium({ webgpu: false });
});

afterAll(() => browser?.close());

async function trained(query: string, told: Told, context: BrowserContextOptions = {}): Promise<Visit> {
  const visit = await openPage(browser, { query, context, prepare: (page) => tellMetrics(page, told) });
  await visit.state('ready');
  await visit.train.click();
  await visit.state('done');
  // A level line has no height, which is as good as hidden to whoever waits for it to be seen.
  await visit.page.locator('.bits-panel path.curve').waitFor({ state: 'attached' });
  return visit;
}

const paths = (visit: Visit): Promise<string[]> =>
  visit.page.locator('.chart path.curve').evaluateAll((all) => all.map((path) => path.getAttribute('d') ?? ''));

const titles = (visit: Visit): Promise<string[]> =>
  visit.page.locator('.bits-panel .axis-title text').allTextContents();

test('a hundred thousand steps keep their spike, their exact values and a small chart', async () => {
  const visit = await trained('?v=1&p=quick&st=100000', { steps: 100_000, trainBpb: 'step === 50000 ? 60 : 3' });
  const { page } = visit;
  expect(await page.locator('.chart *').count()).toBeLessThan(3000);
  const [raw] = await page
    .locator('.bits-panel path.curve-raw')
    .evaluateAll((all) => all.map((path) => path.getAttribute('d') ?? ''));
  const heights = [...raw.matchAll(/[ML][\d.]+ (-?[\d.]+)/g)].map(([, y]) => Number(y));
  expect(Math.min(...heights)).toBeLessThan(Math.max(...heights) - 100);

  await page.locator('.bits-panel .chart').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  expect(await page.locator('.bits-panel .crosshair text').textContent()).toBe('step 2');
  expect(await page.locator('.bits-panel .readout-value').first().textContent()).toBe('3.00');
  await visit.shoot('07-many-steps');

  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('the name of a reference line makes room for the end of the curve, and lies under it', async () => {
  const visit = await trained('?v=1&p=quick&st=600#watch/s0', { steps: 60, trainBpb: 'step <= 60 ? 6 : 4.6' });
  const { page } = visit;
  const name = page.locator('.bits-panel .reference text', { hasText: 'byte frequencies 4.50' });
  const line = name.locator('xpath=../*[local-name()="line"]');
  const below = async (): Promise<number> =>
    Number(await name.getAttribute('y')) - Number(await line.getAttribute('y1'));
  await expect.poll(below).toBeLessThan(0);
  const isUnder = await name.evaluate((text) => {
    const curve = text.closest('svg')!.querySelector('path.curve')!;
    return (text.compareDocumentPosition(curve) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  });
  expect(isUnder).toBe(true);

  await visit.tellWorker({ type: 'one step more' });
  await expect.poll(below).toBeGreaterThan(0);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('in a part of a run, names of reference lines make room for the curve that is seen, and for the way back', async () => {
  const trainBpb = 'step <= 50 ? 8 : step <= 150 ? 4.6 : 2.6';
  const visit = await trained('?v=1&p=quick&st=300#watch/s0', { steps: 300, trainBpb });
  const { page } = visit;
  await page.evaluate(() => {
    location.hash = '#watch/s0.z=40~150';
  });
  const button = page.locator('.bits-panel .whole-run');
  await button.waitFor();
  const name = page.locator('.bits-panel .reference text', { hasText: 'byte frequencies 4.50' });
  const line = name.locator('xpath=../*[local-name()="line"]');
  const [text, at] = await Promise.all([name.getAttribute('y'), line.getAttribute('y1')]);
  expect(Number(text)).toBeGreaterThan(Number(at));
  const uniform = (await page.locator('.bits-panel .reference text', { hasText: 'uniform' }).boundingBox())!;
  const covered = (await button.boundingBox())!;
  expect(uniform.y).toBeGreaterThanOrEqual(covered.y + covered.height);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('three runs of a hundred thousand steps are drawn at once, and every reading is exact', async () => {
  const visit = await trained('?v=1&p=quick&st=100000', { steps: 100_000, trainBpb: '3 + (step % 997) / 100' });
  const { page } = visit;
  for (let run = 2; run <= 3; run++) {
    await visit.run('Train again').click();
    await expect.poll(() => page.locator('.run').count(), { timeout: 20_000 }).toBe(run);
    await visit.state('done');
  }
  for (let earlier = 0; earlier < 2; earlier++) {
    await page.locator('.run:not([data-present])').getByRole('button', { name: 'Pin', exact: true }).first().click();
  }
  await expect.poll(() => page.locator('.bits-panel path.curve').count(), { timeout: 20_000 }).toBe(3);
  const box = (await page.locator('.bits-panel .hover-target').boundingBox())!;
  for (const part of [0.11, 0.37, 0.64, 0.93]) {
    await page.mouse.move(box.x + part * box.width, box.y + box.height / 2);
    const at = await page.locator('.bits-panel .crosshair text').textContent();
    const step = Number(/^step (\d+)$/.exec(at ?? '')?.[1]);
    const shown = await page.locator('.bits-panel .readout-value').first().textContent();
    expect(shown, at ?? '').toBe((3 + (step % 997) / 100).toFixed(2));
  }
  await page.mouse.move(2, 2);

  // What one drawing costs: the work of the page's thread while steps arrive one by one.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const busy = async (): Promise<number> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  const REFRESHES = 10;
  const before = await busy();
  for (let refresh = 0; refresh < REFRESHES; refresh++) {
    await visit.tellWorker({ type: 'one step more' });
    await visit.reachStep(100_001 + refresh);
  }
  console.log(`a refresh with 3 x 100,000 steps: ${((await busy()) - before).toFixed(0)} ms for ${REFRESHES}`);

  expect(await page.locator('.chart *').count()).toBeLessThan(3000);
  await visit.shoot('07-three-runs', 'everywhere');
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('zeros and missing values leave a logarithmic chart drawn, and the address keeps the view', async () => {
  const holes = 'step % 7 === 0 ? 0 : step % 5 === 0 ? NaN : 8 / step + 2';
  const visit = await trained('#watch/x=bytes.log.s90', { steps: 200, trainBpb: holes });
  const { page } = visit;
  for (const x of ['bytes seen', 'active time', 'FLOPs', 'step']) {
    await page.getByLabel('x axis').selectOption({ label: x });
    for (const d of await paths(visit)) {
      expect(d.length).toBeGreaterThan(20);
      expect(d).not.toMatch(/NaN|Infinity/);
    }
    expect((await titles(visit))[0]).toBe('bits per byte, logarithmic');
  }
  await page.getByLabel('x axis').selectOption({ label: 'active time' });
  expect((await titles(visit))[1]).toContain('minutes:seconds');
  await page.waitForURL(/#watch\/x=time\.log\.s90$/);
  await visit.shoot('08-log', 'everywhere');

  await page.reload();
  await visit.state('ready');

  expect(await page.getByLabel('x axis').inputValue()).toBe('time');
  expect(await page.getByLabel('smoothing').inputValue()).toBe('90');
  expect(await page.getByLabel('log y').isChecked()).toBe(true);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('keys change scale, axis and smoothing; the crosshair is at one step on all charts', async () => {
  const visit = await trained('', { steps: 200, trainBpb: '3' });
  const { page } = visit;
  await page.locator('.bits-panel .hover-target').hover();
  const labels = await page.locator('.crosshair:not([visibility="hidden"]) text').allTextContents();
  expect(labels).toHaveLength(3);
  expect(new Set(labels).size).toBe(1);
  await visit.shoot('09-crosshair');
  // Moving it renders nothing: only crosshairs and readings change.
  await page.evaluate(() => {
    const rendered: string[] = [];
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        if (!element?.closest('.crosshair, .readout-value')) rendered.push(element?.outerHTML ?? '');
      }
    });
    for (const panel of document.querySelectorAll('.panel:has(.chart)'))
      observer.observe(panel, { subtree: true, childList: true, attributes: true, characterData: true });
    Object.assign(globalThis, { rendered });
  });
  const target = (await page.locator('.bits-panel .hover-target').boundingBox())!;
  for (let part = 1; part < 10; part++)
    await page.mouse.move(target.x + (target.width * part) / 10, target.y + target.height / 3);
  expect(await page.evaluate(() => (globalThis as unknown as { rendered: string[] }).rendered)).toEqual([]);
  const moved = await page.locator('.crosshair:not([visibility="hidden"]) text').allTextContents();
  expect(new Set(moved).size).toBe(1);
  expect(moved[0]).not.toBe(labels[0]);
  await page.locator('.bits-panel .chart').focus();
  await page.keyboard.press('Escape');
  expect(await page.locator('.crosshair:not([visibility="hidden"])').count()).toBe(0);
  await page.locator('.bits-panel .hover-target').hover();
  await page.mouse.move(2, 2);
  expect(await page.locator('.crosshair:not([visibility="hidden"])').count()).toBe(0);
  await page.locator('body').click({ position: { x: 2, y: 400 } });

  for (const key of ['l', 'x', 'm']) await page.keyboard.press(key);

  await page.waitForURL(/#watch\/x=bytes\.log\.s95$/);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('dragging over a chart looks closer on all of them, with y fitted, and there is a way back by pointer and by key', async () => {
  const visit = await trained('?v=1&p=quick&st=200', { steps: 200, trainBpb: '2 + 6 * Math.exp(-step / 20)' });
  const { page } = visit;
  const target = page.locator('.bits-panel .hover-target');
  const ticks = (axis: 'x' | 'y', panel = '.bits-panel'): Promise<number[]> =>
    page
      .locator(`${panel} .recharts-${axis}Axis-tick-labels .recharts-cartesian-axis-tick-value`)
      .evaluateAll((all) => all.map((tick) => Number(tick.textContent)));
  const back = page.locator('.bits-panel').getByRole('button', { name: 'Whole run' });
  const whole = { x: await ticks('x'), y: await ticks('y') };
  const drag = async (from: number, to: number): Promise<void> => {
    const { x, y, width, height } = (await target.boundingBox())!;
    await page.mouse.move(x + from * width, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + to * width, y + height / 3, { steps: 4 });
    await page.mouse.up();
  };

  await drag(0.75, 0.5);
  await back.waitFor();
  for (const panel of ['.bits-panel', '.hierarchy-panel >> nth=0']) {
    const x = await ticks('x', panel);
    expect(Math.min(...x)).toBeGreaterThanOrEqual(99);
    expect(Math.max(...x)).toBeLessThanOrEqual(151);
  }
  expect(Math.max(...(await ticks('y')))).toBeLessThan(2.1);
  for (const d of await paths(visit)) expect(d).not.toMatch(/NaN|Infinity/);
  await page.waitForURL(/#watch\/z=\d+~\d+$/);
  await visit.shoot('09-zoom', 'everywhere');

  await target.dblclick();
  await back.waitFor({ state: 'detached' });
  expect(await ticks('y')).toEqual(whole.y);

  // A click alone, and a drag of a few pixels, look at nothing closer.
  await target.click();
  await drag(0.5, 0.503);
  expect(await back.count()).toBe(0);

  await page.locator('.bits-panel .chart').focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  const [first, last] = [(await ticks('x')).at(0)!, (await ticks('x')).at(-1)!];
  expect(last - first).toBeLessThanOrEqual(50);
  await page.keyboard.press('End');
  expect(await page.locator('.bits-panel .crosshair text').textContent()).toBe('step 125');
  await page.keyboard.press('-');
  expect(await back.count()).toBe(1);
  await page.keyboard.press('Escape');
  expect(await back.count()).toBe(1);
  await page.keyboard.press('Escape');
  await back.waitFor({ state: 'detached' });
  expect(await ticks('x')).toEqual(whole.x);

  await page.keyboard.press('+');
  await back.focus();
  await page.keyboard.press('Enter');
  await back.waitFor({ state: 'detached' });
  expect(await page.locator('.bits-panel .chart').evaluate((chart) => chart === document.activeElement)).toBe(true);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a finger that goes sideways over a chart looks closer, one that goes up scrolls the page', async () => {
  const context = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const told = { steps: 200, trainBpb: '2 + 6 * Math.exp(-step / 20)' };
  const visit = await trained('?v=1&p=quick&st=200', told, context);
  const { page } = visit;
  const target = page.locator('.bits-panel .hover-target');
  const back = page.locator('.bits-panel').getByRole('button', { name: 'Whole run' });
  await target.scrollIntoViewIfNeeded();
  const devtools = await page.context().newCDPSession(page);
  const move = async (across: number, up: number): Promise<void> => {
    const box = (await target.boundingBox())!;
    const at = (part: number) => [{ x: box.x + 100 + across * part, y: box.y + box.height / 2 - up * part }];
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) });
    for (let part = 1; part <= 10; part++) {
      await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(part / 10) });
    }
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  const before = await page.evaluate(() => scrollY);
  await move(0, 120);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(before);
  expect(await back.count()).toBe(0);

  await target.scrollIntoViewIfNeeded();
  await move(120, 0);
  // A tap that soon after a drag would only end its momentum.
  await back.click();
  await back.waitFor({ state: 'detached' });
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('two runs are compared at equal work, and their chart is saved in four ways', async () => {
  const visit = await trained('', { steps: 50, trainBpb: '4' });
  const { page } = visit;
  await page.getByRole('tab', { name: 'Compare' }).click();
  await page.getByRole('button', { name: 'Same FLOPs, flat baseline' }).click();
  await visit.run('Train again').click();
  await page.locator('.compare-table thead th').nth(2).waitFor();
  const different = await page.locator('.compare-different th').allTextContents();
  expect(different).toContain('1× width');
  expect(different).toContain('4× width');
  expect(different).not.toContain('Learning rate');
  expect(await page.getByLabel('x axis').inputValue()).toBe('flops');
  expect(await paths(visit)).toHaveLength(2);
  // Each in its own colour, on the chart as in the rail and the table.
  const strokes = (selector: string): Promise<(string | null)[]> =>
    page.locator(selector).evaluateAll((all) => all.map((line) => line.getAttribute('stroke')));
  const drawn = await strokes('.chart path.curve');
  expect(new Set(drawn).size).toBe(2);
  expect(new Set(await strokes('.run-swatch line'))).toEqual(new Set(drawn));
  expect(new Set(await strokes('.compare-table .swatch line'))).toEqual(new Set(drawn));
  await visit.shoot('24-compare', 'everywhere');

  const saved = async (format: string): Promise<Buffer> => {
    await page.getByLabel('Export Training loss').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: new RegExp(`^${format}`) }).click(),
    ]);
    return readFileSync(await download.path());
  };
  const csv = (await saved('CSV')).toString().trimEnd().split('\r\n');
  expect(csv[0]).toBe('run,step,bytes_seen,active_seconds,training_flop,train_bits_per_byte');
  expect(csv).toHaveLength(1 + 2 * 50);
  const json: unknown = JSON.parse((await saved('JSON')).toString());
  expect(json).toMatchObject({
    saved: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    strata: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    environment: expect.arrayContaining([
      expect.stringMatching(/^user agent: .*Chrome/),
      expect.stringMatching(/^adapter: .+/),
      expect.stringMatching(/^kernels: /),
    ]),
    runs: [{ text: { name: 'Told' } }, { text: { name: 'Told' } }],
  });
  const svg = (await saved('SVG')).toString();
  const texts = await page.evaluate((xml) => {
    const parsed = new DOMParser().parseFromString(xml, 'image/svg+xml');
    return [...parsed.querySelectorAll('text')].map(({ textContent }) => textContent);
  }, svg);
  const names = await page.locator('.run-name').allTextContents();
  expect(texts).toEqual(
    expect.arrayContaining(['Training loss, bits per byte', 'bits per byte', 'training work, FLOP', ...names]),
  );
  expect(svg).not.toMatch(/ (?:class|style)=|var\(/);
  const width = Number(/width="(\d+)"/.exec(svg)?.[1]);
  expect((await saved('PNG')).readUInt32BE(16)).toBeGreaterThanOrEqual(2 * width);
  expect(JSON.parse((await saved('JSON')).toString())).toMatchObject({ format: 'strata-chart', version: 1 });

  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('a note over a chart, and more room that is gone again, leave every panel as it was', async () => {
  const visit = await trained('', { steps: 50, trainBpb: '4' });
  const { page } = visit;
  const heights = (): Promise<number[]> =>
    page.locator('.watch > .panel').evaluateAll((panels) => panels.map((panel) => (panel as HTMLElement).offsetHeight));
  const before = await heights();

  await visit.tellWorker({ type: 'collapse' });
  await page.getByText('4× collapsed:').waitFor();
  expect(await heights()).toEqual(before);
  await visit.shoot('24-collapse', 'everywhere');

  await visit.tellWorker({ type: 'recover' });
  await page.getByText('4× collapsed:').waitFor({ state: 'detached' });
  expect(await heights()).toEqual(before);
  // Whatever makes the charts beside it taller for a while, the large one does not stay as tall.
  const stretch = (pixels: number): Promise<unknown> =>
    page.locator('.hierarchy-panel .panel-head').evaluateAll((heads, room) => {
      for (const head of heads) (head as HTMLElement).style.paddingBottom = `${room}px`;
    }, pixels);
  const [{ height }] = await page
    .locator('.bits-panel .chart svg')
    .evaluateAll((all) => all.map((svg) => svg.getBoundingClientRect()));
  await stretch(150);
  await page.waitForFunction((least) => document.querySelector('.bits-panel .chart svg')!.clientHeight > least, height);
  await stretch(0);
  await expect.poll(heights).toEqual(before);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});
