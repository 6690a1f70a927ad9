import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryEstimate, parameterCount } from '../../src/config/costs.ts';
import { decodeQuery } from '../../src/config/codec/decode.ts';
import { launchChromium } from '../../src/launcher/chromium.ts';
import { openPage } from '../page/support/open-page.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});

afterAll(() => browser?.close());

test.for(['?p=micro', '?p=quick', '?p=two&b=2', '?p=flat', '?p=micro&h=1-d64-w16_2-d48_8-s4-d96&n=256&l=2&b=4&ma=1'])(
  '%s costs what the form says',
  async (query) => {
    const visit = await openPage(browser, { query });
    await visit.page.locator('button:enabled', { hasText: /^Train$/ }).waitFor();
    const { config } = decodeQuery(query.slice(1));
    const shown = visit.page.getByRole('region', { name: 'Cost of this configuration' }).locator('dd');
    const parameters = Number((await shown.first().textContent())?.replaceAll(',', ''));
    await visit.run('Step').click();
    await visit.reachStep(1);
    const [started] = await visit.events('started');
    // A software adapter.
    const estimated = memoryEstimate(config, false).total;

    console.log(
      `${query}: estimated ${estimated} bytes, ${(estimated / started.engineBytes).toFixed(3)} of the engine's`,
    );
    expect(parameters).toBe(started.parameters);
    expect(parameterCount(config.model).total).toBe(started.parameters);
    expect(estimated / started.engineBytes).toBeGreaterThan(0.8);
    expect(estimated / started.engineBytes).toBeLessThan(1.2);
    expect(visit.trouble).toEqual([]);
    await visit.close();
  },
);
