import { Sampler } from '../data/sampler.ts';
import type { RunOptions } from './build-run.ts';
import type { Figures } from './figures.ts';
import type { Inspections } from './inspection/inspections.ts';
import type { LiveSettings } from './live-settings.ts';
import { makeTaskYielder } from './time/next-task.ts';
import type { Pace } from './passes/pace.ts';
import type { TrainingSession } from './passes/training-session.ts';
import type { Validator } from './passes/validator.ts';
import type { LossWatch } from './saving/loss-watch.ts';
import type { Scores } from './scoring/scores.ts';
import type { ActiveTime } from './time/active-time.ts';
import { now } from './time/now.ts';
import type { Rhythm } from './time/rhythm.ts';
import type { Samples } from './writing/samples.ts';

type Phase = 'paused' | 'training' | 'failed' | 'stopped';

/** What the loop drives, and what it lets happen between steps. */
interface Parts {
  session: TrainingSession;
  validator: Validator;
  settings: LiveSettings;
  figures: Figures;
  samples: Samples;
  inspections: Inspections;
  scores: Scores;
  pace: Pace;
  losses: LossWatch;
  rhythm: Rhythm;
  active: ActiveTime;
}

/** Makes a run's steps, submit after submit, until it is to stand still, is through, or goes wrong; and says which. */
export class TrainingLoop {
  private readonly options: RunOptions;
  private readonly parts: Parts;
  private readonly sampler: Sampler;
  private readonly task = makeTaskYielder();
  private phase: Phase = 'paused';
  /** The step after which the loop stands still, whether or not the run is at its end. */
  private limit = Infinity;
  /** Settles when the loop has come to its end. */
  private standstill: Promise<void> = Promise.resolve();
  /** Whether it has not, although it may have been told to. */
  private running = false;
  /** Whether it comes to its end in order to go back. */
  private goesBack = false;

  constructor(options: RunOptions, parts: Parts) {
    this.options = options;
    this.parts = parts;
    this.sampler = new Sampler(options.corpus, 'train', options.config.training.seed);
    // A passage may be read before the first step.
    options.gpu.bePatient(parts.pace.patience);
  }

  /** Goes on until paused, done or diverged, from a single step as well. The promise settles when the run stands still again. */
  resume(): Promise<void> {
    const { emit, runId } = this.options;
    const isLimited = this.phase === 'training' && this.limit < Infinity;
    if ((this.phase === 'paused' || isLimited) && this.canGoOn) {
      emit({ type: 'resumed', runId });
      this.begin(Infinity);
    }
    return this.standstill;
  }

  /** Runs exactly so many steps (fewer where the run ends) and stands still again. */
  advance(steps: number): Promise<void> {
    if (steps > 0 && this.phase === 'paused' && this.canGoOn) this.begin(steps);
    return this.standstill;
  }

  /** Stands still after what is under way; the promise settles then. */
  pause(): Promise<void> {
    if (this.phase === 'training') this.phase = 'paused';
    return this.standstill;
  }

  /** Goes on from the restore point of a run that has diverged, or whose losses have blown up, if it has one. */
  async rewind(): Promise<void> {
    if (this.running && this.rewindStep !== null) {
      this.goesBack = true;
      await this.standstill;
      this.goesBack = false;
      // Meanwhile losses may have come down.
      if (this.rewindStep === null) return this.resume();
    }
    return this.goBackTo(this.rewindStep) === null ? this.standstill : this.resume();
  }

  /**
   * Takes a run that stands still and has gone wrong, or whose last losses were high, to its restore point, and tells its step;
   * null for another, or without one.
   */
  goBack(): number | null {
    const { figures, losses } = this.parts;
    return this.goBackTo(losses.goesWell && figures.notFiniteStep === null ? null : this.soundStep);
  }

  private goBackTo(step: number | null): number | null {
    const { emit, runId } = this.options;
    const { session, validator, losses } = this.parts;
    if (step === null || this.phase !== 'paused' || this.running) return null;
    validator.drop();
    session.rewind(step);
    losses.goBack(step);
    emit({ type: 'rewound', runId, step });
    return step;
  }

