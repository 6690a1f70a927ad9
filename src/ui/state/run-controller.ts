import type { StoreApi } from 'zustand/vanilla';
import { shortestDecimal } from '../../config/number-text.ts';
import type { Fix } from '../../config/problems.ts';
import type { PresetId } from '../../config/presets.ts';
import type { HotSettings, RunConfig } from '../../config/types.ts';
import type { WorkerEvent } from '../../protocol/events.ts';
import { Comeback } from './comeback.ts';
import { choosePreset, drawWeights, forgetEdits, loadConfig, weightsFile } from './config-store.ts';
import type { ConfigState, ConfigStore } from './config-store.ts';
import { bumpRevision, clearCurves, markChange, rewindCurves } from './curves.ts';
import type { CurvesStore } from './curves.ts';
import { LiveChanges } from './live-changes.ts';
import { longerRun } from './longer-run.ts';
import { startBlocker } from './start-blocker.ts';
import type { Blocker } from './start-blocker.ts';
import { COMPILING, isActive, isCutOff, reduceRun, rewindStep, WITHOUT_RUN } from './run-state.ts';
import type { RunMetrics } from './run-metrics.ts';
import type { RunIdentity, RunState } from './run-state.ts';
import type { OwnText, TextOpener } from './text-opener.ts';
import type { WorkerLink } from './worker-link.ts';

interface Parts {
  worker: WorkerLink;
  texts: TextOpener;
  config: ConfigStore;
  run: StoreApi<RunState>;
  curves: CurvesStore;
  /** Asks for the curves to be drawn anew, soon. */
  requestRevision(): void;
  /** Called as a run begins. */
  onStart(): void;
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

/** What a run is begun with. */
type Chosen = Pick<ConfigState, 'config' | 'preset' | 'weights'>;

/** What a person can do with runs, turned into commands; and the worker's events, turned into state. */
export class RunController {
  private readonly parts: Parts;
  private readonly live: LiveChanges;
  private readonly comeback: Comeback;
  /** A step that was asked for before there was a run. */
  private stepWhenPaused = false;

  constructor(parts: Parts) {
    this.parts = parts;
    parts.worker.listen((event) => this.receive(event));
    this.live = new LiveChanges(parts);
    const { live } = this;
    this.comeback = new Comeback({ ...parts, live, clearRun: () => this.clearRun(), start: () => this.start(false) });
  }

  /** Starts the worker, asks for an adapter, and loads the text of the configuration if that costs no download. */
  open(): void {
    this.comeback.reconnect(false);
  }

  /** Asks for a device again, with the text that is there. */
  askAgain(): void {
    this.comeback.reconnect();
  }

  /** Starts a run of the form; or goes on with the one that is paused, lost its device, or can have more steps. */
  train(): void {
    const { phase } = this.parts.run.getState();
    if (phase.name === 'paused') this.parts.worker.post({ type: 'resume' });
    else if (phase.name === 'lost') this.restart();
    else if (!isActive(phase) && !this.extend()) this.startOver();
  }

  pause(): void {
    const { run, worker } = this.parts;
    if (run.getState().phase.name === 'training') worker.post({ type: 'pause' });
  }

  toggle(): void {
    if (this.parts.run.getState().phase.name === 'training') this.pause();
    else this.train();
  }

  /** Has a run that is through train on, if it is the beginning of what the form asks for. */
  private extend(): boolean {
    const { run, config, onStart } = this.parts;
    const longer = longerRun(run.getState(), config.getState());
    if (longer === null) return false;
    run.setState({ config: longer, phase: COMPILING });
    this.comeback.goOn();
    onStart();
    return true;
  }

  /** One step: of the paused run, else the first of a new one. */
  step(): void {
    const { run, worker } = this.parts;
    const { phase } = run.getState();
    if (phase.name === 'paused') worker.post({ type: 'step' });
    else if (phase.name === 'idle' && this.start(true)) this.stepWhenPaused = true;
  }

  /** Starts a run of the form in place of the present one. Where that cannot start, says why and leaves the run alone. */
  startOver(): Blocker | null {
    const { config, run } = this.parts;
    const blocker = startBlocker(config.getState(), run.getState());
    if (blocker !== null) return blocker;
    if (isCutOff(run.getState().phase)) this.comeback.startElsewhere();
    else this.start(false);
    return null;
  }

  /** Starts a run of another configuration than the form's, which stays as it is, in place of the present one. Or says why not. */
  trainBeside(chosen: Omit<Chosen, 'weights'> & Partial<Chosen>): Blocker | null {
    const { config, preset, weights = null } = chosen;
    const blocker = startBlocker({ config, drafts: {}, weights }, this.parts.run.getState());
    if (blocker !== null) return blocker;
    forgetEdits(this.parts.config);
    this.begin({ config, preset, weights }, false);
    return null;
  }

  /** Takes a run that went wrong back to where it was sound and trains on with a remedy, and with what was edited since. */
  rewind(remedy: Pick<Fix, 'apply'>): void {
    if (rewindStep(this.parts.run.getState()) === null) return;
    this.live.takeUpRemedy(remedy);
    this.parts.worker.post({ type: 'rewind' });
  }

  /** What the run was trained with up to a step, if it has had other settings since. */
  settingsBefore(step: number): HotSettings | null {
    return this.live.settingsBefore(step);
  }

  /** Says no more that losses have blown up. */
  closeBlowUp(): void {
    this.parts.run.setState({ blowUp: null });
  }

