import { adapterLimits, problems } from '../config/problems.ts';
import type { RunConfig } from '../config/types.ts';
import type { Corpus } from '../data/corpus.ts';
import { DataError } from '../data/data-error.ts';
import { browserGpu, Gpu, NoAdapterError, NoDeviceError, OutOfMemoryError } from '../gpu/device.ts';
import type { Command } from '../protocol/commands.ts';
import type { AdapterInfo, RunFailure, WorkerEvent } from '../protocol/events.ts';
import type { WeightsFile } from '../protocol/first-weights.ts';
import { chooseKernels } from '../train/kernels/kernel-choice.ts';
import type { KernelMemory } from '../train/kernels/kernel-memory.ts';
import { compileAhead } from '../train/passes/compile-ahead.ts';
import { readCheckpoint, textMismatch, type Checkpoint } from '../train/saving/checkpoint.ts';
import { checkSameModel, WeightsError, weightsOf, type GivenWeights } from '../train/saving/first-weights.ts';
import { Trainer } from '../train/trainer.ts';
import { RunKeeper } from './run-keeper.ts';
import { SpeedMeter } from './speed-meter.ts';

type StartCommand = Extract<Command, { type: 'start' }>;

/** Holds the device and the one run that may be on it. */
export class RunHost {
  trainer: Trainer | null = null;
  private readonly emit: (event: WorkerEvent) => void;
  private readonly memory: KernelMemory;
  private readonly meter: SpeedMeter;
  private readonly keeper: RunKeeper;
  private gpu: Gpu | null = null;
  /** Why there is no device any more. */
  private loss: Awaited<Gpu['lost']> | null = null;
  private runId = 0;
  /** Gives up the run that is being built: there is a newer start or a reset, or its device is lost. */
  private givingUp = new AbortController();
  /** Runs that are being built or wait for that, the ones that were given up meanwhile among them. */
  private building = 0;
  private tail: Promise<void> = Promise.resolve();
  private watched: Uint8Array | null = null;
  private visible = true;

  constructor(emit: (event: WorkerEvent) => void, memory: KernelMemory) {
    this.emit = emit;
    this.memory = memory;
    this.keeper = new RunKeeper(emit);
    this.meter = new SpeedMeter((speed) => emit({ type: 'calibration', speed }));
  }

  /** Opens the device and says what it is, or why there is none. */
  async probe(): Promise<void> {
    const webgpu = browserGpu();
    if (webgpu === null) {
      this.emit({ type: 'adapter', state: 'none', message: 'This browser has no WebGPU.' });
      return;
    }
    try {
      const gpu = await Gpu.open(webgpu);
      this.gpu = gpu;
      this.watchDevice(gpu);
      this.emit({ type: 'adapter', state: 'ready', info: adapterInfo(gpu) });
    } catch (error) {
      if (error instanceof NoAdapterError) this.emit({ type: 'adapter', state: 'no-adapter', message: error.message });
      else if (error instanceof NoDeviceError)
        this.emit({ type: 'adapter', state: 'no-device', message: error.message, info: adapterInfo(error) });
      else throw error;
    }
  }

  /**
   * Measures how fast the adapter is, chooses kernels and compiles those of a likely run, unless there is a run; one that
   * begins meanwhile ends that.
   */
  calibrate(config: RunConfig): void {
    const { gpu, memory } = this;
    if (!gpu || this.trainer || this.building > 0) return;
    const isPossible = errorsOf(config, gpu).length === 0;
    this.meter.begin(gpu, {
      prepare: async () => isPossible && chooseKernels({ gpu, model: config.model, memory }),
      ahead: async (signal) => isPossible && compileAhead(gpu, config, signal),
    });
  }

  /**
   * Builds a run and trains it, or leaves it paused, as soon as there is nothing of the one before. It begins at step 0, with
   * weights of another or some that are drawn, or where one of this configuration was kept.
   */
  async start(command: StartCommand, corpus: Corpus | null): Promise<void> {
    const signal = this.giveUp();
    this.runId = command.runId;
    this.building++;
    await this.inTurn(() => this.build(command, corpus, signal));
    this.building--;
  }

  /** Reads a passage with the run's parameters; says so when that fails for another reason than that the device is gone. */
  async inspect(requestId: number, text: Uint8Array, attention: boolean): Promise<void> {
    const { trainer, gpu, runId } = this;
    try {
      await trainer?.inspect(requestId, text, attention);
    } catch (error) {
      if (await gpu?.isLost()) return;
      this.emit({ type: 'inspection-failed', requestId, runId, message: describe(error).message });
    }
  }

  /** Writes a text with the run's parameters. It ends where the run is stopped, loses its device, or has no memory for it. */
  async sample({ requestId, ...request }: Extract<Command, { type: 'sample' }>): Promise<void> {
    const { trainer, gpu, runId } = this;
    try {
      await trainer?.sample(requestId, request);
    } catch (error) {
      if (trainer !== this.trainer || (await gpu?.isLost())) return;
      if (!(error instanceof OutOfMemoryError)) throw error;
      this.emit({ type: 'sample-failed', requestId, runId, message: error.message });
    }
  }

  /** Measures the run's model on the test part; says so when that fails for another reason than that the device is gone. */
  async score(): Promise<void> {
    const { trainer, gpu, runId } = this;
    try {
      await trainer?.score();
    } catch (error) {
      if (await gpu?.isLost()) return;
      this.emit({ type: 'score-failed', runId, message: describe(error).message });
    }
  }

  /** Tells the weights of one row; when that fails they are as good as gone. */
  async attentionRow({ requestId, text, step, row }: Extract<Command, { type: 'attention-row' }>): Promise<void> {
    try {
      await this.trainer?.attentionRow(requestId, text, step, row);
    } catch {
      this.emit({ type: 'attention-row', requestId, runId: this.runId, weights: null });
    }
  }

