import type { Locator, Page } from 'playwright-core';
import type { Visit } from '../../page/support/visit.ts';

export interface DrawnBin {
  from: number;
  to: number;
  seen: boolean;
  hatched: boolean;
  weight: number;
}

/** The Attention tab of an open page. */
export class AttentionPage {
  private readonly visit: Visit;
  private readonly page: Page;

  constructor(visit: Visit) {
    this.visit = visit;
    this.page = visit.page;
  }

  get lanes(): Locator {
    return this.page.getByRole('application', { name: /^Lanes/ });
  }

  get map(): Locator {
    return this.page.getByRole('application', { name: /^Map of/ });
  }

  get status(): Locator {
    return this.page.locator('.spoken');
  }

  /** Has another text read, and waits for the answer. */
  async read(passage: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Edit passage' }).click();
    await this.page.getByLabel('Text for the model to read').fill(passage);
    await this.page.getByRole('button', { name: 'Look at this text' }).click();
    await this.page.locator('.passage-text').waitFor();
  }

  /** A new run that stands at step 1, its passage captured at 0 and 1. */
  async trainOneStep(): Promise<void> {
    await this.visit.run('Step').click();
    await this.visit.reachStep(1);
    await this.visit.state('paused');
    await this.page.getByText(/step 1 newest/).waitFor();
  }

  /** Goes to a place by the address, as a link or Back would. */
  async goTo(detail: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
      dispatchEvent(new PopStateEvent('popstate'));
    }, `#attn/${detail}`);
    await this.hash(detail);
  }

  /** The address says this, which it does once one rests. */
  async hash(detail: string): Promise<void> {
    await this.page
      .waitForURL(({ hash }) => hash === `#attn/${detail}`, { timeout: 8000 })
      .catch(() => {
        throw new Error(`hash: given ${new URL(this.page.url()).hash}, needs #attn/${detail}`);
      });
  }

  /** What the lane of a hierarchy shows, nearest key first. */
  bins(factor: number): Promise<DrawnBin[]> {
    return this.page.locator(`.lane-bars[data-factor="${factor}"] > [data-token]`).evaluateAll((drawn) =>
      drawn.map((bin) => ({
        from: Number(bin.getAttribute('data-from')),
        to: Number(bin.getAttribute('data-to')),
        seen: bin.getAttribute('data-seen') === 'true',
        hatched: bin.querySelector('[fill^="url"]') !== null,
        weight: Number(bin.getAttribute('data-weight') ?? NaN),
      })),
    );
  }

  /** The byte in the lanes at which a key is, by the label above it. */
  byte(at: number): Locator {
    return this.page.locator(`.passage-text [data-byte="${at}"] rect`);
  }

  /** Everything on the page that says where one is, in the order of the address. */
  async place(): Promise<Record<string, unknown>> {
    return this.page.evaluate(() => {
      const text = (selector: string): string => document.querySelector(selector)?.textContent ?? '';
      const checked = (name: string): string =>
        document.querySelector<HTMLInputElement>(`input[name="attention-${name}"]:checked`)?.value ?? '';
      const frame = document.querySelector<HTMLElement>('.map-frame');
      const lane = document.querySelector('.lane-label[aria-pressed="true"]');
      return {
        layer: Number(checked('layer')),
        hierarchy: Number(checked('hierarchy')),
        head: checked('head'),
        view: checked('view'),
        mask: document.querySelector<HTMLInputElement>('.position-controls input[type="checkbox"]')?.checked,
        query: Number(document.querySelector('.query-column')?.getAttribute('data-query')),
        locked: document.querySelector('.stage-svg')?.hasAttribute('data-locked'),
        mapQuery: Number(frame?.dataset.query),
        mapView: frame?.dataset.view,
        mapTitle: text('#map-title'),
        laneChosen: lane?.querySelector('strong')?.textContent,
        laneHead: lane?.querySelector('.lane-head')?.textContent,
        queryLine: text('.query-line strong'),
      };
    });
  }
}