  /** Gives the run up and frees the GPU; the form stays as it is. */
  reset(): void {
    const { run, worker } = this.parts;
    const { phase } = run.getState();
    this.clearRun();
    // The run that ends is one of them once the worker has let go of it; a list without it would be wrong until then.
    run.setState({ earlier: [] });
    if (isCutOff(phase)) this.comeback.reconnect();
    worker.post({ type: 'reset' });
  }

  /** Replaces a worker whose device is lost, or that crashed. Its run goes on from what was kept, else from the beginning. */
  restart(): void {
    this.stepWhenPaused = false;
    this.comeback.restart();
  }

  /** Goes on with a run of another page as soon as adapter and text are there; the form shows its configuration. */
  adopt({ config, preset, kept, metrics, text, ...identity }: AdoptedRun): void {
    const { run, curves, worker, texts } = this.parts;
    const { phase } = run.getState();
    this.clearRun();
    loadConfig(this.parts.config, preset, config);
    drawWeights(this.parts.config);
    const { firstWeights = null } = identity;
    run.setState({ config, preset, kept, adopted: identity, firstWeights, phase: COMPILING });
    curves.setState(({ revision }) => ({ metrics, revision: revision + 1 }));
    this.parts.onStart();
    texts.ofRun = text;
    if (isCutOff(phase)) this.comeback.reconnect(true);
    else if (text !== null) texts.openOwn(text);
    else if (config.dataset === 'enwik8') texts.open('enwik8');
    else texts.openWanted();
    this.comeback.goOn();
    // It takes the place of the run before, which does not train on while this one waits for its text.
    if (this.comeback.isWaiting && phase.name !== 'idle') worker.post({ type: 'reset' });
  }

  private start(paused: boolean): boolean {
    const { config, run, onStart } = this.parts;
    const form = config.getState();
    if (startBlocker(form, run.getState()) !== null) return false;
    this.begin(form, paused);
    onStart();
    return true;
  }

  /** Has a run built on the text that is loaded. */
  private begin({ config, preset, weights }: Chosen, paused: boolean): void {
    const { run, curves, worker, texts } = this.parts;
    this.clearRun();
    curves.getState().metrics.clock.ask(performance.now() / 1000);
    const { runId, corpus } = run.getState();
    texts.ofRun = config.dataset === 'own' ? texts.own : null;
    run.setState({ config, preset, begunWith: weights, phase: COMPILING });
    this.live.begin(0, config);
    worker.post({ type: 'start', runId, config, paused, from: null, weights: weightsFile(weights) });
    run.setState({ runCorpus: corpus });
  }

  /** No run, and a new number for the next, so that late events of this one are dropped. */
  private clearRun(): void {
    const { run, curves, texts } = this.parts;
    texts.ofRun = null;
    this.stepWhenPaused = false;
    this.comeback.stop();
    run.setState(({ runId }) => ({ runId: runId + 1, ...WITHOUT_RUN }));
    clearCurves(curves);
  }

  private receive(event: WorkerEvent): void {
    const { run, curves, texts } = this.parts;
    if (event.type === 'metrics' && event.batch.runId === run.getState().runId) {
      curves.getState().metrics.append(event.batch, (step) => this.live.settingsAt(step));
      this.followClock(event);
      this.parts.requestRevision();
    } else if (event.type === 'validation' && event.runId === run.getState().runId) {
      curves.getState().metrics.appendValidation(event.step, event.bpb, event.spread);
      this.parts.requestRevision();
    } else if (event.type === 'scored' && event.score !== null && event.runId === run.getState().runId) {
      curves.getState().metrics.testScore = event.score;
      bumpRevision(curves);
    } else {
      if (event.type === 'corpus') texts.take(event.requestId);
      run.setState((state) => reduceRun(state, event));
      this.follow(event);
    }
  }

  /** What an event leads to, beyond being remembered. */
  private follow(event: WorkerEvent): void {
    const { config, curves, texts } = this.parts;
    if ('runId' in event && event.runId === this.parts.run.getState().runId) this.followRun(event);
    // The last values of a phase are shown at once.
    if (event.type === 'paused' || event.type === 'done' || event.type === 'diverged') bumpRevision(curves);
    if (event.type === 'adapter' && event.state === 'ready' && event.info.software && !config.getState().touched) {
      choosePreset(config, 'micro');
    }
    texts.follow(event);
    this.comeback.follow(event);
  }

  private followClock(event: WorkerEvent): void {
    const { clock, lastStep } = this.parts.curves.getState().metrics;
    clock.follow(event, lastStep, performance.now() / 1000);
  }

  /** What an event of the present run leads to. */
  private followRun(event: WorkerEvent): void {
    const { run, curves, worker } = this.parts;
    this.live.follow(event);
    this.followClock(event);
    if (event.type === 'rewound') {
      const rate = run.getState().config?.training.learningRate ?? 0;
      rewindCurves(curves, event.step, `back to ${event.step}, learning rate ${shortestDecimal(rate)}`);
    }
    // What was edited while it was built, or was away.
    if (event.type === 'started' || event.type === 'resumed') this.live.takeUpEdits();
    if (event.type === 'adjusted') {
      markChange(curves, event.step, event.changed, this.live.settingsAt(event.step));
    }
    if (event.type === 'paused' && this.stepWhenPaused) {
      this.stepWhenPaused = false;
      worker.post({ type: 'step' });
    }
  }
}
