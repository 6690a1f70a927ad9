import type { StoreApi } from 'zustand/vanilla';
import { changedSettings, hotSettings, takenUp, withHotSettings } from '../../config/hot-settings.ts';
import type { HotName } from '../../config/hot-settings.ts';
import { shortestDecimal } from '../../config/number-text.ts';
import type { PresetId } from '../../config/presets.ts';
import type { RunConfig } from '../../config/types.ts';
import { WorkerClient } from '../../protocol/client.ts';
import type { WorkerPort } from '../../protocol/client.ts';
import type { Command } from '../../protocol/commands.ts';
import type { WorkerEvent } from '../../protocol/events.ts';
import type { Described } from '../compare/run-text.ts';
import { choosePreset, editConfig, loadConfig } from './config-store.ts';
import type { ConfigStore } from './config-store.ts';
import { bumpRevision, clearCurves, markChange, rewindCurves } from './curves.ts';
import type { CurvesStore } from './curves.ts';
import { isReady, obstacleIn, Recoveries, withoutText } from './going-on.ts';
import { longerRun } from './longer-run.ts';
import { startBlocker } from './start-blocker.ts';
import type { Blocker } from './start-blocker.ts';
import { isActive, reduceRun, WITHOUT_RUN } from './run-state.ts';
import type { RunMetrics } from './run-metrics.ts';
import type { RunIdentity, RunPhase, RunState } from './run-state.ts';
import { TextOpener } from './text-opener.ts';
import type { OwnText } from './text-opener.ts';

const COMPILING: RunPhase = { name: 'compiling', done: 0, total: 0 };

export interface ControllerParts {
  /** Starts a worker. */
  connect(): WorkerPort;
  config: ConfigStore;
  run: StoreApi<RunState>;
  curves: CurvesStore;
  /** Asks for the curves to be drawn anew, soon. */
  requestRevision(): void;
  /** Called as a run begins. */
  onStart(): void;
  /** Where the texts are. */
  urls: { embedded: string; enwik8: string };
}

/** A run that was kept by another page, and what it had measured. */
export interface AdoptedRun extends RunIdentity {
  config: RunConfig;
  /** What its form counted from. */
  preset: PresetId;
  kept: NonNullable<RunState['kept']>;
  metrics: RunMetrics;
  /** Its text, if that was the visitor's own. */
  text: OwnText | null;
}

/** Commands that change nothing about run or text. */
type Aside = Extract<
  Command,
  { type: 'calibrate' | 'inspect' | 'attention-row' | 'peek' | 'watch' | 'sample' | 'stop-sample' | 'visibility' }
>;

/** What a person can do with runs and texts, turned into commands; and the worker's events, turned into state. */
export class RunController {
  private readonly parts: ControllerParts;
  private client: WorkerClient | null = null;
  private readonly texts: TextOpener;
  /** The text of the present run, if it is the visitor's own; another may have been opened since. */
  private textOfRun: OwnText | null = null;
  /** A step that was asked for before there was a run. */
  private stepWhenPaused = false;
  /** A lost run is to be started again, or to go on, as soon as adapter and text are back. */
  private whenReady: 'start' | 'go on' | null = null;
  /** Whether that run stood still, and is to stand still again. */
  private goesOnPaused = false;
  private readonly recoveries = new Recoveries();
  private readonly listeners = new Set<(event: WorkerEvent) => void>();
  private requests = 0;

  constructor(parts: ControllerParts) {
    this.parts = parts;
    const { config, run, urls } = parts;
    this.texts = new TextOpener({ config, run, urls, post: (command) => this.client?.post(command) });
    parts.config.subscribe((form, before) => {
      if (form.edits !== before.edits) this.adjust();
    });
  }

  /** Starts the worker, asks for an adapter, and loads the text of the configuration if that costs no download. */
  open(): void {
    this.connect();
    this.texts.openWanted();
  }

