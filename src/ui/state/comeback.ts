import type { StoreApi } from 'zustand/vanilla';
import type { DatasetId } from '../../config/types.ts';
import type { WorkerEvent } from '../../protocol/events.ts';
import { editConfig, weightsFile } from './config-store.ts';
import type { ConfigStore } from './config-store.ts';
import { clearCurves, rewindCurves } from './curves.ts';
import type { CurvesStore } from './curves.ts';
import type { LiveChanges } from './live-changes.ts';
import { COMPILING, samplesUpTo } from './run-state.ts';
import type { RunPhase, RunState } from './run-state.ts';
import type { TextOpener } from './text-opener.ts';
import type { WorkerLink } from './worker-link.ts';

interface Parts {
  config: ConfigStore;
  run: StoreApi<RunState>;
  curves: CurvesStore;
  worker: WorkerLink;
  texts: TextOpener;
  live: Pick<LiveChanges, 'begin'>;
  /** Gives the present run up. */
  clearRun(): void;
  /** Starts a run of the form if that is possible. */
  start(): void;
}

/** Has runs come back: from a device that was lost, from a copy that was kept. They wait for an adapter and their text. */
export class Comeback {
  private readonly parts: Parts;
  /**
   * What is to happen as soon as adapter and text are there: a run of the form, or the present one. The text is the one of that
   * request: who asks for another has changed their mind.
   */
  private waiting: { what: 'start' | 'go on'; textRequest: number } | null = null;
  /** Whether the run that goes on is to stand still; false again once it stands. */
  private paused = false;
  private readonly recoveries = new Recoveries();

  constructor(parts: Parts) {
    this.parts = parts;
    parts.run.subscribe(({ textRequest, loading }) => {
      if (this.waiting === null || this.waiting.textRequest === textRequest) return;
      const isCancelled = loading === null;
      this.giveUp(
        withoutText(
          isCancelled ? 'The download of its text was cancelled.' : 'Another text was opened before its own came.',
        ),
      );
    });
  }

  get isWaiting(): boolean {
    return this.waiting !== null;
  }

  /**
   * Goes on in a new worker with the present run as it was kept; where nothing was, trains it from the beginning. Without a run,
   * starts one of the form there.
   */
  restart(): void {
    const { config, run, curves } = this.parts;
    const { kept, config: running, phase } = run.getState();
    if (running === null) {
      this.startElsewhere();
      return;
    }
    // A device that is lost again before the run stands changes nothing about that.
    const paused = kept !== null && (this.paused || (phase.name === 'lost' && phase.waits));
    if (kept === null) {
      clearCurves(curves);
      run.setState({ blowUp: null, samples: [] });
    } else {
      run.setState(({ samples }) => ({ samples: samplesUpTo(samples, kept.step) }));
      rewindCurves(curves, kept.step, `${phase.name === 'lost' ? 'GPU lost' : 'failed'}, on from ${kept.step}`);
    }
    // The run goes on with its settings and its text, whatever the form names by now.
    editConfig(config, (form) => ({ ...form, dataset: running.dataset }));
    this.reconnect(true);
    this.paused = paused;
    // Listeners of this phase post commands for the run: the new worker has to be there.
    run.setState({ phase: COMPILING });
    this.wait('go on');
  }

  /** Starts a run of the form in a new worker. */
  startElsewhere(): void {
    this.parts.clearRun();
    this.reconnect(true);
    this.wait('start');
  }

  /** Puts a new worker into the place of one that is of no use any more, with the same text. */
  reconnect(download = isOrComes('enwik8', this.parts.run.getState())): void {
    const { run, worker, texts } = this.parts;
    this.stop();
    const probing = { state: 'probing' } as const;
    run.setState({ adapter: probing });
    setTimeout(() => {
      if (run.getState().adapter === probing) run.setState({ adapter: { ...probing, late: true } });
    }, ANSWER_MS);
    worker.open();
    texts.openAgain(download);
  }

  /** Goes on with the present run as soon as adapter and text are there. */
  goOn(): void {
    this.paused = false;
    this.wait('go on');
  }

  /** Nothing is to happen any more. */
  stop(): void {
    this.waiting = null;
    this.paused = false;
  }

