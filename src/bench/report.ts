import type { DeviceInfo } from '../gpu/adapter-info.ts';
import type { KernelTime } from '../gpu/kernel-sums.ts';
import type { Nearness } from './bound.ts';
import type { GenerationRow } from './generation.ts';
import type { Ceilings } from './ceilings.ts';
import type { PassName } from './kernel-case.ts';
import type { SoakRow } from './soak.ts';

/** What was measured, on what, when. */
export interface Header {
  kind: 'header';
  adapter: DeviceInfo;
  /** The variants that were measured, and which others are wrong on this adapter or round otherwise. */
  kernels: { variants: string; replaced: readonly string[]; passedOver: readonly string[]; wrong: readonly string[] };
  limits: { maxBufferSize: number; maxStorageBufferBindingSize: number };
  /** Processor, operating system and runtime, as far as they are known. */
  machine: string;
  /** ISO 8601, with the time. */
  date: string;
}

export interface CeilingsRow extends Ceilings {
  kind: 'ceilings';
}

export interface KernelRow extends Nearness {
  kind: 'kernel';
  id: string;
  family: string;
  shape: string;
  pass: PassName;
  /** The median of the repetitions. */
  milliseconds: number;
  spread: number;
  least: number;
  repetitions: number;
  dispatches: number;
  gflops: number;
  gigabytes: number;
  /** Largest deviation from float64 among the elements looked at. */
  deviation: number;
}

export interface StepRow extends Nearness {
  kind: 'step';
  id: string;
  query: string;
  /** Whether each hierarchy had dispatches of its own, on an adapter where they share them. */
  isApart: boolean;
  parameters: number;
  dispatches: number;
  pipelines: number;
  /** From one step to the next while several are under way. */
  milliseconds: number;
  spread: number;
  least: number;
  /** By timestamps; null without. */
  gpuMilliseconds: number | null;
  /** Of the host's thread: sampling, uploading, encoding, submitting. */
  hostMilliseconds: number;
  gflops: number;
  gigabytes: number;
  bytesAlive: number;
  /** From a device without pipelines to the first loss on the host. */
  firstLossSeconds: number;
  /** The slowest first; empty without timestamps. */
  kernels: KernelTime[];
}

export type SuiteEvent =
  | Header
  | CeilingsRow
  | KernelRow
  | StepRow
  /** How fast texts are written. */
  | { kind: 'texts'; query: string; rows: GenerationRow[] }
  | { kind: 'soak'; query: string; rows: SoakRow[] }
  | { kind: 'skipped'; id: string; reason: string }
  /** What could not be measured since something went wrong: a kernel that is not compiled, a device that was lost. */
  | { kind: 'failed'; id: string; message: string }
  /** A result that deviates from float64, NaN where nothing was written. */
  | { kind: 'wrong'; id: string; deviation: number }
  /** What is measured next, for who waits. */
  | { kind: 'progress'; id: string; done: number; total: number };

export type Report = (event: SuiteEvent) => void;
