import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';
import type { Visit } from '../page/support/visit.ts';
import { AttentionPage } from './support/attention-page.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const choice = (visit: Visit, name: RegExp) => visit.page.getByRole('radio', { name });

/** Colours of the map's middle, as many as there are. */
function mapColors(visit: Visit): Promise<number> {
  return visit.page.locator('canvas.map').evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    let blue = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at + 2] > data[at] + 40) blue++;
    return blue / (data.length / 4);
  });
}

test('a link opens two steps of the recorded run side by side, as a difference', async () => {
  const detail = 'l1.h1.k2.q40.dist.s200.a10';
  const visit = await openPage(browser, { query: `#attn/${detail}` });
  const attention = new AttentionPage(visit);
  await visit.page.getByRole('button', { name: 'Unpin A, step 10' }).waitFor();

  expect(await choice(visit, /^B − A$/).isChecked()).toBe(true);
  expect(await visit.page.locator('#map-title').textContent()).toContain('change from A to B');
  expect(await attention.map.getAttribute('data-compared')).toBe('true');
  const rows = visit.page.locator('.lane-bars[data-factor="4"] > [data-seen="true"]');
  const changes = await rows.locator('.bar-more, .bar-less').count();
  expect(changes).toBe(await rows.count());
  expect(await rows.locator('.bar-less').count()).toBeGreaterThan(0);
  expect(await visit.page.locator('.map-legend').textContent()).toMatch(/less than in A.*more, points/);
  expect(await visit.page.locator('.kept-note').textContent()).toContain('4× keeps 95 % (+80 points since A)');
  await attention.map.scrollIntoViewIfNeeded();
  await visit.shoot('15-compare-map', 'everywhere');
  await visit.page.evaluate(() => scrollTo(0, 0));
  await visit.shoot('15-compare-lanes', 'everywhere');
  await choice(visit, /^A: step 10$/).check();
  await attention.hash(`${detail}.showa`);
  expect(await attention.map.getAttribute('data-compared')).toBeNull();
  await attention.goTo(detail);
  expect(await choice(visit, /^B − A$/).isChecked()).toBe(true);
  expect(visit.trouble).toEqual([]);
  await visit.close();
});

test('P pins the shown step, the slider chooses the other; another run is compared by name', async () => {
  const visit = await openPage(browser, { query: '?p=micro#attn/l1.h1.k2.q20.dist' });
  const attention = new AttentionPage(visit);
  await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
  await attention.trainOneStep();
  await attention.lanes.focus();
  await visit.page.keyboard.press('p');
  await attention.hash('l1.h1.k2.q20.dist.a1');
  await visit.page.getByText('This is A.').waitFor();
  await visit.page.getByLabel('Captured at').focus();
  await visit.page.keyboard.press('Home');
  await attention.hash('l1.h1.k2.q20.dist.s0.a1');
  expect(await choice(visit, /^A: step 1$/).count()).toBe(1);
  expect(await choice(visit, /^B: step 0$/).count()).toBe(1);

  // The slider has arrow keys of its own; another seed makes another model.
  await visit.page.keyboard.press('End');
  const blue = await mapColors(visit);
  await visit.run('Reset').click();
  await visit.field('Seed').fill('5');
  await attention.trainOneStep();
  await choice(visit, /^A: step 1 of /).waitFor();
  expect(await choice(visit, /^B: step 1$/).count()).toBe(1);
  expect(await mapColors(visit)).not.toBe(blue);
  await attention.lanes.focus();
  await visit.page.keyboard.press('ArrowLeft');
  // A step of an earlier run is nothing that a link could bring back.
  await attention.hash('l1.h1.k2.q19.dist');
  await visit.shoot('15-compare-runs');
  await visit.page.keyboard.press('p');
  await visit.page.getByRole('button', { name: 'Pin as A' }).waitFor();
  expect(visit.trouble).toEqual([]);
  await visit.close();
});
