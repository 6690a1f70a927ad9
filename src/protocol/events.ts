import type { AdapterSpeed } from '../config/costs.ts';
import type { SyntheticFacts } from '../config/synthetic.ts';
import type { DatasetId, HotSettings } from '../config/types.ts';
import type { FirstWeights } from './first-weights.ts';
import type { Inspection } from './inspection.ts';
import type { TestScore } from './test-score.ts';

/** What the adapter is and can do; `limits` by their WebGPU names. */
export interface AdapterInfo {
  description: string;
  vendor: string;
  architecture: string;
  software: boolean;
  features: string[];
  /** Forms of subgroup matrices that a run can ask for: rows and columns, and the type of the operands. */
  subgroupMatrices: { side: number; component: 'f16' | 'f32' }[];
  limits: { maxBufferSize: number; maxStorageBufferBindingSize: number };
}

/** Losses of consecutive optimizer steps, one entry a step; a missing value is NaN. */
export interface MetricsBatch {
  runId: number;
  /** Number of the step, 1 = after the first update. */
  step: Float64Array;
  /** Next-byte cross entropy in bits per byte, before the update of that step. */
  trainBpb: Float64Array;
  /** Per hierarchy, reconstruction in bits per reconstructed byte; null where a hierarchy has none. */
  recon: (Float64Array | null)[];
  /** Per hierarchy, 1 - cosine of the hierarchical prediction; null where a hierarchy has none. */
  ar: (Float64Array | null)[];
  gradNorm: Float64Array;
  learningRate: Float64Array;
  /** Seconds of training (pauses excluded) at which each step was read back. */
  activeSeconds: Float64Array;
  /** GPU time of the passes of each step; absent where the adapter has no timestamps. */
  passMilliseconds?: { forward: Float64Array; backward: Float64Array; update: Float64Array };
}

/**
 * Per hierarchy, how far apart its embeddings lie: the mean of 1 - cosine between tokens half a context apart, about 1
 * for unrelated ones and 0 when all are alike. Null where a hierarchy has none.
 */
export type EmbeddingSpread = (number | null)[];

export interface CorpusInfo {
  dataset: DatasetId;
  name: string;
  bytes: number;
  /** Null where the browser computes none, as on insecure pages: nothing can be trained there. */
  sha256: string | null;
  trainBytes: number;
  validationBytes: number;
  /** Bits per byte of a model that knows only how often each byte occurs. */
  order0Bits: number;
  gzipBits: number | null;
  /** How many bytes from its start that figure is of; absent where it is of all. */
  gzipBytes?: number;
  /** How many bytes are 0, which losses leave out and the two figures do not; absent where none is. */
  zeroBytes?: number;
  /** Why a text that was downloaded is not kept for the next visit; absent where it is. */
  unkept?: string;
  /** What is known of a text for being made by a rule; absent for all others. */
  synthetic?: SyntheticFacts;
}

export type RunFailure =
  | { kind: 'out-of-memory'; message: string }
  | { kind: 'invalid'; message: string }
  | { kind: 'data'; message: string }
  | { kind: 'internal'; message: string };

/** Why a device is gone: as the browser has it, or because it never answers, which no browser says. */
export type LossReason = 'unknown' | 'destroyed' | 'no-answer';

/** Losses that are finite, but far above what a run has had. */
export interface BlowUp {
  /** The last step at which all was well. */
  wellUntil: number;
  /** Bits per byte that the run had come down to. */
  best: number;
  /** Where `rewind` would go back to; null when no earlier state was kept. */
  rewindStep: number | null;
}

/** Why there is no copy of a run. */
export type Unkept = { why: 'size'; bytes: number; most: number } | { why: 'memory'; message: string };

