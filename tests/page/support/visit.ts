import type { Locator, Page } from 'playwright-core';
import type { WorkerEvent } from '../../../src/protocol/events.ts';
import type { PageState } from '../../../src/ui/state/run-state.ts';

type EventOf<Type extends WorkerEvent['type']> = Extract<WorkerEvent, { type: Type }>;

interface Noted {
  workerEvents: WorkerEvent[];
  workers: Worker[];
}

/** One open page: what can be pressed and read on it, what its worker said, and what went wrong unseen. */
export class Visit {
  readonly page: Page;
  /** Address of the page without a query. */
  readonly home: string;
  /** Errors on the console, and ones that nothing caught. */
  readonly errors: string[] = [];
  /** Addresses of other origins that were asked for anything. */
  readonly foreignRequests: string[] = [];

  constructor(page: Page, home: string) {
    this.page = page;
    this.home = home;
    const { origin } = new URL(home);
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('request', (request) => {
      const url = request.url();
      if (/^(?:https?|wss?):/.test(url) && new URL(url).origin !== origin) this.foreignRequests.push(url);
    });
  }

  get train(): Locator {
    return this.run('Train');
  }

  /** A button of the transport: Train, Pause, Resume, Step, Reset, Restart. */
  run(name: string): Locator {
    return this.page.getByRole('group', { name: 'Run' }).getByRole('button', { name, exact: true });
  }

  /** A field of the form by its label; of one hierarchy with its factor. */
  field(label: string, factor?: number): Locator {
    const form = this.page.getByRole('complementary', { name: 'Configure' });
    const within = factor === undefined ? form : form.getByRole('group', { name: `${factor}× hierarchy` });
    return within.getByLabel(label, { exact: true });
  }

  async state(...expected: PageState[]): Promise<void> {
    const selector = expected.map((name) => `main[data-state="${name}"]`).join(', ');
    await this.page.locator(selector).waitFor();
  }

  /** The step counter. */
  async step(): Promise<number> {
    const label = await this.page.getByText(/^Step [\d,]+ \/ [\d,]+$/).textContent();
    return Number(/Step ([\d,]+)/.exec(label ?? '')?.[1].replaceAll(',', ''));
  }

  async reachStep(step: number): Promise<void> {
    await this.page.waitForFunction(
      (least) =>
        Number(
          /^Step ([\d,]+)/m.exec(document.querySelector('.progress')?.textContent ?? '')?.[1].replaceAll(',', ''),
        ) >= least,
      step,
    );
  }

  /** What workers have said of one kind, in order. Typed arrays come as arrays, NaN and all. */
  async events<Type extends WorkerEvent['type']>(type: Type): Promise<EventOf<Type>[]> {
    const found = await this.page.evaluate(
      (wanted) => (globalThis as unknown as Noted).workerEvents.filter((event) => event.type === wanted),
      type,
    );
    return found as EventOf<Type>[];
  }

  /** Waits until workers have said something of one kind so many times. */
  async hears(type: WorkerEvent['type'], times: number): Promise<void> {
    await this.page.waitForFunction(
      ([wanted, least]) =>
        (globalThis as unknown as Noted).workerEvents.filter((event) => event.type === wanted).length >= least,
      [type, times] as const,
    );
  }

  /** Gives the newest worker a message that the page itself would not send. */
  async tellWorker(message: unknown): Promise<void> {
    await this.page.evaluate((data) => (globalThis as unknown as Noted).workers.at(-1)!.postMessage(data), message);
  }

  /** Losses of every step of the newest run, as the worker reported them. */
  async losses(): Promise<{ step: number[]; trainBpb: number[]; recon: number[][]; ar: number[][] }> {
    return this.page.evaluate(() => {
      const batches = (globalThis as unknown as Noted).workerEvents
        .filter((event) => event.type === 'metrics')
        .map(({ batch }) => batch);
      const last = batches.filter(({ runId }) => runId === batches.at(-1)?.runId);
      const perHierarchy = (name: 'recon' | 'ar'): number[][] =>
        (last[0]?.[name] ?? []).map((_, index) => last.flatMap((batch) => [...(batch[name][index] ?? [])]));
      return {
        step: last.flatMap(({ step }) => [...step]),
        trainBpb: last.flatMap(({ trainBpb }) => [...trainBpb]),
        recon: perHierarchy('recon'),
        ar: perHierarchy('ar'),
      };
    });
  }

  /** Saves pictures under shots/: on a large screen in light and dark, or in all sizes there are. */
  async shoot(name: string, where: 'here' | 'everywhere' = 'here'): Promise<void> {
    const { page } = this;
    const size = page.viewportSize()!;
    await page.screenshot({ path: `shots/${name}.png` });
    if (where === 'here') return;
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.screenshot({ path: `shots/${name}-dark.png` });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: `shots/${name}-phone-dark.png` });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.screenshot({ path: `shots/${name}-phone.png`, fullPage: true });
    await page.setViewportSize(size);
  }

  /** Waits until the page has loaded ahead what nobody has asked for yet. */
  async partsLoaded(): Promise<void> {
    await this.page.waitForFunction(() => {
      const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
      const newest = Math.max(...files.map(({ responseEnd }) => responseEnd));
      return files.some(({ name }) => name.includes('/WatchRail-')) && performance.now() - newest > 1000;
    });
  }

  /** What went wrong unseen, and who else was asked for anything: empty on a sound page. */
  get trouble(): string[] {
    return [...this.errors, ...this.foreignRequests.map((url) => `asked for ${url}`)];
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
