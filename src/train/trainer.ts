import { flopsPerStep, tokensPerStep } from '../config/costs.ts';
import type { HotSettings } from '../config/types.ts';
import { validationCost } from '../config/validation.ts';
import type { FirstWeights } from '../protocol/first-weights.ts';
import type { AttentionRow } from '../protocol/inspection.ts';
import { buildRun, type RunOptions, type RunParts } from './build-run.ts';
import { Figures } from './figures.ts';
import { Inspections } from './inspection/inspections.ts';
import { Inspector } from './inspection/inspector.ts';
import { kernelsToSave, type RunKernels } from './kernels/run-kernels.ts';
import { LiveSettings } from './live-settings.ts';
import { Pace } from './passes/pace.ts';
import type { TrainingSession } from './passes/training-session.ts';
import type { Validator } from './passes/validator.ts';
import { identify, type Checkpoint } from './saving/checkpoint.ts';
import { LossWatch } from './saving/loss-watch.ts';
import { Scores } from './scoring/scores.ts';
import { TestPart } from './scoring/test-part.ts';
import { ActiveTime } from './time/active-time.ts';
import { now } from './time/now.ts';
import { Rhythm } from './time/rhythm.ts';
import { TrainingLoop } from './training-loop.ts';
import { AutoSample } from './writing/auto-sample.ts';
import { SampleStream } from './writing/sample-stream.ts';
import { Samples } from './writing/samples.ts';
import type { TextRequest, TextSampler } from './writing/text-sampler.ts';

export interface TrainerOptions extends RunOptions {
  /** A text sample that refreshes while training; off for long runs in Node. */
  autoSample: boolean;
  /** Steps between validations; 0 = none. By default ten to forty in a run. */
  validateEvery?: number;
}

/** A run: what can be asked of it, and what it tells. Knows neither worker nor page. */
export class Trainer {
  private readonly options: Omit<TrainerOptions, 'from' | 'weights'>;
  private readonly firstWeights: FirstWeights | undefined;
  private readonly session: TrainingSession;
  private readonly validator: Validator;
  private readonly texts: TextSampler;
  private readonly kernels: RunKernels;
  private readonly inspections: Inspections;
  private readonly settings: LiveSettings;
  private readonly figures: Figures;
  private readonly samples: Samples;
  private readonly scores: Scores;
  private readonly pace: Pace;
  private readonly losses: LossWatch;
  private readonly active: ActiveTime;
  private readonly loop: TrainingLoop;

  private constructor({ from, weights, ...options }: TrainerOptions, { session, validator, texts, kernels }: RunParts) {
    const { model, training } = options.config;
    // Not kept: weights and moments, which are on the device.
    this.options = options;
    this.firstWeights = firstWeightsOf({ from, weights });
    this.session = session;
    this.validator = validator;
    this.texts = texts;
    this.kernels = kernels;
    this.active = new ActiveTime(from?.activeSeconds ?? 0, () => this.pace.secondsPerStep);
    this.settings = new LiveSettings(options.config);
    this.pace = new Pace({
      bytes: tokensPerStep(options.config),
      microBatches: training.accumulation,
      flops: session.flopsPerStep,
    });
    const { runId, emit } = options;
    this.losses = new LossWatch(session.step, () => this.loop.tellBlowUp());
    const { settings, pace, active, losses } = this;
    const cost = validationCost(training.batchSize * training.accumulation);
    const rhythm = new Rhythm(training.steps, cost, options.validateEvery);
    this.figures = new Figures({ session, settings, pace, active, watch: losses, runId, emit });
    const stream = new SampleStream({ texts, runId, step: () => this.step, emit });
    this.samples = new Samples(stream, options.autoSample ? new AutoSample(options.corpus, model.contextLength) : null);
    const inspector = new Inspector(options.gpu, session.model, () => session.step);
    const isThere = (): boolean => !this.loop.isStopped;
    this.inspections = new Inspections({ inspector, rhythm, runId, emit, isThere });
    const part = new TestPart(options.corpus, model.contextLength);
    const submits = (): number => pace.submitsPerMicroBatch;
    const isUsable = (): boolean => this.loop.isUsable;
    this.scores = new Scores({ validator, part, model, session, submits, runId, emit, isThere, isUsable });
    const { figures, samples, inspections, scores } = this;
    const parts = { session, validator, settings, figures, samples, inspections, scores, pace, losses, rhythm, active };
    this.loop = new TrainingLoop(options, parts);
  }