  private connect(): void {
    const client = new WorkerClient(this.parts.connect(), {
      onEvent: (event) => this.receive(event),
      onCrash: (message) => this.crash(message),
    });
    this.client = client;
    this.parts.run.setState({ adapter: { state: 'probing' } });
    client.post({ type: 'probe' });
  }

  /** Loads the text of the form unless it is there, or would have to be downloaded or asked for. */
  openText(): void {
    this.texts.openWanted();
  }

  /** Loads the text of a run that the form now describes; false where that is one of the visitor's that is not here. */
  openTextOf(run: Described): boolean {
    return this.texts.openTextOf(run, this.textOfRun);
  }

  /** Starts a run of the form, or goes on with the one that is paused, lost its device, or can have more steps. */
  train(): void {
    const { phase } = this.parts.run.getState();
    if (phase.name === 'paused') this.client?.post({ type: 'resume' });
    else if (phase.name === 'lost') this.restart();
    else if (!isActive(phase) && !this.extend()) this.start(false);
  }

  pause(): void {
    if (this.parts.run.getState().phase.name === 'training') this.client?.post({ type: 'pause' });
  }

  toggle(): void {
    if (this.parts.run.getState().phase.name === 'training') this.pause();
    else this.train();
  }

  /** Has a run that is through train on, if it is the beginning of what the form asks for. */
  private extend(): boolean {
    const longer = longerRun(this.parts.run.getState(), this.parts.config.getState());
    if (longer === null) return false;
    this.parts.run.setState({ config: longer, phase: COMPILING });
    this.goesOnPaused = false;
    this.goOn();
    this.parts.onStart();
    return true;
  }

  /** One step: of the paused run, else the first of a new one. */
  step(): void {
    const { phase } = this.parts.run.getState();
    if (phase.name === 'paused') this.client?.post({ type: 'step' });
    else if (phase.name === 'idle' && this.start(true)) this.stepWhenPaused = true;
  }

  /** Starts a run of the form in place of the present one. Where that cannot start, says why and leaves the run alone. */
  startOver(): Blocker | null {
    const { config, run } = this.parts;
    const blocker = startBlocker(config.getState(), run.getState());
    if (blocker !== null) return blocker;
    if (run.getState().phase.name === 'lost') this.startElsewhere();
    else this.start(false);
    return null;
  }

  /** Takes a diverged run back to where it was sound and trains on, with what the form now says that it can take up. */
  rewind(): void {
    const { phase } = this.parts.run.getState();
    if (phase.name !== 'diverged' || phase.rewindStep === null) return;
    const { drafts } = this.parts.config.getState();
    this.takeUp((name) => !(name in drafts));
    this.client?.post({ type: 'rewind' });
  }

  /** Gives the run up and frees the GPU; the form stays as it is. */
  reset(): void {
    const { phase } = this.parts.run.getState();
    this.clearRun();
    if (phase.name === 'lost') this.reconnect();
    this.client?.post({ type: 'reset' });
  }

  /** Replaces a worker whose device is lost, or that crashed. Its run goes on from what was kept, else starts anew. */
  restart(): void {
    const { kept, config: running, phase } = this.parts.run.getState();
    if (kept === null || running === null) {
      this.startElsewhere();
      return;
    }
    this.whenReady = 'go on';
    this.goesOnPaused = phase.name === 'lost' && phase.waits;
    const what = phase.name === 'lost' ? 'device lost' : 'failed';
    rewindCurves(this.parts.curves, kept.step, `${what}, on from ${kept.step}`);
    // The run goes on with its text, whatever the form names by now.
    editConfig(this.parts.config, (form) => ({ ...form, dataset: running.dataset }));
    this.reconnect(true);
    // Who hears of this and has something to say to the run says it to the new worker.
    this.parts.run.setState({ phase: COMPILING });
  }