  /** Keeps what the steps submitted so far have made until the settings of the next have proven themselves. */
  keepWayBack(): void {
    const { session, figures, losses } = this.parts;
    if (!this.isUsable || figures.notFiniteStep !== null || losses.hasBlownUp || losses.isTried) return;
    session.restorePoints.takeNow(session.step, losses.soundUntil);
    losses.changed(session.step);
  }

  /** Says that losses have blown up, or have come down again. */
  tellBlowUp(): void {
    const { emit, runId } = this.options;
    const { wellUntil, best, hasBlownUp } = this.parts.losses;
    const blowUp = hasBlownUp ? { wellUntil, best, rewindStep: this.rewindStep } : null;
    emit({ type: 'blown-up', runId, blowUp });
  }

  /** Says what has gone wrong and makes no more steps. */
  breakOff(message: string): void {
    if (!this.isUsable) return;
    this.phase = 'failed';
    this.tellFailure(message);
  }

  /** Makes no more steps and says nothing any more. The promise settles when nothing is under way. */
  async stop(): Promise<void> {
    this.phase = 'stopped';
    await this.standstill;
    this.task.close();
  }

  get isStopped(): boolean {
    return this.phase === 'stopped';
  }

  /** Whether the run has neither failed nor been stopped. */
  get isUsable(): boolean {
    return this.phase === 'paused' || this.phase === 'training';
  }

  /** The step that a run which has gone wrong would go back to. */
  private get rewindStep(): number | null {
    const { figures, losses } = this.parts;
    return figures.notFiniteStep === null && !losses.hasBlownUp ? null : this.soundStep;
  }

  /** The newest step of a restore point that is known to be sound. */
  private get soundStep(): number | null {
    const { session, losses } = this.parts;
    return session.restorePoints.upTo(losses.soundUntil);
  }

  private get isThrough(): boolean {
    return this.parts.session.step >= this.options.config.training.steps;
  }

  /** Whether there are steps to make; a loop that is about to say that the run has diverged makes none. */
  private get canGoOn(): boolean {
    return !this.isThrough && !(this.running && this.parts.figures.notFiniteStep !== null);
  }

  private get trains(): boolean {
    return this.phase === 'training' && this.parts.figures.notFiniteStep === null;
  }

  private get goesOn(): boolean {
    return this.trains && !this.goesBack && !this.isThrough && this.parts.session.step < this.limit;
  }

  private begin(steps: number): void {
    const { session, validator, figures, settings, samples, inspections } = this.parts;
    this.phase = 'training';
    this.limit = session.step + steps;
    // A loop that waits for what is under way before it stands still goes on instead.
    if (this.running) return;
    this.running = true;
    // A single step does not wait for what is left of a validation, and changes its parameters.
    if (steps < Infinity || figures.notFiniteStep !== null) validator.drop();
    if (figures.notFiniteStep !== null) session.clearNotFinite();
    session.restorePoints.forgetAfter(session.step);
    inspections.forgetAfter(session.step);
    figures.goOnAfter(session.step);
    settings.forgetEarlier();
    this.startTime();
    samples.resume();
    this.standstill = this.run().catch((error: unknown) => this.fail(error));
  }

  /** The training loop: submit, let others speak, never more than a few submits ahead of the GPU. */
  private async run(): Promise<void> {
    const { session, validator, pace, rhythm, inspections, settings, samples, scores, losses } = this.parts;
    const { steps } = this.options.config.training;
    if (session.step === 0) await this.snapshot();
    while (this.goesOn) {
      if (scores.isUnderWay) {
        await this.besideTraining(() => scores.over(() => this.goesOn));
        continue;
      }
      if (validator.isUnfinished) {
        await validator.idle();
        if (this.goesOn) validator.goOn(pace.submitsPerMicroBatch);
        else await this.drain();
        continue;
      }
      const most = Math.min(pace.stepsPerSubmit, Math.min(steps, this.limit) - session.step);
      const count = rhythm.stepsTogether(session.step, most, inspections.isWatching);
      session.restorePoints.take(session.step, count, losses.soundUntil);
      session.replay.spread(pace.submitsPerMicroBatch);
      this.options.gpu.bePatient(pace.patience);
      session.replay.submit(count, this.batches, settings.hyperAfter);
      if (rhythm.validatesAt(session.step)) await this.validate();
      await session.replay.ring.atMost(pace.mostUnderWay * count);
      await this.snapshot();
      await this.task.next();
      if (this.limit === Infinity && samples.isDueAt(session.step)) await this.writeSample();
      // A single step may be resumed until its figures are there.
      if (!this.goesOn) await this.drain();
    }
    if (this.isThrough) {
      await this.finishValidation();
      await this.writeSample();
    }
    this.settle();
  }