  /**
   * Builds a run and leaves it paused at step 0, or where it was saved. Throws DataError, OutOfMemoryError, WeightsError, or an
   * Error naming a control.
   */
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
      ...(trainer.firstWeights && { firstWeights: trainer.firstWeights }),
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
    return this.loop.resume();
  }

  /** Runs exactly so many steps (fewer where the run ends) and stands still again. */
  advance(steps: number): Promise<void> {
    return this.loop.advance(steps);
  }

  /** Stands still after what is under way; the promise settles then. */
  pause(): Promise<void> {
    return this.loop.pause();
  }

  /** Whether none of the losses that were told lately was far above what they had come down to. */
  get goesWell(): boolean {
    return this.losses.goesWell;
  }

  /** Whether losses have risen far above what they were, and stayed there. */
  get hasBlownUp(): boolean {
    return this.losses.hasBlownUp;
  }

  /**
   * Takes a run that has diverged, or whose losses have blown up, back to its restore point, with the settings that
   * `adjust` has brought meanwhile, and goes on from there. Does nothing for another, or without such a point.
   */
  rewind(): Promise<void> {
    return this.loop.rewind();
  }

  /**
   * The same of a run that stands still, which stays there, so that `save` gives what was sound; also of one that has not blown up
   * yet but does not go well. Its step; null where nothing was done.
   */
  goBack(): number | null {
    return this.loop.goBack();
  }

  /** Says what has gone wrong and makes no more steps; what the run holds stays until it is stopped. */
  breakOff(message: string): void {
    this.loop.breakOff(message);
  }

  /** Takes up new values from the next submit on, as far as it can. They may ruin the run, so that it keeps a way back. */
  adjust(settings: HotSettings): void {
    const { emit, runId } = this.options;
    const changed = this.settings.adjust(settings, this.step);
    if (Object.keys(changed).length === 0) return;
    this.loop.keepWayBack();
    emit({ type: 'adjusted', runId, step: this.step, changed });
  }

  /**
   * All that it takes to go on from the steps submitted so far, whose figures are told by then. Rejects for a run that has
   * diverged, failed or was stopped.
   */
  async save(): Promise<Checkpoint> {
    const { kernels, loop, firstWeights } = this;
    if (!loop.isUsable) throw new Error(`save: the run ${loop.isStopped ? 'was stopped' : 'has failed'}`);
    const { config } = this.settings;
    const activeSeconds = this.active.at(now());
    const copies = [this.session.save(), identify(this.options.corpus), this.session.replay.ring.arrived()] as const;
    const [state, text] = await Promise.all(copies);
    this.figures.tell();
    return {
      ...state,
      config,
      activeSeconds,
      text,
      kernels: kernelsToSave(kernels),
      ...(firstWeights && { firstWeights }),
    };
  }

  /** Stops for good and gives all memory back. */
  async stop(): Promise<void> {
    if (this.loop.isStopped) return;
    await this.loop.stop();
    await this.samples.idle();
    await this.scores.over(() => true);
    await this.options.gpu.settled().catch(() => {});
    this.validator.destroy();
    this.texts.destroy();
    await this.inspections.destroy();
    this.session.destroy();
  }

  /** Streams a continuation of a prompt; `stopSample` ends it early. */
  sample(requestId: number, request: TextRequest): Promise<void> {
    return this.samples.write(requestId, request, () => !this.loop.isStopped);
  }

  /** Measures the present parameters on the test part of the text and tells how they did; training waits. `stopScore` ends it early. */
  score(): Promise<void> {
    return this.scores.measure();
  }

  stopScore(): void {
    this.scores.stop();
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
}

/** What a run began with that begins or goes on so; undefined where its weights were drawn. */
function firstWeightsOf({ from, weights }: Pick<TrainerOptions, 'from' | 'weights'>): FirstWeights | undefined {
  return from ? from.firstWeights : weights?.of;
}
