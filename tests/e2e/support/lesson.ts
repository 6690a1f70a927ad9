import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, FrameLocator, Locator, Page, Request } from 'playwright-core';
import { inject } from 'vitest';

export interface LessonOptions {
  /** What stands after the address of the page in each frame: `?p=micro&ui=embed`. */
  queries: readonly string[];
  /** More attributes of the frames. */
  attributes?: string;
}

/** A page of somebody else's with parts of this one in frames. */
export class Lesson {
  readonly page: Page;
  /** Errors on the console, of any frame. */
  readonly errors: string[] = [];
  /** Paths that any frame has asked for. */
  readonly requests: string[] = [];

  readonly close: () => Promise<void>;

  constructor(page: Page, close: () => Promise<void>) {
    this.page = page;
    this.close = close;
    page.setDefaultTimeout(90_000);
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('request', (request: Request) => this.requests.push(new URL(request.url()).pathname));
  }

  frame(at: number): FrameLocator {
    return this.page.frameLocator('iframe').nth(at);
  }

  /** A button of a frame's transport. */
  run(at: number, name: string): Locator {
    return this.frame(at).getByRole('group', { name: 'Run' }).getByRole('button', { name, exact: true });
  }

  /** Waits until a frame says so of its page or its run. */
  async state(at: number, name: string): Promise<void> {
    await this.frame(at).locator(`main[data-state="${name}"]`).waitFor();
  }

  /** Waits until a frame can train. */
  async ready(at: number): Promise<void> {
    await this.frame(at)
      .locator('button:enabled', { hasText: /^Train$/ })
      .waitFor();
  }
}

/** The lesson at an address of the page's own site, in a tab where something may be stored already. */
export async function lessonIn(page: Page, options: LessonOptions): Promise<Lesson> {
  const address = new URL('lesson.html', inject('pageUrl')).href;
  await page.route(address, (route) => route.fulfill({ contentType: 'text/html', body: lessonHtml(options) }));
  const lesson = new Lesson(page, async () => {});
  await page.goto(address);
  return lesson;
}

/** The lesson on a server of another site, for a visitor who has never been here. */
export async function lessonOfAnotherSite(browser: Browser, options: LessonOptions): Promise<Lesson> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(lessonHtml(options));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const context = await browser.newContext({ viewport: { width: 760, height: 960 } });
  const lesson = new Lesson(await context.newPage(), async () => {
    await context.close();
    server.close();
  });
  await lesson.page.goto(`http://localhost:${(server.address() as AddressInfo).port}/lesson.html`);
  return lesson;
}

function lessonHtml({ queries, attributes = '' }: LessonOptions): string {
  const home = inject('pageUrl');
  const frames = queries.map(
    (query, at) =>
      `<iframe src="${home}${query.replaceAll('&', '&amp;')}" width="640" height="420" title="Frame ${at}" ${attributes}></iframe>`,
  );
  const head = '<meta charset="utf-8"><title>A lesson</title><link rel="icon" href="data:,">';
  return `<!doctype html><html lang="en"><head>${head}</head><body><h1>A lesson</h1>${frames.join('')}</body></html>`;
}