  /** Goes on with a run of another page as soon as adapter and text are there; the form shows its configuration. */
  adopt({ config, preset, kept, metrics, text, name, inPlaceOf }: AdoptedRun): void {
    const { run, curves } = this.parts;
    const { phase } = run.getState();
    this.clearRun();
    loadConfig(this.parts.config, preset, config);
    this.goesOnPaused = false;
    run.setState({ config, kept, adopted: { name, inPlaceOf }, phase: COMPILING });
    curves.setState(({ revision }) => ({ metrics, revision: revision + 1 }));
    this.parts.onStart();
    this.whenReady = 'go on';
    this.textOfRun = text;
    if (phase.name === 'lost') this.reconnect(true);
    else if (text !== null) this.texts.openOwn(text);
    else if (config.dataset === 'enwik8') this.openEnwik8();
    else this.openText();
    this.goOnWhenReady();
    // It takes the place of the run before, which does not train on while this one waits for its text.
    if (this.whenReady !== null && phase.name !== 'idle') this.client?.post({ type: 'reset' });
  }

  /** The visitor's own text that was opened last, of those that could be read. */
  get ownText(): OwnText | null {
    return this.texts.own;
  }

  /** The text of the present run, if it is the visitor's own. */
  get runText(): OwnText | null {
    return this.textOfRun;
  }

  openSample(): void {
    this.texts.openSample();
  }

  openEnwik8(): void {
    this.texts.openEnwik8();
  }

  /** Opens a file as a text; settles when the worker was given a copy of it. */
  openFile(file: Blob, name: string): Promise<void> {
    return this.texts.openFile(file, name);
  }

  /** Sends a command that changes nothing about run or text. */
  send(command: Aside): void {
    this.client?.post(command);
  }

  /** A number that no other request of this page has; 0 is for what the worker tells by itself. */
  newRequestId(): number {
    return ++this.requests;
  }