  /** Hears of everything after the state has changed. */
  follow(event: WorkerEvent): void {
    if (this.parts.run.getState().phase.name === 'paused') this.paused = false;
    if (event.type === 'lost') this.recover();
    if (this.waiting === null) return;
    const obstacle = obstacleIn(event, this.waiting.textRequest, this.paused);
    if (obstacle !== null) this.giveUp(obstacle);
    this.proceed();
  }

  private wait(what: 'start' | 'go on'): void {
    this.waiting = { what, textRequest: this.parts.run.getState().textRequest };
    this.proceed();
  }

  private proceed(): void {
    const { waiting, parts } = this;
    if (waiting === null || !isReady(parts.run.getState())) return;
    this.waiting = null;
    if (waiting.what === 'go on') this.build();
    else parts.start();
  }

  /** What was to happen does not; a run that was to go on says why. */
  private giveUp(phase: RunPhase): void {
    const { waiting } = this;
    this.waiting = null;
    if (waiting?.what === 'go on') this.parts.run.setState({ phase });
  }

  /** Has the worker build the present run as it was kept, or anew: the same run, whose curves grow from there. */
  private build(): void {
    const { run, worker, live } = this.parts;
    const { config, kept, begunWith, runId } = run.getState();
    if (config === null) return;
    live.begin(kept?.step ?? 0, config);
    run.setState(({ corpus }) => ({ runCorpus: corpus }));
    const from = kept?.file ?? null;
    // What stands at step 0 begins again with the same weights.
    const weights = from === null ? weightsFile(begunWith) : undefined;
    worker.post({ type: 'start', runId, config, paused: this.paused, from, weights });
  }

  /** Goes on with a run that was kept, or was coming back; without a run, has a device that works for the next. */
  private recover(): void {
    const { run } = this.parts;
    const { phase, kept, adapter } = run.getState();
    const isIdle = phase.name === 'idle';
    if (!isIdle && kept === null && !this.isWaiting) return;
    if (this.recoveries.allow(performance.now())) {
      if (this.waiting?.what === 'start') this.startElsewhere();
      else if (isIdle) this.reconnect();
      else this.restart();
      return;
    }
    this.waiting = null;
    if (isIdle && adapter.state === 'ready') {
      this.stop();
      const message = 'It was lost three times within a minute.';
      run.setState({ adapter: { state: 'no-device', message, info: adapter.info, lost: true } });
    }
  }
}

/** In which browsers say what GPU they have. */
const ANSWER_MS = 10_000;
const MINUTE = 60_000;
const MOST_A_MINUTE = 2;

/** Counts how often the page went on by itself: a device that is lost again and again is not asked for without end. */
class Recoveries {
  private times: number[] = [];

  /** Whether one more is in order at that time, in milliseconds; then it counts. */
  allow(now: number): boolean {
    this.times = this.times.filter((at) => now - at < MINUTE);
    if (this.times.length >= MOST_A_MINUTE) return false;
    this.times.push(now);
    return true;
  }
}

/** Whether that is the text that was asked for last, there by now or not. */
function isOrComes(dataset: DatasetId, { corpus, loading }: RunState): boolean {
  return (loading ?? corpus?.dataset) === dataset;
}

/** Whether there is an adapter, and the text that was asked for last. */
function isReady({ adapter, corpus, loading }: RunState): boolean {
  return adapter.state === 'ready' && corpus !== null && loading === null;
}

/** What a run comes to that was to go on, when its text or an adapter does not come; null for all else. */
function obstacleIn(event: WorkerEvent, textRequest: number, waits: boolean): RunPhase | null {
  if (event.type === 'corpus-failed' && event.requestId === textRequest) return withoutText(event.message);
  if (event.type === 'crashed') return { name: 'failed', failure: { kind: 'internal', message: event.message } };
  if (event.type !== 'adapter' || event.state === 'ready') return null;
  return { name: 'lost', reason: 'unknown', message: event.message, waits };
}

/** What a run comes to that was to go on and has not got its text. */
function withoutText(message: string): RunPhase {
  return { name: 'failed', failure: { kind: 'data', message } };
}
