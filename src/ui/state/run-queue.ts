import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { queuedName } from '../compare/queue/queued-name.ts';
import type { ConfigState } from './config-store.ts';
import type { CurvesStore } from './curves.ts';
import { nextSeeds, whyNotRepeated, withSeed } from './more-seeds.ts';
import { readQueue, writeQueue } from './queue-storage.ts';
import { whyNoRoom, whyNotAdded, whyNotNow } from './queued-run.ts';
import type { QueuedRun } from './queued-run.ts';
import type { RunController } from './run-controller.ts';
import { isCutOff } from './run-state.ts';
import type { RunState } from './run-state.ts';
import { canPin, renameRun, togglePin } from './runs.ts';
import type { RunRecord, RunsStore } from './runs.ts';
import type { Beginning } from './start-blocker.ts';
import type { TestScorer } from './test-scorer.ts';

/** What the next run waits for. */
export type QueueWait =
  /** The present run is to come to its end, to be measured, to be kept; the next begins by itself. */
  | { why: 'training' | 'paused' | 'measuring' | 'keeping' }
  /** Somebody is to say how to go on: the present run went wrong, was opened when it was through, or there is none. */
  | { why: 'diverged' | 'failed' | 'lost' | 'opened' | 'no run' }
  /** An adapter, a text, or other settings. */
  | { why: 'blocked'; reason: string };

export interface QueueState {
  /** The next one first. */
  waiting: readonly QueuedRun[];
  /** Null when nothing waits. */
  wait: QueueWait | null;
  /** The run that was begun last of those that waited: its number in the run state, and what it was called until then. */
  begun: { runId: number; name: string } | null;
}

interface Parts {
  run: StoreApi<RunState>;
  curves: CurvesStore;
  runs: RunsStore;
  controller: Pick<RunController, 'trainBeside' | 'reset'>;
  scorer: Pick<TestScorer, 'store' | 'measure'>;
  /** Where it is kept what waits, for as long as the tab is there. */
  storage(): Storage;
}

/**
 * Runs that are trained one after another, unattended. The next begins once the present run is through, has been measured on
 * the test part of its text, and is kept; or when somebody says so.
 */
export class RunQueue {
  readonly store: StoreApi<QueueState>;
  private readonly parts: Parts;
  /** Number of the run after which the next begins by itself: one that was trained here, or that somebody has named. */
  private followed: number | null = null;
  /** Number of the run that somebody does not want to wait for any longer. */
  private passedOver: number | null = null;
  /** Number of the run whose end was measured, as far as that was possible and wanted. */
  private measured: number | null = null;
  /** Number of the run of which the worker has told that it cannot be kept, and of which there is no newer copy. */
  private unkept: number | null = null;
  /**
   * The run that was begun last, as long as nothing of it is kept: with the page, or its device, it would be lost. `isCutOff`
   * says whether it was, and does not train again yet: given up, it waits once more.
   */
  private unsafe: { runId: number; queued: QueuedRun; isCutOff: boolean } | null = null;
  private isDue = false;

  constructor(parts: Parts) {
    this.parts = parts;
    this.store = createStore<QueueState>(() => ({ waiting: readQueue(parts.storage), wait: null, begun: null }));
    this.store.subscribe(({ waiting }, before) => {
      if (waiting !== before.waiting) this.write();
    });
    parts.run.subscribe((state, before) => {
      this.note(state, before);
      this.consider();
    });
    parts.scorer.store.subscribe(({ share }) => {
      const { phase, runId } = parts.run.getState();
      // Whoever has begun it: what somebody stops is not begun again.
      if (share !== null && phase.name === 'done') this.measured = runId;
      this.consider();
    });
    this.consider();
  }

  /** Has a run trained so many times more, with its next seeds, after all that waits. Those seeds; none where it cannot be. */
  repeat(run: RunRecord, count: number): readonly number[] {
    const page = this.parts.run.getState();
    const { waiting } = this.store.getState();
    const { corpus } = page;
    if (corpus === null || (whyNotRepeated(run, page) ?? whyNoRoom(waiting, count)) !== null) return [];
    const seeds = nextSeeds(run, count, [...this.parts.runs.getState().runs, ...waiting]);
    this.train(seeds.map((seed) => withSeed(run, seed, corpus)));
    return seeds;
  }

  /** Has runs trained after all that waits; at once where the present one is through, or there is none. */
  train(more: readonly QueuedRun[]): void {
    this.followed = this.parts.run.getState().runId;
    this.append(more);
  }

  /** Has what the form holds trained after all that waits, if it can be. */
  add(form: Beginning & Pick<ConfigState, 'preset'>): void {
    const page = this.parts.run.getState();
    if (page.corpus === null || whyNotAdded(form, page, this.store.getState().waiting) !== null) return;
    this.append([{ config: form.config, preset: form.preset, text: page.corpus }]);
  }

  /** Takes back the one that is at that place. */
  remove(at: number): void {
    this.store.setState(({ waiting }) => ({ waiting: waiting.filter((_, place) => place !== at) }));
    this.consider();
  }

