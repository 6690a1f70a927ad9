import { cutBatch, joinBatches } from '../../../src/ui/state/curve-parts.ts';
import type { RunStorage, StoredRun } from '../../../src/ui/state/stored-runs.ts';
import type { OwnText } from '../../../src/ui/state/text-opener.ts';

/** It lets stand so many steps of a curve, or a multiple. */
const STEPS = 10;

/** What a browser holds, and which of it pages have under way. */
export class FakeStorage implements RunStorage {
  readonly runs = new Map<string, StoredRun>();
  readonly texts = new Map<string, OwnText>();
  textsWritten = 0;
  private readonly underWay = new Set<string>();
  private held: string | null = null;

  constructor(before?: FakeStorage) {
    if (before) Object.assign(this, { runs: before.runs, texts: before.texts, underWay: before.underWay });
  }
  async list() {
    const idle = [...this.runs].filter(([id]) => !this.underWay.has(id));
    return idle.map(([id, run]) => ({ ...structuredClone(run), id, text: this.texts.get(id) ?? null }));
  }
  async write(id: string, run: StoredRun, text: OwnText | null, stands: number) {
    const before = stands === 0 ? [] : [cutBatch(this.runs.get(id)!.history.batch, 0, stands)];
    const batch = joinBatches([...before, run.history.batch]);
    this.runs.set(id, structuredClone({ ...run, history: { ...run.history, batch } }));
    if (text !== null) {
      this.texts.set(id, text);
      this.textsWritten++;
    }
    return STEPS * Math.floor(batch.step.length / STEPS);
  }
  async rename(id: string, name: string) {
    if (this.underWay.has(id) && this.held !== id) return false;
    const run = this.runs.get(id);
    if (run) this.runs.set(id, { ...run, name });
    return true;
  }
  async forget(id: string) {
    const run = this.runs.get(id);
    if (this.underWay.has(id)) return 'under way' as const;
    if (run === undefined) return 'gone' as const;
    const found = { ...run, id, text: this.texts.get(id) ?? null };
    this.runs.delete(id);
    this.texts.delete(id);
    return found;
  }
  async hold() {
    await this.release();
    this.held = `run ${this.runs.size + 1}`;
    this.underWay.add(this.held);
    return this.held;
  }
  async take(id: string) {
    const run = this.runs.get(id);
    if (this.underWay.has(id)) return 'under way' as const;
    if (run === undefined) return 'gone' as const;
    void this.release();
    this.held = id;
    this.underWay.add(id);
    return { ...structuredClone(run), id, text: this.texts.get(id) ?? null };
  }
  async release() {
    if (this.held !== null) this.underWay.delete(this.held);
    this.held = null;
  }
  /** What another page sees: the same runs, those of this one under way. */
  elsewhere(): FakeStorage {
    return new FakeStorage(this);
  }
  /** What a page sees after this one was closed. */
  later(): FakeStorage {
    void this.release();
    return this.elsewhere();
  }
}
