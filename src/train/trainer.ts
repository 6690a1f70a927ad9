import { flopsPerStep, tokensPerStep } from '../config/geometry.ts';
import type { HotSettings } from '../config/types.ts';
import { Sampler } from '../data/sampler.ts';
import type { AttentionRow } from '../protocol/inspection.ts';
import { ActiveTime } from './active-time.ts';
import { AutoSample } from './auto-sample.ts';
import { buildRun, type RunOptions, type RunParts } from './build-run.ts';
import { identify, type Checkpoint } from './checkpoint.ts';
import { Figures } from './figures.ts';
import { Inspections } from './inspections.ts';
import { Inspector } from './inspector.ts';
import { LiveSettings } from './live-settings.ts';
import { makeTaskYielder } from './next-task.ts';
import { now } from './now.ts';
import { Pace } from './pace.ts';
import { Rhythm } from './rhythm.ts';
import { kernelsToSave, type RunKernels } from './run-kernels.ts';
import { SampleStream } from './sample-stream.ts';
import { Samples } from './samples.ts';
import type { TextRequest, TextSampler } from './text-sampler.ts';
import type { TrainingSession } from './training-session.ts';
import type { Validator } from './validator.ts';

export interface TrainerOptions extends RunOptions {
  /** A text sample that refreshes while training; off for long runs in Node. */
  autoSample: boolean;
  /** Steps between validations; 0 = none. By default about forty in a run. */
  validateEvery?: number;
}

type Phase = 'paused' | 'training' | 'failed' | 'stopped';

/** Runs a training session step after step and tells what happens. Knows neither worker nor page. */
export class Trainer {
  private readonly options: TrainerOptions;
  private readonly session: TrainingSession;
  private readonly validator: Validator;
  private readonly texts: TextSampler;
  private readonly kernels: RunKernels;
  private readonly inspections: Inspections;
  private readonly sampler: Sampler;
  private readonly settings: LiveSettings;
  private readonly figures: Figures;
  private readonly pace: Pace;
  private readonly rhythm: Rhythm;
  private readonly samples: Samples;
  private readonly active: ActiveTime;
  private readonly task = makeTaskYielder();
  private phase: Phase = 'paused';
  /** The step after which the loop stands still, whether or not the run is at its end. */
  private limit = Infinity;
  private loop: Promise<void> = Promise.resolve();
  /** Whether the loop has not come to its end yet, although it may have been told to stand still. */
  private running = false;

  private constructor(options: TrainerOptions, { session, validator, texts, kernels }: RunParts) {
    const { model, training } = options.config;
    this.options = options;
    this.session = session;
    this.validator = validator;
    this.texts = texts;
    this.kernels = kernels;
    this.active = new ActiveTime(options.from?.activeSeconds ?? 0);
    this.sampler = new Sampler(options.corpus, 'train', training.seed);
    this.settings = new LiveSettings(options.config);
    this.pace = new Pace({
      bytes: tokensPerStep(options.config),
      microBatches: training.accumulation,
      flops: session.flopsPerStep,
    });
    this.rhythm = new Rhythm(training.steps, options.validateEvery);
    const { runId, emit } = options;
    const { settings, pace, active } = this;
    this.figures = new Figures({ session, settings, pace, active, runId, emit });
    const stream = new SampleStream({ texts, runId, step: () => this.step, emit });
    this.samples = new Samples(stream, options.autoSample ? new AutoSample(options.corpus, model.contextLength) : null);
    const inspector = new Inspector(options.gpu, session.model, () => session.step);
    const isThere = (): boolean => this.phase !== 'stopped';
    this.inspections = new Inspections({ inspector, rhythm: this.rhythm, runId, emit, isThere });
  }

  /** Builds a run and leaves it paused at step 0, or where it was saved. Throws DataError, OutOfMemoryError, or an Error naming a control. */
  static async create(options: TrainerOptions): Promise<Trainer> {
    const { gpu, runId, config, emit } = options;
    let trainer: Trainer | null = null;
    const parts = await buildRun(options, (record, times) => trainer?.figures.receive(record, times));
    trainer = new Trainer(options, parts);
    const { session } = parts;
    emit({
      type: 'started',
      runId,
      parameters: session.store.count,
      // The same figure that the form shows before a run; the ops' own sum, which counts norms too, is the benchmark's.
      flopsPerStep: flopsPerStep(config).total,
      engineBytes: gpu.counts.bytesAlive,
      pipelines: session.pipelineCount,
      dispatches: session.dispatchCount,
    });
    return trainer;
  }

  /** Bytes that are trained on in a second, lately. */
  get bytesPerSecond(): number {
    return this.pace.bytesPerSecond;
  }

  /** Number of scalars the model has. */
  get parameters(): number {
    return this.session.store.count;
  }