  /** Hears of every event after it has changed the state. The function that it returns ends that. */
  listen(listener: (event: WorkerEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  cancelDownload(): void {
    this.texts.cancelDownload();
    if (this.whenReady === 'go on') {
      this.parts.run.setState({ phase: withoutText('The download of its text was cancelled.') });
    }
    this.whenReady = null;
  }

  private start(paused: boolean): boolean {
    const { config, run } = this.parts;
    const blocker = startBlocker(config.getState(), run.getState());
    if (blocker !== null) return false;
    this.clearRun();
    const { runId } = run.getState();
    const chosen = config.getState().config;
    this.textOfRun = chosen.dataset === 'own' ? this.texts.own : null;
    run.setState({ config: chosen, phase: COMPILING });
    this.client?.post({ type: 'start', runId, config: chosen, paused, from: null });
    this.parts.onStart();
    run.setState(({ corpus }) => ({ runCorpus: corpus }));
    return true;
  }

  /** Starts a run of the form in a new worker. */
  private startElsewhere(): void {
    this.clearRun();
    this.whenReady = 'start';
    this.reconnect(true);
  }

  /** Puts a new worker into the place of one that is of no use any more, with the same text. */
  private reconnect(download = this.parts.run.getState().corpus?.dataset === 'enwik8'): void {
    this.client?.terminate();
    this.connect();
    this.texts.openAgain(this.textOfRun, download);
  }

  /** Has a new worker go on with the run that was kept: the same run, whose curves grow from there. */
  private goOn(): void {
    const { run } = this.parts;
    const { config, kept, runId } = run.getState();
    if (config === null || kept === null) return;
    run.setState(({ corpus }) => ({ runCorpus: corpus }));
    this.client?.post({ type: 'start', runId, config, paused: this.goesOnPaused, from: kept.file });
  }

  /** Goes on with a run that was kept; without a run, has a device that works for the next. */
  private recover(): void {
    const { run } = this.parts;
    const { phase, kept, adapter } = run.getState();
    const isIdle = phase.name === 'idle';
    if (!isIdle && kept === null) return;
    if (this.recoveries.allow(performance.now())) {
      if (isIdle) this.reconnect();
      else this.restart();
    } else if (isIdle && adapter.state === 'ready') {
      const message = 'It was lost three times within a minute.';
      run.setState({ adapter: { state: 'no-device', message, info: adapter.info } });
    }
  }

  /** Hands the running run the live settings whose edit is finished; the rest waits for the next run. */
  private adjust(): void {
    const { config, run } = this.parts;
    const { phase } = run.getState();
    const { edits } = config.getState();
    if (isActive(phase) && phase.name !== 'compiling') this.takeUp((name) => edits[name] === 'finished');
  }

  private takeUp(inQuestion: (name: HotName) => boolean): void {
    const { config, run } = this.parts;
    const { config: running } = run.getState();
    if (running === null) return;
    const before = hotSettings(running);
    const settings = takenUp(before, hotSettings(config.getState().config), inQuestion);
    if (Object.keys(changedSettings(before, settings)).length === 0) return;
    run.setState({ config: withHotSettings(running, settings) });
    this.client?.post({ type: 'adjust', settings });
  }

  /** No run, and a new number for the next, so that late events of this one are dropped. */
  private clearRun(): void {
    const { run, curves } = this.parts;
    this.textOfRun = null;
    this.stepWhenPaused = false;
    this.whenReady = null;
    run.setState(({ runId }) => ({
      runId: runId + 1,
      ...WITHOUT_RUN,
    }));
    clearCurves(curves);
  }

  private receive(event: WorkerEvent): void {
    const { run, curves } = this.parts;
    if (event.type === 'metrics' && event.batch.runId === run.getState().runId) {
      const { config } = run.getState();
      if (config !== null) curves.getState().metrics.append(event.batch, config.model);
      this.parts.requestRevision();
    } else if (event.type === 'validation' && event.runId === run.getState().runId) {
      curves.getState().metrics.appendValidation(event.step, event.bpb, event.spread);
      this.parts.requestRevision();
    } else {
      run.setState((state) => reduceRun(state, event));
      this.follow(event);
    }
    for (const listener of this.listeners) listener(event);
  }

  /** What an event leads to, beyond being remembered. */
  private follow(event: WorkerEvent): void {
    const { config, run, curves } = this.parts;
    if (event.type === 'rewound' && event.runId === run.getState().runId) {
      const rate = run.getState().config?.training.learningRate ?? 0;
      rewindCurves(curves, event.step, `back to ${event.step}, learning rate ${shortestDecimal(rate)}`);
    }
    // What was edited while it was built, or was away.
    if ((event.type === 'started' || event.type === 'resumed') && event.runId === run.getState().runId) this.adjust();
    if (event.type === 'adjusted' && event.runId === run.getState().runId)
      markChange(curves, event.step, event.changed);
    // The last values of a phase are shown at once.
    if (event.type === 'paused' || event.type === 'done' || event.type === 'diverged') bumpRevision(curves);
    if (event.type === 'adapter' && event.state === 'ready' && event.info.software && !config.getState().touched) {
      choosePreset(config, 'micro');
    }
    this.texts.follow(event);
    if (event.type === 'paused' && this.stepWhenPaused && event.runId === run.getState().runId) {
      this.stepWhenPaused = false;
      this.client?.post({ type: 'step' });
    }
    if (event.type === 'lost') this.recover();
    const obstacle = this.whenReady === 'go on' ? obstacleIn(event, this.goesOnPaused) : null;
    if (obstacle !== null) {
      this.whenReady = null;
      run.setState({ phase: obstacle });
    }
    this.goOnWhenReady();
  }

  private goOnWhenReady(): void {
    if (this.whenReady === null || !isReady(this.parts.run.getState())) return;
    if (this.whenReady === 'go on') this.goOn();
    else if (!this.start(false)) return;
    this.whenReady = null;
  }

  private crash(message: string): void {
    this.parts.run.setState({ phase: { name: 'failed', failure: { kind: 'internal', message } } });
  }
}