/** What the worker tells the page. */
export type WorkerEvent =
  | { type: 'adapter'; state: 'none' | 'no-adapter'; message: string }
  | { type: 'adapter'; state: 'no-device'; message: string; info: AdapterInfo }
  | { type: 'adapter'; state: 'ready'; info: AdapterInfo }
  | { type: 'calibration'; speed: AdapterSpeed }
  /**
   * Which kernel variants runs on this adapter get, before the first starts. `replaced` says which others were found wrong at
   * start-up, `passedOver` which were faster but not the same to the bit, do not run, or are used unchecked, `wrong` what comes out
   * wrong by whichever kernels, a sentence each; `remembered` that they were measured and checked on an earlier visit; `savedWith` which others a run had that goes on with
   * these.
   */
  | {
      type: 'kernels';
      variants: string;
      replaced: string[];
      passedOver: string[];
      wrong: string[];
      remembered: boolean;
      savedWith?: string;
    }
  | { type: 'corpus'; requestId: number; info: CorpusInfo }
  /** Bytes of the loaded text: fewer than asked for at its end. */
  | { type: 'peek'; requestId: number; bytes: Uint8Array }
  | { type: 'corpus-failed'; requestId: number; dataset: DatasetId; message: string }
  | { type: 'download'; requestId: number; receivedBytes: number; totalBytes: number | null; bytesPerSecond: number }
  | { type: 'compiling'; runId: number; done: number; total: number }
  | {
      type: 'started';
      runId: number;
      parameters: number;
      flopsPerStep: number;
      engineBytes: number;
      pipelines: number;
      dispatches: number;
      /** What it began with; left out where that was drawn from its seed. */
      firstWeights?: FirstWeights;
    }
  | { type: 'metrics'; batch: MetricsBatch }
  | { type: 'validation'; runId: number; step: number; bpb: number; spread: EmbeddingSpread }
  | { type: 'paused'; runId: number; step: number }
  | { type: 'resumed'; runId: number }
  | { type: 'done'; runId: number; step: number }
  /**
   * A loss or gradient stopped being finite: updates after `lastFiniteStep` were not applied. `rewind` would go back to
   * `rewindStep`; null when no earlier state was kept.
   */
  | {
      type: 'diverged';
      runId: number;
      step: number;
      lastFiniteStep: number;
      rewindStep: number | null;
      message: string;
    }
  /** Losses stay far above what they were, or do so no more. `rewind` would go back; the run goes on if nobody asks for that. */
  | { type: 'blown-up'; runId: number; blowUp: BlowUp | null }
  /** The run has taken up new values of these settings; they count from the step after `step` on. */
  | { type: 'adjusted'; runId: number; step: number; changed: Partial<HotSettings> }
  /** The run is as it was after `step`; what was measured since does not count. */
  | { type: 'rewound'; runId: number; step: number }
  /**
   * All that it takes to go on with the run after `step`, on another device if need be: about every 20 s, sooner at its
   * beginning, when nobody sees the page, and whenever it stands still, unless it is too large.
   */
  | { type: 'kept'; runId: number; step: number; file: Blob }
  /** The run cannot be kept: it has more bytes than a browser should hold, or the GPU no memory for a copy. Told once. */
  | { type: 'unkept'; runId: number; cause: Unkept }
  | { type: 'lost'; runId: number; reason: LossReason; message: string }
  | { type: 'failed'; runId: number; failure: RunFailure }
  | { type: 'reset' }
  /** Something threw outside of a run: a defect of ours. */
  | { type: 'crashed'; message: string }
  | { type: 'inspection'; requestId: number; runId: number; step: number; inspection: Inspection }
  | { type: 'inspection-failed'; requestId: number; runId: number; message: string }
  /** heads x span, not rounded; null when neither the parameters of that step nor what they gave is there any more. */
  | { type: 'attention-row'; requestId: number; runId: number; weights: Float32Array | null }
  /** What share of the test part has been measured. */
  | { type: 'scoring'; runId: number; share: number }
  /** How the model did on it; null when the measurement was ended, or the run went back meanwhile. */
  | { type: 'scored'; runId: number; score: TestScore | null }
  | { type: 'score-failed'; runId: number; message: string }
  /** A text sample as far as it has come; `requestId` 0 is the one that refreshes by itself while training. */
  | {
      type: 'sample';
      requestId: number;
      runId: number;
      /** At which it was begun. */
      step: number;
      /** To which training has come meanwhile: each byte is of the parameters at its time. */
      lastStep: number;
      prompt: Uint8Array;
      bytes: Uint8Array;
      done: boolean;
    }
  /** There was no memory to write it with. A `sample` that is done has come before. */
  | { type: 'sample-failed'; requestId: number; runId: number; message: string };