  /** Steps whose figures have arrived or are under way. */
  get step(): number {
    return this.session.step;
  }

  /** Goes on until paused, done or diverged, from a single step as well. The promise settles when the run stands still again. */
  resume(): Promise<void> {
    const isLimited = this.phase === 'training' && this.limit < Infinity;
    if ((this.phase === 'paused' || isLimited) && this.canGoOn) {
      this.options.emit({ type: 'resumed', runId: this.options.runId });
      this.begin(Infinity);
    }
    return this.loop;
  }

  /** Runs exactly so many steps (fewer where the run ends) and stands still again. */
  advance(steps: number): Promise<void> {
    if (steps > 0 && this.phase === 'paused' && this.canGoOn) this.begin(steps);
    return this.loop;
  }

  /** Stands still after what is under way; the promise settles then. */
  pause(): Promise<void> {
    if (this.phase === 'training') this.phase = 'paused';
    return this.loop;
  }

  /** Takes up new values from the next submit on, as far as it can. */
  adjust(settings: HotSettings): void {
    const { emit, runId } = this.options;
    const changed = this.settings.adjust(settings, this.step);
    if (Object.keys(changed).length > 0) emit({ type: 'adjusted', runId, step: this.step, changed });
  }

  /**
   * Takes a diverged run back to its restore point, with the settings that `adjust` has brought meanwhile, and goes on
   * from there. Does nothing for a run that has not diverged or has no such point.
   */
  rewind(): Promise<void> {
    const step = this.phase === 'paused' && !this.running ? this.rewindStep : null;
    if (step === null) return this.loop;
    this.session.rewind(step);
    this.options.emit({ type: 'rewound', runId: this.options.runId, step });
    return this.resume();
  }

  /** All that it takes to go on from the steps submitted so far, whose figures are told by then. Rejects for a run that has diverged, failed or was stopped. */
  async save(): Promise<Checkpoint> {
    if (!this.isUsable) throw new Error(`save: the run ${this.phase === 'failed' ? 'has failed' : 'was stopped'}`);
    const { kernels } = this;
    const { config } = this.settings;
    const activeSeconds = this.active.at(now());
    const copies = [this.session.save(), identify(this.options.corpus), this.session.ring.arrived()] as const;
    const [state, text] = await Promise.all(copies);
    this.figures.tell();
    return { ...state, config, activeSeconds, text, kernels: kernelsToSave(kernels) };
  }

  /** Says what has gone wrong and makes no more steps; what the run holds stays until it is stopped. */
  breakOff(message: string): void {
    if (!this.isUsable) return;
    this.phase = 'failed';
    this.tellFailure(message);
  }

  /** Stops for good and gives all memory back. */
  async stop(): Promise<void> {
    if (this.phase === 'stopped') return;
    this.phase = 'stopped';
    await this.loop;
    await this.samples.idle();
    await this.options.gpu.settled().catch(() => {});
    this.task.close();
    this.validator.destroy();
    this.texts.destroy();
    await this.inspections.destroy();
    this.session.destroy();
  }

  /** Streams a continuation of a prompt; `stopSample` ends it early. */
  sample(requestId: number, request: TextRequest): Promise<void> {
    return this.samples.write(requestId, request, () => this.phase !== 'stopped');
  }

  /** Reads a passage with the present parameters and tells what happened inside. */
  inspect(requestId: number, text: Uint8Array, attention: boolean): Promise<void> {
    return this.inspections.inspect(requestId, text, attention);
  }

  /** Tells the exact weights of one row of an inspection, or that they are gone. */
  attentionRow(requestId: number, text: Uint8Array, step: number, row: AttentionRow): Promise<void> {
    return this.inspections.attentionRow(requestId, text, step, row);
  }

  /** Has a passage inspected as the run goes on; null ends it. */
  watch(text: Uint8Array | null): void {
    this.inspections.watch(text);
  }

  /** While nobody can see it, figures come once a second and no sample is written; training itself stays as it is. */
  show(visible: boolean): void {
    this.figures.show(visible);
    this.samples.show(visible);
  }

  stopSample(requestId: number): void {
    this.samples.stop(requestId);
  }

  /** The step that a diverged run would go back to. */
  private get rewindStep(): number | null {
    const { notFiniteStep } = this.figures;
    return notFiniteStep === null ? null : this.session.restorePoints.before(notFiniteStep);
  }

  private get isUsable(): boolean {
    return this.phase === 'paused' || this.phase === 'training';
  }

  /** Whether there are steps to make; a loop that is about to say that the run has diverged makes none. */
  private get canGoOn(): boolean {
    return this.step < this.options.config.training.steps && !(this.running && this.figures.notFiniteStep !== null);
  }