  /** Waits for all that is under way on the GPU. */
  private async drain(): Promise<void> {
    await this.parts.session.replay.ring.atMost(0);
    await this.parts.validator.idle();
  }

  /** Says what the run has come to, now that nothing is under way. */
  private settle(): void {
    const { emit, runId } = this.options;
    const { session, figures, active } = this.parts;
    const { notFiniteStep } = figures;
    this.running = false;
    active.stop(now());
    figures.tell();
    if (!this.isUsable) return;
    this.phase = 'paused';
    const { rewindStep } = this;
    if (this.goesBack && rewindStep !== null && notFiniteStep === null) return;
    if (notFiniteStep !== null) {
      const lastFiniteStep = notFiniteStep - 1;
      // The flag on the GPU has made every later update a no-op, so that the run stands where it last was sound.
      session.replay.step = lastFiniteStep;
      const message = `A loss or a gradient was no longer a finite number in step ${notFiniteStep}.`;
      emit({ type: 'diverged', runId, step: notFiniteStep, lastFiniteStep, rewindStep, message });
    } else emit({ type: this.isThrough ? 'done' : 'paused', runId, step: session.step });
  }

  private readonly batches = (ids: Uint32Array, step: number, microStep: number): void => {
    const { model, training } = this.options.config;
    this.sampler.sample(ids, step, microStep, training.batchSize, model.contextLength);
  };

  /** Queues a validation, or its first batches; waits only if the one before is still under way. */
  private async validate(): Promise<void> {
    const { emit, runId } = this.options;
    const { session, validator, pace, losses } = this.parts;
    const { step } = session;
    await validator.idle();
    validator.measure(pace.submitsPerMicroBatch, ({ bitsPerByte, spread }) => {
      losses.validated(step, bitsPerByte);
      emit({ type: 'validation', runId, step, bpb: bitsPerByte, spread });
    });
  }

  /** Makes the rest of the validation at the end of a run, which nothing comes after. */
  private async finishValidation(): Promise<void> {
    const { validator, figures, pace } = this.parts;
    while (validator.isUnfinished && this.isUsable && !this.goesBack && figures.notFiniteStep === null) {
      validator.goOn(pace.submitsPerMicroBatch);
      await validator.idle();
    }
  }

  /** Inspects the watched passage if this is a step to remember. */
  private async snapshot(): Promise<void> {
    const { session, inspections } = this.parts;
    const { step } = session;
    if (inspections.isDue(step)) await this.besideTraining(() => inspections.remember(step));
  }

  /** Shows what the model writes by now, if anybody sees it. */
  private async writeSample(): Promise<void> {
    const { samples, session } = this.parts;
    if (!samples.areSeen || !this.trains) return;
    await this.besideTraining(() => samples.refresh(session.step, this.isThrough, () => this.trains));
  }

  /** Does something whose time is no training time. Steps that are under way are, so they come first. */
  private async besideTraining(work: () => Promise<void>): Promise<void> {
    await this.drain();
    this.parts.active.stop(now());
    await work();
    this.startTime();
  }

  private startTime(): void {
    const { active, pace } = this.parts;
    const time = now();
    active.start(time);
    pace.restart(active.at(time));
  }

  private async fail(error: unknown): Promise<void> {
    this.running = false;
    this.parts.active.stop(now());
    if (!this.isUsable) return;
    this.phase = 'failed';
    // A lost device fails everything that waits for it; its owner says so, once.
    const isLost = await this.options.gpu.isLost();
    // Meanwhile it may have been stopped.
    if (isLost || this.isStopped) return;
    this.parts.figures.tell();
    this.tellFailure(error instanceof Error ? error.message : String(error));
  }

  private tellFailure(message: string): void {
    const { emit, runId } = this.options;
    emit({ type: 'failed', runId, failure: { kind: 'internal', message } });
  }
}
