import type { StoreApi } from 'zustand/vanilla';
import type { DatasetId } from '../../config/types.ts';
import type { WorkerEvent } from '../../protocol/events.ts';
import type { Described } from '../../comparison/same-bytes.ts';
import { editConfig } from './config-store.ts';
import type { ConfigStore } from './config-store.ts';
import type { RunState } from './run-state.ts';
import type { WorkerLink } from './worker-link.ts';

/** A text of the visitor's own. Its bytes are a copy, which stays as it is whatever becomes of the file on the disk. */
export interface OwnText {
  file: Blob;
  name: string;
}

interface Parts {
  config: ConfigStore;
  run: StoreApi<RunState>;
  /** Where the texts are. */
  urls: { embedded: string; enwik8: string };
  worker: Pick<WorkerLink, 'post'>;
}

/** Has the worker load texts, and keeps what it could read of the visitor's own. */
export class TextOpener {
  /** The text of the present run, if it is the visitor's own; another may have been opened since. */
  ofRun: OwnText | null = null;
  private readonly parts: Parts;
  /** What the worker was given and has not answered yet, by the numbers of the requests. */
  private readonly given = new Map<number, OwnText>();
  /** Number of the request whose file is still being copied; of use while no other text was asked for since. */
  private copying: number | null = null;
  private read: OwnText | null = null;
  /** The digest of that. */
  private readDigest: string | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** The visitor's own text that was opened last, of those that could be read. */
  get own(): OwnText | null {
    return this.read;
  }

  /** Loads the text of the form unless it is there, or would have to be downloaded or asked for. */
  openWanted(): void {
    const { corpus, loading } = this.parts.run.getState();
    if ((loading ?? corpus?.dataset) !== this.wanted) this.openThere(this.read);
  }

  /**
   * Loads the text of a run that the form now describes; false where that is one of the visitor's that is not here. The
   * present run's may be another than the one that was opened last.
   */
  openTextOf({ config, text }: Described): boolean {
    if (config.dataset !== 'own') {
      this.openWanted();
      return true;
    }
    if (!text?.sha256) return false;
    const { corpus, loading, runCorpus } = this.parts.run.getState();
    const isLoaded = loading === null && corpus?.dataset === 'own' && corpus.sha256 === text.sha256;
    if (isLoaded) return true;
    const read = this.readDigest === text.sha256 ? this.read : null;
    const here = runCorpus?.sha256 === text.sha256 ? (this.ofRun ?? read) : read;
    if (here === null) return false;
    this.openOwn(here);
    return true;
  }

  /** Loads the text of the form in a worker that has none; enwik8 only if it may be downloaded. */
  openAgain(download: boolean): void {
    const { ofRun, wanted } = this;
    this.parts.run.setState({ corpus: null, download: null });
    // The worker that is there once the file has been copied is given it.
    if (this.copying === this.request && wanted === 'own' && ofRun === null) return;
    this.parts.run.setState({ loading: null });
    const given = this.given.get(this.request) ?? null;
    this.given.clear();
    this.openThere(ofRun ?? given ?? this.read);
    if (wanted === 'enwik8' && download) this.open(wanted);
  }

  /** Has a text loaded that is no file of the visitor's. */
  open(dataset: Exclude<DatasetId, 'own'>): void {
    const requestId = this.load(dataset);
    const { worker, urls } = this.parts;
    if (dataset === 'sample') worker.post({ type: 'use-embedded', requestId, url: urls.embedded });
    else if (dataset === 'enwik8') worker.post({ type: 'use-enwik8', requestId, url: urls.enwik8 });
    else worker.post({ type: 'use-synthetic', requestId, id: dataset });
  }

  /** Opens a file of the visitor's; settles when the worker was given a copy of it. */
  async openFile(file: Blob, name: string): Promise<void> {
    const requestId = this.load('own');
    // Of a file that was opened before this one.
    this.parts.run.setState({ runFileFailure: null });
    this.copying = requestId;
    const copy = await copyOf(file);
    // A copy that is made too late is of no use.
    if (requestId !== this.request) return;
    this.copying = null;
    this.give(requestId, { file: copy, name });
  }

  openOwn(text: OwnText): void {
    this.give(this.load('own'), text);
  }

  cancelDownload(): void {
    this.parts.worker.post({ type: 'cancel-download' });
    this.parts.run.setState({ textRequest: this.request + 1, loading: null, download: null });
    this.returnToLoaded();
  }

  /** Takes a text that has come, if it is still wanted: before the state says that it is there, and somebody asks about it. */
  take(requestId: number): void {
    if (requestId === this.request) this.parts.worker.post({ type: 'take-text', requestId });
  }

  /** Hears of what has become of texts, after the state has changed. */
  follow(event: WorkerEvent): void {
    if (event.type !== 'corpus' && event.type !== 'corpus-failed') return;
    const { requestId } = event;
    const given = this.given.get(requestId);
    this.given.delete(requestId);
    if (requestId !== this.request) return;
    if (event.type === 'corpus-failed') this.returnToLoaded();
    else if (given !== undefined) {
      this.read = given;
      this.readDigest = event.info.sha256;
    }
  }

  private get request(): number {
    return this.parts.run.getState().textRequest;
  }

  private get wanted(): DatasetId {
    return this.parts.config.getState().config.dataset;
  }

  private openThere(own: OwnText | null): void {
    const { wanted } = this;
    if (wanted === 'own') {
      if (own !== null) this.openOwn(own);
    } else if (wanted !== 'enwik8') this.open(wanted);
  }

  private give(requestId: number, text: OwnText): void {
    this.given.set(requestId, text);
    this.parts.worker.post({ type: 'use-file', requestId, ...text });
  }

  /** Says that a text is asked for, and under which number. */
  private load(dataset: DatasetId): number {
    const { run, config } = this.parts;
    const textRequest = this.request + 1;
    run.setState({ textRequest, loading: dataset, corpusFailure: null, download: null });
    // Loading what is asked for already is no edit.
    if (this.wanted !== dataset) editConfig(config, (old) => ({ ...old, dataset }));
    return textRequest;
  }

  /** The text that was wanted does not come: the form names the one that is there. */
  private returnToLoaded(): void {
    const { corpus } = this.parts.run.getState();
    if (corpus !== null) editConfig(this.parts.config, (old) => ({ ...old, dataset: corpus.dataset }));
  }
}

/** The bytes of a file as they are now; the file itself where it cannot be read, for the worker says why. */
async function copyOf(file: Blob): Promise<Blob> {
  try {
    return new Blob([await file.arrayBuffer()]);
  } catch {
    return file;
  }
}
