import { describeAdapter, type DeviceInfo } from './adapter-info.ts';
import { DeviceBuffer, ResourceCounts } from './buffer.ts';
import { Completion } from './completion.ts';
import { PipelineCache } from './pipelines.ts';
import { SUBGROUP_MATRIX_FEATURE } from './subgroup-matrix.ts';
import { Watchdog } from './watchdog.ts';

/** The WebGPU of a browser's page or worker; null where the browser has none, or hides it from insecure pages. */
export function browserGpu(): GPU | null {
  return ('gpu' in navigator && navigator.gpu) || null;
}

export class NoAdapterError extends Error {
  override name = 'NoAdapterError';
}

/** The adapter is there and says what it is, but gives no device. */
export class NoDeviceError extends Error {
  override name = 'NoDeviceError';
  readonly info: DeviceInfo;
  readonly limits: GPUSupportedLimits;

  constructor(adapter: { info: DeviceInfo; limits: GPUSupportedLimits }, cause: unknown) {
    super(`The adapter refused a device: ${String(cause)}`, { cause });
    this.info = adapter.info;
    this.limits = adapter.limits;
  }
}

/** Features that we ask for where the adapter has them. */
const WANTED_FEATURES = ['timestamp-query', 'shader-f16', 'subgroups', SUBGROUP_MATRIX_FEATURE] as GPUFeatureName[];

/** Limits that are worth raising above the WebGPU baseline; everything else stays at its default. */
const RAISED_LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

/** Why a device counts as lost that the browser has not said to be. */
export const NO_ANSWER = 'no-answer';

interface Loss {
  reason: GPUDeviceLostReason | typeof NO_ANSWER;
  message: string;
}

const LOSS_PATIENCE_MS = 200;
/** Where finished work is looked for ten times a second, so is a loss, and what it fails is told at once (Firefox 153). */
const SELDOM_LOSS_PATIENCE_MS = 2000;

/** A device with everything that belongs to it. The only owner of a GPUDevice. */
export class Gpu {
  readonly counts = new ResourceCounts();
  readonly pipelines: PipelineCache;
  /** Settles when the device is gone, also after `close`, or does not answer any more, which has the reason NO_ANSWER. */
  readonly lost: Promise<Loss>;
  /** Called for errors that no scope caught; they mean a defect in our own code. */
  onError: (message: string) => void = (message) => {
    throw new Error(message);
  };
  readonly device: GPUDevice;
  readonly info: DeviceInfo;
  private readonly completion: Completion;
  /** Null where the CPU computes, which can be as slow as it likes. */
  private readonly watchdog: Watchdog | null;
  private tail: Promise<unknown> = Promise.resolve();

  private constructor(device: GPUDevice, info: DeviceInfo) {
    this.device = device;
    this.info = info;
    this.pipelines = new PipelineCache(device, this.counts);
    this.completion = new Completion(device.queue);
    let tellSilence: (loss: Loss) => void = () => {};
    const silence = new Promise<Loss>((resolve) => (tellSilence = resolve));
    this.watchdog = info.software
      ? null
      : new Watchdog((seconds) => {
          tellSilence({ reason: NO_ANSWER, message: `It has not answered for ${seconds} seconds.` });
          // Whoever waits for it hears that there is nothing to wait for.
          device.destroy();
        });
    this.lost = Promise.race([silence, device.lost.then(({ reason, message }) => ({ reason, message }))]);
    device.addEventListener('uncapturederror', (event) => this.onError(event.error.message));
  }

  /**
   * Opens the best adapter behind `gpu` (`navigator.gpu`, or Dawn's object in Node).
   * Throws NoAdapterError or NoDeviceError.
   */
  static async open(gpu: GPU): Promise<Gpu> {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new NoAdapterError('WebGPU is there, but it offers no adapter.');
    const features = WANTED_FEATURES.filter((feature) => adapter.features.has(feature));
    const requiredLimits = Object.fromEntries(RAISED_LIMITS.map((name) => [name, adapter.limits[name]]));
    const platform = typeof navigator === 'undefined' ? '' : navigator.userAgent;
    const info = await describeAdapter(adapter, features, platform);
    let device: GPUDevice;
    try {
      device = await adapter.requestDevice({ requiredFeatures: features, requiredLimits });
    } catch (cause) {
      throw new NoDeviceError({ info, limits: adapter.limits }, cause);
    }
    const opened = new Gpu(device, info);
    await opened.completion.probe();
    return opened;
  }

  get limits(): GPUSupportedLimits {
    return this.device.limits;
  }

  createBuffer(label: string, bytes: number, usage: GPUBufferUsageFlags): DeviceBuffer {
    return new DeviceBuffer(this.device, this.counts, label, bytes, usage);
  }

