import { decodeQuery } from '../../config/codec/decode.ts';
import { encodeQuery } from '../../config/codec/encode.ts';
import { presets, type PresetId } from '../../config/presets.ts';
import type { RunConfig } from '../../config/types.ts';
import type { MetricsBatch } from '../../protocol/events.ts';
import { fromBase64, unpackInspection, type Recording } from '../../protocol/recording.ts';
import type { Inspection } from '../../protocol/inspection.ts';
import type { ModelFacts, TextSample } from './run-state.ts';

/** What the page says of the run that it shows before anybody has trained here. */
export interface RecordedRun {
  adapter: string;
  seconds: number;
  steps: number;
  preset: PresetId;
  config: RunConfig;
  model: ModelFacts;
  /** The text that it learned from. */
  corpus: Recording['corpus'];
}

/** The link of the recorded run, known before its file is there. Whoever records another run puts its link here. */
export const RECORDED_LINK = 'p=quick&st=300';

/** Whether a configuration is that of the recorded run. */
export function isRecorded(config: RunConfig): boolean {
  return isSameButForLength(config, decodeQuery(RECORDED_LINK).config);
}

/** A recording is short so that its file is small: whoever trains the same for longer sees the same at first. */
export function isSameButForLength(a: RunConfig, b: RunConfig): boolean {
  const alike = { ...a, training: { ...a.training, steps: b.training.steps } };
  return encodeQuery(alike) === encodeQuery(b);
}

/** The file that comes with the page; null when it is missing or cannot be read, for the page does without. */
export async function loadRecording(fetchText: () => Promise<string>): Promise<Recording | null> {
  try {
    const recording = JSON.parse(await fetchText()) as Recording;
    return recording.version === 1 && recording.metrics.trainBpb.length > 0 ? recording : null;
  } catch {
    return null;
  }
}

export function recordedRun(recording: Recording): RecordedRun {
  const { adapter, seconds, metrics, started, corpus } = recording;
  const { preset, config } = decodeQuery(recording.query);
  return { adapter, seconds, steps: metrics.trainBpb.length, preset, config, model: started, corpus };
}

/** What a recorded run is called: its preset. */
export function recordedName({ preset }: Pick<RecordedRun, 'preset'>): string {
  return presets.find(({ id }) => id === preset)?.label ?? preset;
}

/** Figures of steps (from, to], as the worker would have posted them. */
export function recordedBatch({ metrics }: Recording, runId: number, from: number, to: number): MetricsBatch {
  const cut = (column: readonly number[]): Float64Array => Float64Array.from(column.slice(from, to));
  const cutEach = (column: readonly number[] | null): Float64Array | null => column && cut(column);
  const { trainBpb, recon, ar, gradNorm, learningRate, activeSeconds } = metrics;
  return {
    runId,
    step: Float64Array.from({ length: to - from }, (_, i) => from + i + 1),
    trainBpb: cut(trainBpb),
    recon: recon.map(cutEach),
    ar: ar.map(cutEach),
    gradNorm: cut(gradNorm),
    learningRate: cut(learningRate),
    activeSeconds: cut(activeSeconds),
  };
}

/** Validations after steps (from, to]. */
export function recordedValidations({ validation }: Recording, from: number, to: number): Recording['validation'] {
  return validation.filter(({ step }) => step > from && step <= to);
}

/** Samples of steps up to `step`, newest first. */
export function recordedSamples({ samples }: Recording, step: number): TextSample[] {
  return samples
    .filter((sample) => sample.step <= step)
    .map((sample) => ({
      step: sample.step,
      prompt: fromBase64(sample.prompt),
      bytes: fromBase64(sample.bytes),
      done: true,
    }))
    .reverse();
}

export function recordedInspections({ inspections }: Recording): { step: number; inspection: Inspection }[] {
  return inspections.map(({ step, inspection }) => ({ step, inspection: unpackInspection(inspection) }));
}