  clear(): void {
    this.store.setState({ waiting: [], wait: null });
  }

  /**
   * Begins the next one, whatever has become of the present run; as soon as there is a device, if that is lost or the worker has
   * crashed. One that waited and was lost with it begins once more.
   */
  goOn(): void {
    const { run, controller } = this.parts;
    if (isCutOff(run.getState().phase)) controller.reset();
    this.passedOver = run.getState().runId;
    this.consider();
  }

  private append(more: readonly QueuedRun[]): void {
    this.store.setState(({ waiting }) => ({ waiting: [...waiting, ...more] }));
    this.consider();
  }

  private note({ phase, runId, config, kept, unkept }: RunState, before: Pick<RunState, 'kept'>): void {
    if (kept !== null && kept !== before.kept) this.unkept = null;
    if (unkept !== null && unkept.why !== 'storage') this.unkept = runId;
    const { unsafe } = this;
    if (unsafe !== null && unsafe.runId === runId) {
      if (phase.name === 'training') unsafe.isCutOff = false;
      if (isCutOff(phase)) unsafe.isCutOff = true;
    }
    const isAllThereWillBe = phase.name === 'done' && this.unkept === runId;
    if (unsafe !== null && (unsafe.runId !== runId || kept !== null || isAllThereWillBe)) {
      this.unsafe = null;
      if (unsafe.isCutOff && kept === null)
        this.store.setState(({ waiting }) => ({ waiting: [unsafe.queued, ...waiting] }));
      this.write();
    }
    if (phase.name === 'compiling' || phase.name === 'training') {
      this.passedOver = null;
      this.measured = null;
    }
    const isBeforeItsEnd = config !== null && this.parts.curves.getState().metrics.madeSteps < config.training.steps;
    if (phase.name === 'training' && isBeforeItsEnd) this.followed = runId;
  }

  /** Does what is next once all have heard of what has happened: they would take the next run for the one that it was about. */
  private consider(): void {
    if (this.isDue) return;
    this.isDue = true;
    queueMicrotask(() => {
      this.isDue = false;
      this.proceed();
    });
  }

  private proceed(): void {
    // What would begin now would be given up at once.
    if (this.parts.run.getState().taking) return;
    if (this.isToBeMeasured) this.parts.scorer.measure();
    const { waiting } = this.store.getState();
    const [next] = waiting;
    const wait = next === undefined ? null : (this.presentRun ?? this.obstacleTo(next));
    if (next !== undefined && wait === null) this.begin(next);
    else this.say(wait);
  }

  private begin(next: QueuedRun): void {
    const { controller, run, runs } = this.parts;
    const name = queuedName(next, runs.getState().runs);
    if (controller.trainBeside(next) !== null) return;
    const { runId } = run.getState();
    if (next.name !== undefined) {
      renameRun(runs, runId, next.name);
      if (canPin(runs.getState(), runId)) togglePin(runs, runId);
    }
    this.unsafe = { runId, queued: next, isCutOff: false };
    this.store.setState(({ waiting }) => ({
      waiting: waiting.filter((each) => each !== next),
      begun: { runId, name },
    }));
  }

  private write(): void {
    const { waiting } = this.store.getState();
    writeQueue(this.parts.storage, this.unsafe === null ? waiting : [this.unsafe.queued, ...waiting]);
  }

  /** What of the present run the next one waits for; null when that is all there. */
  private get presentRun(): QueueWait | null {
    const { phase, runId, config, kept } = this.parts.run.getState();
    if (this.passedOver === runId) return null;
    switch (phase.name) {
      case 'compiling':
      case 'training':
        return { why: 'training' };
      case 'paused':
      case 'diverged':
      case 'failed':
      case 'lost':
        return { why: phase.name };
      case 'idle':
        return this.followed === runId ? null : { why: 'no run' };
      case 'done':
        if (this.followed !== runId) return { why: 'opened' };
        if (this.parts.scorer.store.getState().share !== null) return { why: 'measuring' };
        return kept?.step === config?.training.steps || this.unkept === runId ? null : { why: 'keeping' };
    }
  }

  private obstacleTo(next: QueuedRun): QueueWait | null {
    const reason = whyNotNow(next, this.parts.run.getState());
    return reason === null ? null : { why: 'blocked', reason };
  }

  /** Whether the present run is through and one that seeds are compared by, and has no figure of its end. */
  private get isToBeMeasured(): boolean {
    const { phase, runId, config } = this.parts.run.getState();
    const { waiting, begun } = this.store.getState();
    if (phase.name !== 'done' || this.followed !== runId || this.passedOver === runId) return false;
    if (this.measured === runId || (waiting.length === 0 && begun?.runId !== runId)) return false;
    return this.parts.curves.getState().metrics.testScore?.step !== config?.training.steps;
  }

  private say(wait: QueueWait | null): void {
    const { wait: said } = this.store.getState();
    if (JSON.stringify(wait) !== JSON.stringify(said)) this.store.setState({ wait });
  }
}
