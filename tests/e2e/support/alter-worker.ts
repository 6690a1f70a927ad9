import type { Page } from 'playwright-core';

/** Has the worker run a script of ours before its own, such as to fake or break what the browser gives it. */
export async function alterWorker(page: Page, script: string): Promise<void> {
  await page.route('**/assets/worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
}