  /** A buffer that kernels read and write and that can be copied both ways. */
  createStorage(label: string, bytes: number): DeviceBuffer {
    return this.createBuffer(label, bytes, STORAGE | COPY_SRC | COPY_DST);
  }

  write(buffer: DeviceBuffer, offset: number, data: ArrayBufferView<ArrayBuffer>): void {
    this.device.queue.writeBuffer(buffer.raw, offset, data.buffer, data.byteOffset, data.byteLength);
  }

  /**
   * Copies bytes back to the host: as they are when this is called, after everything submitted before. Not for the hot
   * path. Throws OutOfMemoryError where the adapter has no room for the copy.
   */
  async read(buffer: DeviceBuffer, offset: number, bytes: number): Promise<ArrayBuffer> {
    const staging = await this.guarded('readback', (own) => {
      const copy = own(this.createBuffer('readback', bytes, COPY_DST | MAP_READ));
      const encoder = this.device.createCommandEncoder();
      encoder.copyBufferToBuffer(buffer.raw, offset, copy.raw, 0, bytes);
      this.device.queue.submit([encoder.finish()]);
      return copy;
    });
    try {
      await this.mapped(staging);
      return staging.raw.getMappedRange().slice(0, bytes);
    } finally {
      staging.destroy();
    }
  }

  /**
   * Runs `allocate` and throws what the device complained about meanwhile: memory it does not have
   * (OutOfMemoryError) or a call it refuses. What `allocate` has handed to `own` by then is destroyed, the newest first.
   * The device keeps complaints in one stack: two that wait inside must not be under way at once, unless one is in the other.
   */
  async guarded<T>(what: string, allocate: (own: Own) => T | Promise<T>): Promise<T> {
    const owned: { destroy(): void }[] = [];
    const own: Own = (resource) => {
      owned.push(resource);
      return resource;
    };
    try {
      return await this.inScopes(what, () => allocate(own));
    } catch (error) {
      for (const resource of owned.toReversed()) resource.destroy();
      throw error;
    }
  }

  /** Does what waits inside `guarded`, after what somebody else does of that kind. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(work);
    this.tail = turn.catch(() => {});
    return turn;
  }

  /** Whether the device is gone. Waits a moment, since what fails because of it may fail first. */
  isLost(): Promise<boolean> {
    const gone = this.lost.then(() => true);
    const patience = this.completion.looksSeldom ? SELDOM_LOSS_PATIENCE_MS : LOSS_PATIENCE_MS;
    return Promise.race([gone, new Promise<boolean>((resolve) => setTimeout(() => resolve(false), patience))]);
  }

  /** Maps the first bytes of a buffer for reading, once everything submitted so far has run. */
  mapped(buffer: DeviceBuffer, bytes = buffer.bytes): Promise<undefined> {
    return this.waitFor(buffer.raw.mapAsync(GPU_MAP_READ, 0, bytes));
  }

  /** Resolves when everything submitted so far has run. */
  settled(): Promise<undefined> {
    return this.waitFor(this.device.queue.onSubmittedWorkDone());
  }

  /** Says after how many seconds without an answer, if that is more than a minute, work that is submitted from now on is lost. */
  bePatient(seconds: number): void {
    if (this.watchdog) this.watchdog.patience = seconds;
  }

  close(): void {
    this.device.destroy();
  }

  private waitFor<T>(work: Promise<T>): Promise<T> {
    const answer = this.completion.of(work);
    return this.watchdog ? this.watchdog.of(answer) : answer;
  }

  private async inScopes<T>(what: string, allocate: () => T | Promise<T>): Promise<T> {
    this.device.pushErrorScope('validation');
    this.device.pushErrorScope('out-of-memory');
    let result: T;
    let thrown: unknown;
    try {
      const made = allocate();
      // What is made at once waits for nothing: whoever guards something meanwhile would take these scopes for its own.
      result = made instanceof Promise ? await made : made;
    } catch (error) {
      thrown = error;
    }
    const [memory, validation] = await Promise.all([this.device.popErrorScope(), this.device.popErrorScope()]);
    if (memory) throw new OutOfMemoryError(`${what}: the adapter has not enough memory (${memory.message})`);
    if (thrown !== undefined) throw thrown;
    if (validation) throw new Error(`${what}: ${validation.message}`);
    return result!;
  }
}

/** Takes note of something that is of no use when what it is a part of fails, and hands it back. */
export type Own = <R extends { destroy(): void }>(resource: R) => R;

export class OutOfMemoryError extends Error {
  override name = 'OutOfMemoryError';
}

// WebGPU's flag objects do not exist as globals under Node.
export const MAP_READ = 0x01;
export const COPY_SRC = 0x04;
export const COPY_DST = 0x08;
export const UNIFORM = 0x40;
export const STORAGE = 0x80;
export const QUERY_RESOLVE = 0x0200;
const GPU_MAP_READ = 0x01;
