import { expect, test } from 'vitest';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from './support/open-page.ts';
import { noteShifts, shiftOf } from './support/shifts.ts';

test('without an adapter the page says so and why Train is disabled, and nothing moves far as that is found', async () => {
  const browser = await launchChromium({ webgpu: false });
  try {
    const visit = await openPage(browser, { prepare: (page) => page.addInitScript(noteShifts) });
    await visit.state('no-adapter');
    const title = 'Your browser supports WebGPU but offers no adapter';
    const reason = await visit.train.getAttribute('aria-describedby');

    const notice = visit.page.getByRole('note').filter({ hasText: 'Everything but training works' });
    expect(await notice.getByRole('heading', { name: title }).isVisible()).toBe(true);
    expect(await visit.train.isDisabled()).toBe(true);
    expect(await visit.page.locator(`#${reason}`).textContent()).toBe('The browser offers no GPU adapter.');
    expect(await visit.field('Batch').inputValue()).toBe('16');
    // The recorded run is there for who cannot train.
    const long = () =>
      visit.page
        .locator('.chart path.curve')
        .evaluateAll((all) => all.filter((path) => (path.getAttribute('d') ?? '').length > 200).length);
    await expect.poll(long, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
    expect(await shiftOf(visit.page)).toBeLessThan(0.05);
    const banner = visit.page.getByRole('region', { name: 'Recorded run' });
    expect(await banner.getByRole('button', { name: /^Train/ }).count()).toBe(0);
    await visit.shoot('06-no-adapter', 'everywhere');
    await banner.getByRole('button', { name: 'Why nothing trains here' }).click();
    await expect.poll(() => notice.evaluate((box) => box === document.activeElement)).toBe(true);
    expect(await notice.getByText('Usual reasons are hardware acceleration switched off').isVisible()).toBe(true);
    await notice.getByRole('link', { name: 'Text' }).click();
    await visit.page.getByText('What the recorded run wrote').waitFor();
    expect(visit.trouble).toEqual([]);
  } finally {
    await browser.close();
  }
});
