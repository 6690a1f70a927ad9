import type { RunConfig } from '../../../src/config/types.ts';
import type { WorkerPort } from '../../../src/protocol/client.ts';
import type { Command } from '../../../src/protocol/commands.ts';
import type { AdapterInfo, CorpusInfo, MetricsBatch, WorkerEvent } from '../../../src/protocol/events.ts';

export const gpuAdapter: AdapterInfo = {
  description: 'Radeon RX 7800 XT',
  vendor: 'amd',
  architecture: 'rdna-3',
  software: false,
  features: [],
  subgroupMatrices: [],
  limits: { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 },
};

export const softwareAdapter: AdapterInfo = {
  description: 'SwiftShader',
  vendor: 'google',
  architecture: 'swiftshader',
  software: true,
  features: [],
  subgroupMatrices: [],
  limits: { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 30 },
};

export const mobyDick: CorpusInfo = {
  dataset: 'sample',
  name: 'Moby Dick',
  bytes: 1_204_997,
  sha256: 'that of Moby Dick',
  trainBytes: 1_084_497,
  validationBytes: 60_249,
  order0Bits: 4.551,
  gzipBits: 3.239,
};

export const copying: CorpusInfo = {
  ...mobyDick,
  dataset: 'copy',
  name: 'Copying',
  sha256: 'that of Copying',
  synthetic: { floorBits: 2.256, passage: 'abc:abc\nxyz:xyz\n', prompt: 'abc:' },
};

/** What is told of a text, without the number of the request: then it is about the one that was asked for last. */
type ToldOfText = Extract<WorkerEvent, { type: 'corpus' | 'corpus-failed' | 'download' }>;
type Unnumbered<T> = T extends ToldOfText ? Omit<T, 'requestId'> & { requestId?: number } : T;

/** A worker's place that a test fills: it keeps what the page says and says what the test wants. */
export class FakeWorker implements WorkerPort {
  readonly commands: Command[] = [];
  terminated = false;
  private readonly listeners = new Map<string, ((event: Event) => void)[]>();

  postMessage(message: unknown): void {
    this.commands.push(message as Command);
  }

  addEventListener(type: string, listener: unknown): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener as (event: Event) => void]);
  }

  terminate(): void {
    this.terminated = true;
  }

  emit(event: Unnumbered<WorkerEvent>): void {
    const isOfText = event.type === 'corpus' || event.type === 'corpus-failed' || event.type === 'download';
    this.dispatch('message', { data: isOfText ? { requestId: this.textRequest, ...event } : event });
  }

  /** Number of the text that was asked for last. */
  get textRequest(): number {
    const asked = this.commands.findLast(({ type }) => type.startsWith('use-'));
    return asked && 'requestId' in asked ? asked.requestId : 0;
  }

  crash(message: string): void {
    this.dispatch('error', { message });
  }

  private dispatch(type: string, event: object): void {
    for (const listener of this.listeners.get(type) ?? []) listener(event as Event);
  }
}

/** Metrics of steps `first` ... `last` as a run that learns would have them. */
export function plausibleMetrics(
  runId: number,
  config: RunConfig,
  first: number,
  last: number,
  rate: number,
): MetricsBatch {
  const step = Float64Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const noise = (at: number, salt: number): number => ((Math.sin(at * 12.9898 + salt * 78.233) * 43758.5453) % 1) * 0.5;
  const bpb = (at: number): number => 2.35 + 3.4 * Math.exp(-at / 18) + 2.3 * Math.exp(-at / 190);
  const { hierarchies, reconWeight } = config.model;
  return {
    runId,
    step,
    trainBpb: step.map((at) => bpb(at) + noise(at, 1) * 0.35),
    recon: hierarchies.map(({ factor }) =>
      factor === 1 || reconWeight === 0
        ? null
        : step.map(
            (at) => 0.35 + factor * 0.02 + 7.6 * Math.exp(-at / (22 + 5 * factor)) + Math.abs(noise(at, factor)) * 0.2,
          ),
    ),
    ar: hierarchies.map(({ factor }) =>
      factor === 1
        ? null
        : step.map((at) => 0.2 + 0.03 * Math.log2(factor) + 0.8 * Math.exp(-at / 60) + noise(at, factor) * 0.05),
    ),
    gradNorm: step.map((at) => 0.4 + Math.exp(-at / 40)),
    learningRate: step.map(() => config.training.learningRate),
    activeSeconds: step.map((at) => at / rate),
  };
}
