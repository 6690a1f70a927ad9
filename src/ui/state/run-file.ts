import type { StoreApi } from 'zustand/vanilla';
import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import type { DatasetId, RunConfig } from '../../config/types.ts';
import type { RunSummary } from '../../protocol/run-file.ts';
import type { StoredTensor } from '../../protocol/safetensors.ts';
import { runName } from '../compare/run-name.ts';
import { chooseWeights } from './config-store.ts';
import type { ChosenWeights, ConfigStore } from './config-store.ts';
import type { CurvesStore } from './curves.ts';
import type { AdoptedRun, RunController } from './run-controller.ts';
import { changedSince } from './marks.ts';
import { historyOf, metricsOf } from './run-history.ts';
import { RunMetrics } from './run-metrics.ts';
import type { RunState } from './run-state.ts';
import type { RunsStore } from './runs.ts';
import type { TextOpener } from './text-opener.ts';

interface Parts {
  config: ConfigStore;
  run: StoreApi<RunState>;
  curves: CurvesStore;
  /** Knows what runs are called. */
  runs: Pick<RunsStore, 'getState'>;
  controller: Pick<RunController, 'adopt'>;
  texts: Pick<TextOpener, 'own'>;
}

const format = () => import('./run-file-format.ts');

interface SavedFile {
  file: Blob;
  name: string;
}

/** A run that a file holds: what the page says of it, what goes on where its text can be had, and what others can begin with. */
interface ReadRun {
  offer: NonNullable<RunState['runFile']>;
  run: AdoptedRun;
  weights: ChosenWeights;
}

/** The present run as a file, and runs of files to go on with. What is stored in the browser stays as it is. */
export class RunFile {
  private readonly parts: Parts;
  private offered: ReadRun | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** The run as it was kept, with its curve up to there; null when there is none, or only its model. */
  async save(): Promise<SavedFile | null> {
    const { kept, config } = this.parts.run.getState();
    if (kept === null || config === null) return null;
    const { curveTensors, hasCurveIn, summariseRun, withTensors, WITH_CURVE } = await format();
    const { head, name: before, isModelAlone } = await summariseRun(kept.file);
    if (isModelAlone) return null;
    const called = this.presentName(config);
    const name = `${this.fileName(config, kept.step)}.safetensors`;
    const hasCurve = hasCurveIn(head);
    // A run that has just come from a file.
    if (hasCurve && before === called) return { file: kept.file, name };
    const curve = hasCurve
      ? new Map<string, StoredTensor>()
      : curveTensors(historyOf(this.parts.curves.getState().metrics.upTo(kept.step)), factorsOf(config));
    return { file: withTensors(kept.file, head, curve, { ...head.metadata, version: WITH_CURVE, run: called }), name };
  }

  /** The same of its model alone. */
  async saveModel(): Promise<SavedFile | null> {
    const { kept, config } = this.parts.run.getState();
    if (kept === null || config === null) return null;
    const file = (await this.save())?.file ?? kept.file;
    const { isOfModel, MODEL_ALONE, someTensors, summariseRun } = await format();
    const { head } = await summariseRun(file);
    const metadata = { ...head.metadata, version: MODEL_ALONE, run: this.presentName(config) };
    const name = `${this.fileName(config, kept.step)}-model.safetensors`;
    return { file: someTensors(file, head, isOfModel, metadata), name };
  }

  /** Has the page offer the run in a file, or say why it cannot. */
  async open(file: File): Promise<void> {
    try {
      this.offer(await this.read(file));
    } catch (error) {
      const why = `${file.name}: ${error instanceof Error ? error.message : String(error)}.`;
      const runFileFailure = isCalledRun(file.name) ? why : `${why} A text to train on is opened under Data.`;
      this.parts.run.setState({ runFileFailure });
    }
  }

  /**
   * Goes on at once with a run that was trained elsewhere, and is called that; where there is another, which would end, the page
   * offers it. Rejects with an Error that says what is wrong with the file.
   */
  async openFromElsewhere(file: File): Promise<void> {
    const { offer, run, weights } = await this.read(file);
    const name = 'trained elsewhere';
    const read = {
      offer: { ...offer, runName: name },
      run: { ...run, name, elsewhere: offer.step },
      weights: { ...weights, name },
    };
    if (offer.isTextMissing) throw new Error(`open its text first: ${offer.text}`);
    if (this.parts.run.getState().phase.name === 'idle') this.parts.controller.adopt(read.run);
    else this.offer(read);
  }

