import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { inject } from 'vitest';
import { Visit } from './visit.ts';

export interface OpenOptions {
  /** What stands after the address: `?p=micro`. */
  query?: string;
  context?: BrowserContextOptions;
  /** Called before the page is loaded, such as to change what it gets to see. */
  prepare?: (page: Page) => Promise<unknown>;
  url?: string;
}

/** Opens the page like a new visitor: nothing is stored, and what it does wrong is noted. */
export async function openPage(browser: Browser, options: OpenOptions = {}): Promise<Visit> {
  const { query = '', context = {}, prepare, url = inject('pageUrl') } = options;
  const opened = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...context });
  const page = await opened.newPage();
  // Compiling on a software adapter while other tests run takes its time.
  page.setDefaultTimeout(90_000);
  await page.addInitScript(noteWorkerEvents);
  await prepare?.(page);
  const visit = new Visit(page, url);
  await page.goto(`${url}${query}`);
  await page
    .waitForFunction(() => document.querySelector('main') !== null, null, { timeout: 20_000 })
    .catch(() => {
      throw new Error(['The page did not render.', ...visit.trouble].join('\n'));
    });
  return visit;
}

/** Runs in the page, before its own script: keeps a copy of what every worker says, exact where the screen is rounded. */
function noteWorkerEvents(): void {
  const workerEvents: unknown[] = [];
  const workers: Worker[] = [];
  const Native = Worker;
  class NotedWorker extends Native {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      workers.push(this);
      this.addEventListener('message', ({ data }) => workerEvents.push(structuredClone(data)));
    }
  }
  Object.assign(globalThis, { Worker: NotedWorker, workerEvents, workers });
}
