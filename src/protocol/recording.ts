import type { CorpusInfo, EmbeddingSpread, WorkerEvent } from './events.ts';
import type { AttentionBand, HierarchyGeometry, Inspection, Reconstruction } from './inspection.ts';

/**
 * A run as it really was, small enough to come with the page: what a visitor sees before anything has run on their own
 * adapter, or when they have none. Bytes are base64 so that it is plain JSON.
 */
export interface Recording {
  version: 1;
  /** Configuration, as a link says it. */
  query: string;
  /** What it was recorded on. */
  adapter: string;
  /** Training time of all steps together. */
  seconds: number;
  corpus: Omit<CorpusInfo, 'sha256'>;
  started: Omit<Extract<WorkerEvent, { type: 'started' }>, 'type' | 'runId'>;
  /** Columns of equal length, one entry per step. */
  metrics: {
    trainBpb: number[];
    recon: (number[] | null)[];
    ar: (number[] | null)[];
    gradNorm: number[];
    learningRate: number[];
    activeSeconds: number[];
  };
  /** Recordings from before the spread was measured have none. */
  validation: { step: number; bpb: number; spread?: EmbeddingSpread }[];
  samples: { step: number; prompt: string; bytes: string }[];
  inspections: { step: number; inspection: RecordedInspection }[];
}

/** An inspection with its arrays as base64 (bytes) or rounded numbers. */
export interface RecordedInspection {
  text: string;
  hierarchies: HierarchyGeometry[];
  bits: (number | null)[];
  /** Recordings from before ranks were told have none. */
  ranks?: number[];
  candidates: { count: number; bytes: string; probabilities: number[] };
  bitsWithout: ((number | null)[] | null)[];
  attention: (Omit<AttentionBand, 'weights' | 'meanDistance' | 'entropy'> & {
    weights: string;
    meanDistance: number[];
    entropy: number[];
  })[];
  /** Per layer, round(255 * share) as base64; recordings from before it was measured have none. */
  mergeShares?: string[];
  /** Recordings from before they were read have none. */
  reconstructions?: (RecordedReconstruction | null)[];
}

type RecordedReconstruction = Pick<Reconstruction, 'firstToken'> & {
  bytes: string;
  likeliest: (number | null)[];
  actual: (number | null)[];
};

/** An inspection as it goes into a recording; numbers keep three digits after the point. */
export function packInspection(inspection: Inspection): RecordedInspection {
  const { text, hierarchies, bits, ranks, candidates, bitsWithout, attention, mergeShares, reconstructions } =
    inspection;
  return {
    text: toBase64(text),
    hierarchies,
    bits: rounded(bits),
    ranks: Array.from(ranks),
    candidates: {
      count: candidates.count,
      bytes: toBase64(candidates.bytes),
      probabilities: Array.from(candidates.probabilities, round),
    },
    bitsWithout: bitsWithout.map((column) => column && rounded(column)),
    attention: attention.map(({ weights, meanDistance, entropy, ...rest }) => ({
      ...rest,
      weights: toBase64(weights),
      meanDistance: Array.from(meanDistance, round),
      entropy: Array.from(entropy, round),
    })),
    mergeShares: mergeShares.map((shares) => toBase64(Uint8Array.from(shares, (share) => Math.round(255 * share)))),
    reconstructions: reconstructions.map(
      (each) =>
        each && {
          firstToken: each.firstToken,
          bytes: toBase64(each.bytes),
          likeliest: rounded(each.likeliest),
          actual: rounded(each.actual),
        },
    ),
  };
}

export function unpackInspection(recorded: RecordedInspection): Inspection {
  const {
    text,
    hierarchies,
    bits,
    ranks = [],
    candidates,
    bitsWithout,
    attention,
    mergeShares = [],
    reconstructions = [],
  } = recorded;
  return {
    text: fromBase64(text),
    hierarchies,
    bits: restored(bits),
    ranks: Uint16Array.from(ranks),
    candidates: {
      count: candidates.count,
      bytes: fromBase64(candidates.bytes),
      probabilities: Float32Array.from(candidates.probabilities),
    },
    bitsWithout: bitsWithout.map((column) => column && restored(column)),
    layers: [],
    attention: attention.map(({ weights, meanDistance, entropy, ...rest }) => ({
      ...rest,
      weights: fromBase64(weights),
      meanDistance: Float32Array.from(meanDistance),
      entropy: Float32Array.from(entropy),
    })),
    mergeShares: mergeShares.map((shares) => Float32Array.from(fromBase64(shares), (share) => share / 255)),
    reconstructions: reconstructions.map(
      (each) =>
        each && {
          firstToken: each.firstToken,
          bytes: fromBase64(each.bytes),
          likeliest: restored(each.likeliest),
          actual: restored(each.actual),
        },
    ),
  };
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** JSON has no NaN: null stands for it. */
function rounded(column: Float32Array): (number | null)[] {
  return Array.from(column, (value) => (Number.isNaN(value) ? null : round(value)));
}

function restored(column: readonly (number | null)[]): Float32Array {
  return Float32Array.from(column, (value) => value ?? NaN);
}
