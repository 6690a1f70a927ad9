import type { StoreApi } from 'zustand/vanilla';
import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import { encodeQuery } from '../../config/codec/encode.ts';
import type { PresetId } from '../../config/presets.ts';
import type { RunConfig } from '../../config/types.ts';
import { summariseRun } from '../../protocol/run-file.ts';
import type { ConfigStore } from './config-store.ts';
import type { CurvesStore } from './curves.ts';
import type { OwnText, RunController } from './run-controller.ts';
import { historyOf, metricsOf, type RunHistory } from './run-history.ts';
import { RunMetrics } from './run-metrics.ts';
import type { RunState } from './run-state.ts';

/** A run as it outlives the page. */
export interface StoredRun {
  /** Its configuration as a link, which later versions of the page can still read. */
  query: string;
  step: number;
  /** All that it takes to go on. */
  file: Blob;
  history: RunHistory;
  /** The visitor's own text, if it was trained on that. */
  text: OwnText | null;
  /** Milliseconds since 1970. */
  keptAt: number;
}

/** Where one run lies, whatever the page was doing when it was closed. */
export interface RunStorage {
  read(): Promise<StoredRun | undefined>;
  write(run: StoredRun): Promise<void>;
  forget(): Promise<void>;
}

interface OfferedRun extends Pick<StoredRun, 'step' | 'file' | 'text'> {
  config: RunConfig;
  preset: PresetId;
  /** A file has none. */
  history: RunHistory | null;
}

interface Parts {
  storage: RunStorage;
  run: StoreApi<RunState>;
  form: Pick<ConfigStore, 'getState'>;
  curves: CurvesStore;
  controller: Pick<RunController, 'listen' | 'adopt' | 'ownText'>;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Keeps the page's newest run in the browser and offers it at the next visit. It never fails: without storage there is
 * nothing to offer.
 */
export class LastRun {
  private readonly parts: Parts;
  private offered: OfferedRun | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
    parts.controller.listen((event) => {
      if (event.type === 'kept' && event.runId === parts.run.getState().runId) void this.keep(event.step, event.file);
      if (event.type === 'reset') void this.forget();
    });
  }

  /** Looks for a run of an earlier visit and has the page offer it. */
  async open(): Promise<void> {
    const { storage, run, now } = this.parts;
    const stored = await storage.read().catch(() => undefined);
    if (!stored) return;
    const link = decodeQuery(stored.query);
    if (linkComplaints(link).length > 0) return;
    const { config, preset } = link;
    const { step, file, history, text, keptAt } = stored;
    this.offered = { config, preset, step, file, history, text };
    run.setState({ earlier: { step, steps: config.training.steps, from: { age: (now() - keptAt) / 1000 } } });
  }

  /** Has the page offer the run in a file, or say why it cannot. What is stored stays until that run is kept itself. */
  async offer(file: File): Promise<void> {
    const { run, controller } = this.parts;
    try {
      const { query, step, text } = await summariseRun(file);
      const link = decodeQuery(query);
      if (linkComplaints(link).length > 0) throw new Error('its configuration is of another version');
      const { config, preset } = link;
      if (config.dataset === 'own' && controller.ownText === null) throw new Error(`open its text first: ${text}`);
      this.offered = { config, preset, step, file, history: null, text: controller.ownText };
      run.setState({
        runFileFailure: null,
        earlier: { step, steps: config.training.steps, from: { file: file.name } },
      });
    } catch (error) {
      run.setState({ runFileFailure: `${file.name}: ${error instanceof Error ? error.message : String(error)}.` });
    }
  }

  /** Goes on with the run that was offered. */
  goOn(): void {
    const { offered } = this;
    if (offered === null) return;
    const { config, preset, step, file, history } = offered;
    this.withdraw();
    this.parts.controller.adopt({
      config,
      preset,
      kept: { step, file },
      metrics: history ? metricsOf(history, config.model).upTo(step) : new RunMetrics(),
      text: config.dataset === 'own' ? offered.text : null,
    });
  }

  /** Offers no run any more; one that is stored is given up, a file is left as it is. */
  async decline(): Promise<void> {
    if (this.offersStored) await this.forget();
    else this.withdraw();
  }

  /** Says no more why a file could not be opened. */
  closeFailure(): void {
    this.parts.run.setState({ runFileFailure: null });
  }

  private get offersStored(): boolean {
    const { earlier } = this.parts.run.getState();
    return earlier !== null && 'age' in earlier.from;
  }

  private withdraw(): void {
    this.offered = null;
    this.parts.run.setState({ earlier: null });
  }

  /** What lies in the storage is gone, or about to be: it must not be offered any more. */
  private withdrawStored(): void {
    if (this.offersStored) this.withdraw();
  }

  private async forget(): Promise<void> {
    this.withdrawStored();
    await this.parts.storage.forget().catch(() => {});
  }

  private async keep(step: number, file: Blob): Promise<void> {
    const { storage, run, form, curves, controller, now } = this.parts;
    const { config } = run.getState();
    if (config === null) return;
    this.withdrawStored();
    const history = historyOf(curves.getState().metrics);
    const text = config.dataset === 'own' ? controller.ownText : null;
    await storage
      .write({ query: encodeQuery(config, form.getState().preset), step, file, history, text, keptAt: now() })
      // No room, or no storage at all: the run goes on without.
      .catch(() => {});
  }
}