  /** Goes on with the run that was offered. */
  goOn(): void {
    const { offered } = this;
    this.leave();
    if (offered !== null && !offered.offer.isTextMissing) this.parts.controller.adopt(offered.run);
  }

  /** Has the next run begin with the weights of the run that was offered, whatever its text is. */
  beginWithOffered(): void {
    const { offered, parts } = this;
    this.leave();
    if (offered !== null) chooseWeights(parts.config, offered.weights);
  }

  /** Has the next run begin with the weights of the present one, as they were kept. */
  beginWithPresent(): void {
    const { config: form, run } = this.parts;
    const { kept, config, preset } = run.getState();
    if (kept === null || config === null) return;
    const { file, step } = kept;
    chooseWeights(form, { file, step, name: this.presentName(config), model: config.model, preset });
  }

  /** Offers it no more. */
  leave(): void {
    this.offered = null;
    this.parts.run.setState({ runFile: null });
  }

  /** Says no more why a file could not be opened. */
  closeFailure(): void {
    this.parts.run.setState({ runFileFailure: null });
  }

  private offer(read: ReadRun): void {
    this.offered = read;
    this.parts.run.setState({ runFile: read.offer, runFileFailure: null });
  }

  private async read(file: File): Promise<ReadRun> {
    const { texts } = this.parts;
    const { readCurve, summariseRun } = await format();
    const { query, step, name, text, isModelAlone, firstWeights, head } = await summariseRun(file);
    const link = decodeQuery(query);
    if (linkComplaints(link).length > 0) throw new Error('its configuration is of another version');
    const { preset } = link;
    const dataset = this.datasetOf(link.config, text);
    const config = { ...link.config, dataset: dataset ?? link.config.dataset };
    const history = await readCurve(file, head, factorsOf(config));
    const metrics = history ? metricsOf(history, config.model) : new RunMetrics();
    return {
      offer: {
        name: file.name,
        runName: name ?? runName(config),
        config,
        preset,
        since: changedSince(history?.marks ?? []),
        step,
        text: text.name,
        curveEnd: history === null ? 0 : Math.min(step, history.batch.step.at(-1) ?? 0),
        isModelAlone,
        isTextMissing: dataset === null,
      },
      run: {
        config,
        preset,
        kept: { step, file },
        metrics: metrics.upTo(step),
        text: config.dataset === 'own' ? texts.own : null,
        name: name ?? undefined,
        ...(firstWeights && { firstWeights }),
      },
      weights: { file, step, name: name ?? file.name, model: config.model, preset },
    };
  }

  /**
   * Where the text of a run is: the one that is loaded if it is that, whatever the run calls it, else where the run says; null
   * when that is known to be another, or not there.
   */
  private datasetOf({ dataset }: RunConfig, { sha256 }: RunSummary['text']): DatasetId | null {
    const { run, texts } = this.parts;
    const { corpus, loading } = run.getState();
    const loaded = loading === null ? corpus : null;
    if (loaded?.sha256 === sha256) return loaded.dataset;
    return loaded?.dataset === dataset || (dataset === 'own' && texts.own === null) ? null : dataset;
  }

  private fileName(config: RunConfig, step: number): string {
    return `strata-${slug(this.presentName(config)) || slug(runName(config))}-step-${step}`;
  }

  private presentName(config: RunConfig): string {
    const { runs, presentId } = this.parts.runs.getState();
    return runs.find(({ id }) => id === presentId)?.name ?? runName(config);
  }
}

/** Whether a file has the name of one that this page has saved, and not, say, that of a text. Some disks write it in capitals. */
export function isCalledRun(name: string): boolean {
  return name.toLowerCase().endsWith('.safetensors');
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
}

function factorsOf({ model }: RunConfig): number[] {
  return model.hierarchies.map(({ factor }) => factor);
}