  /** Has a passage inspected as runs go on, this one and later ones; null ends it. */
  watch(text: Uint8Array | null): void {
    this.watched = text;
    this.trainer?.watch(text);
  }

  /** Says whether anybody can see what the run tells. A page that is hidden may never be shown again. */
  show(visible: boolean): void {
    this.visible = visible;
    this.trainer?.show(visible);
    if (this.trainer && !visible) void this.keeper.keep(this.trainer, this.runId);
  }

  /** Stops the run and frees everything it holds on the GPU. */
  reset(): Promise<void> {
    this.giveUp();
    return this.inTurn(async () => {
      await this.stopTrainer();
      this.emit({ type: 'reset' });
    });
  }

  private async build(command: StartCommand, corpus: Corpus | null, signal: AbortSignal) {
    const { runId, config, paused, from: kept, weights: file } = command;
    try {
      await this.meter.stop();
      await this.stopTrainer();
      signal.throwIfAborted();
      const { gpu } = this;
      if (!gpu) {
        this.tellNoDevice();
        return;
      }
      if (!corpus) throw new DataError('empty', 'text: none was loaded, needs one to train on');
      const errors = errorsOf(config, gpu);
      if (errors.length > 0) {
        const message = errors.map(({ control, message: text }) => `${control}: ${text}`).join(' ');
        this.emit({ type: 'failed', runId, failure: { kind: 'invalid', message } });
        return;
      }
      const { memory } = this;
      const from = kept ? await readKept(kept, corpus) : undefined;
      const weights = !kept && file ? await readWeights(file, config) : undefined;
      const emit = (event: WorkerEvent): void => {
        this.emit(event);
        if (this.trainer && !signal.aborted) this.keeper.follow(event, this.trainer, runId);
      };
      const trainer = await Trainer.create({
        gpu,
        runId,
        config,
        corpus,
        emit,
        autoSample: true,
        memory,
        from,
        weights,
        signal,
      });
      if (signal.aborted) {
        await trainer.stop();
        return;
      }
      this.trainer = trainer;
      trainer.watch(this.watched);
      trainer.show(this.visible);
      const { step } = trainer;
      if (step >= config.training.steps) emit({ type: 'done', runId, step });
      else if (paused) emit({ type: 'paused', runId, step });
      else void trainer.resume();
    } catch (error) {
      if (!signal.aborted) this.emit({ type: 'failed', runId, failure: describe(error) });
    }
  }

  /** One start or reset after the other: two runs at once might not fit on the device. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.tail.then(work);
    this.tail = turn.catch(() => {});
    return turn;
  }

  /** Ends what is being built, and gives the signal that would end what is built next. */
  private giveUp(): AbortSignal {
    this.givingUp.abort();
    this.givingUp = new AbortController();
    return this.givingUp.signal;
  }

  /** Says of a run that cannot begin why there is no device: a loss that the page did not know of when it asked. */
  private tellNoDevice(): void {
    const { runId, loss } = this;
    const message = 'There is no device to train on.';
    this.emit(
      loss ? { type: 'lost', runId, ...loss } : { type: 'failed', runId, failure: { kind: 'internal', message } },
    );
  }

  /** Ends what the device is in the middle of: a defect of ours, after which its numbers are not to be trusted. */
  private breakOff(message: string): void {
    if (this.trainer) {
      this.trainer.breakOff(message);
      return;
    }
    this.giveUp();
    this.emit({ type: 'failed', runId: this.runId, failure: { kind: 'internal', message } });
  }

  private async stopTrainer(): Promise<void> {
    const { trainer } = this;
    this.trainer = null;
    await trainer?.stop();
  }

  private watchDevice(gpu: Gpu): void {
    gpu.onError = (message) => this.breakOff(message);
    void gpu.lost.then((loss) => {
      this.gpu = null;
      this.loss = loss;
      this.giveUp();
      this.emit({ type: 'lost', runId: this.runId, ...loss });
      // Else it would still answer to commands that were on their way, as if it could go on.
      void this.stopTrainer();
    });
  }
}

/** Throws a DataError when the run was trained on another text. */
async function readKept(file: Blob, corpus: Corpus): Promise<Checkpoint> {
  const run = readCheckpoint(await file.arrayBuffer());
  const mismatch = await textMismatch(run, corpus);
  if (mismatch !== null) throw new DataError('checksum', `text: ${mismatch}`);
  return run;
}

/** Throws WeightsError where the file holds none, or those of another model. */
async function readWeights({ file, name }: WeightsFile, { model }: RunConfig): Promise<GivenWeights> {
  try {
    const run = readCheckpoint(await file.arrayBuffer());
    checkSameModel(run.config.model, model);
    return await weightsOf(run, name);
  } catch (cause) {
    throw new WeightsError(`The weights of ${name}: ${(cause as Error).message}.`, { cause });
  }
}

function errorsOf(config: RunConfig, { limits, info }: Gpu) {
  return problems(config, adapterLimits(limits, info)).filter(({ severity }) => severity === 'error');
}

function adapterInfo({ info, limits }: Pick<Gpu, 'info' | 'limits'>): AdapterInfo {
  const { maxBufferSize, maxStorageBufferBindingSize } = limits;
  return { ...info, limits: { maxBufferSize, maxStorageBufferBindingSize } };
}

function describe(error: unknown): RunFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof WeightsError) return { kind: 'invalid', message };
  if (error instanceof DataError) return { kind: 'data', message };
  if (error instanceof OutOfMemoryError) return { kind: 'out-of-memory', message };
  return { kind: 'internal', message };
}