  private begin(steps: number): void {
    this.phase = 'training';
    this.limit = this.step + steps;
    // A loop that waits for what is under way before it stands still goes on instead.
    if (this.running) return;
    this.running = true;
    if (this.figures.notFiniteStep !== null) this.session.clearNotFinite();
    this.session.restorePoints.forgetAfter(this.step);
    this.figures.goOnAfter(this.step);
    this.settings.forgetEarlier();
    const time = now();
    this.active.start(time);
    this.pace.restart(time);
    this.samples.resume();
    this.loop = this.run().catch((error: unknown) => this.fail(error));
  }

  /** Where the loop stands still. */
  private get end(): number {
    return Math.min(this.options.config.training.steps, this.limit);
  }

  private get isSound(): boolean {
    return this.phase === 'training' && this.figures.notFiniteStep === null;
  }

  private get goesOn(): boolean {
    return this.isSound && this.session.step < this.end;
  }

  /** The training loop: submit, let others speak, never more than a few submits ahead of the GPU. */
  private async run(): Promise<void> {
    const { session, pace, rhythm, inspections } = this;
    if (session.step === 0) await this.snapshot();
    while (this.goesOn) {
      const most = Math.min(pace.stepsPerSubmit, this.end - session.step);
      const count = rhythm.stepsTogether(session.step, most, inspections.isWatching);
      session.restorePoints.take(session.step, count);
      session.spread(pace.submitsPerMicroBatch);
      session.submit(count, this.batches, this.settings.hyperAfter);
      if (rhythm.validatesAt(session.step)) await this.validate();
      await session.ring.atMost(3 * count);
      await this.snapshot();
      await this.task.next();
      if (this.limit === Infinity && this.samples.isDue) await this.writeSample();
      // A single step may be resumed until its figures are there.
      if (!this.goesOn) await this.drain();
    }
    if (session.step >= this.options.config.training.steps) await this.writeSample();
    this.settle();
  }

  /** Waits for all that is under way on the GPU. */
  private async drain(): Promise<void> {
    await this.session.ring.atMost(0);
    await this.validator.idle();
  }

  /** Says what the run has come to, now that nothing is under way. */
  private settle(): void {
    const { emit, runId, config } = this.options;
    const { notFiniteStep } = this.figures;
    this.running = false;
    this.active.stop(now());
    this.figures.tell();
    if (!this.isUsable) return;
    this.phase = 'paused';
    if (notFiniteStep !== null) {
      const lastFiniteStep = notFiniteStep - 1;
      const { rewindStep } = this;
      // The flag on the GPU has made every later update a no-op, so that the run stands where it last was sound.
      this.session.step = lastFiniteStep;
      const message = `A loss or a gradient was no longer a finite number in step ${notFiniteStep}.`;
      emit({ type: 'diverged', runId, step: notFiniteStep, lastFiniteStep, rewindStep, message });
    } else if (this.step >= config.training.steps) emit({ type: 'done', runId, step: this.step });
    else emit({ type: 'paused', runId, step: this.step });
  }

  private readonly batches = (ids: Uint32Array, step: number, microStep: number): void => {
    const { model, training } = this.options.config;
    this.sampler.sample(ids, step, microStep, training.batchSize, model.contextLength);
  };

  /** Queues a validation; waits only if the one before is still under way. */
  private async validate(): Promise<void> {
    const { emit, runId } = this.options;
    const { step } = this;
    await this.validator.idle();
    this.validator.measure(this.pace.submitsPerMicroBatch, ({ bitsPerByte, spread }) =>
      emit({ type: 'validation', runId, step, bpb: bitsPerByte, spread }),
    );
  }

  /** Inspects the watched passage if this is a step to remember. */
  private async snapshot(): Promise<void> {
    const { step, inspections } = this;
    if (inspections.isDue(step)) await this.besideTraining(() => inspections.remember(step));
  }

  /** Shows what the model writes by now, if anybody sees it. */
  private async writeSample(): Promise<void> {
    if (!this.samples.areSeen || !this.isSound) return;
    await this.besideTraining(() => this.samples.refresh(() => this.isSound));
  }

  /** Does something whose time is no training time. Steps that are under way are, so they come first. */
  private async besideTraining(work: () => Promise<void>): Promise<void> {
    await this.drain();
    this.active.stop(now());
    await work();
    const time = now();
    this.active.start(time);
    this.pace.restart(time);
  }

  private async fail(error: unknown): Promise<void> {
    this.running = false;
    if (!this.isUsable) return;
    this.phase = 'failed';
    // A lost device fails everything that waits for it; its owner says so, once.
    if (!(await this.options.gpu.isLost())) this.tellFailure(messageOf(error));
  }

  private tellFailure(message: string): void {
    const { emit, runId } = this.options;
    emit({ type: 'failed', runId, failure: { kind: 'internal', message } });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
