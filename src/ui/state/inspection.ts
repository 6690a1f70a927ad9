import type { WorkerEvent } from '../../protocol/events.ts';
import type { Inspection } from '../../protocol/inspection.ts';
import type { RunPhase } from './run-state.ts';

/** What a model did with the passage at one step of a run. */
export interface Capture {
  runId: number;
  step: number;
  inspection: Inspection;
}

export interface InspectionState {
  /** The text that the model is watched on; as much of it as fits into a context is read. */
  passage: string;
  /** Taken as the run went on, first step first. */
  snapshots: readonly Capture[];
  /** Whether the snapshots came with the page: there is no model that could be asked anything. */
  recorded: boolean;
  /** The newest answer that was asked for. */
  latest: Capture | null;
  /** To compare others with; stays when its run is gone. */
  pinned: Capture | null;
  /** Whether an answer is under way. */
  asking: boolean;
  failure: string | null;
  /** Whether to ask again and again while the run goes on. */
  auto: boolean;
}

/** Whether there is a model that can be asked. */
export function canAnswer({ name }: RunPhase): boolean {
  return name === 'training' || name === 'paused' || name === 'done' || name === 'diverged';
}

/** All captures by step, the newest answer among them. */
export function capturesOf({ snapshots, latest }: Pick<InspectionState, 'snapshots' | 'latest'>): readonly Capture[] {
  if (latest === null) return snapshots;
  return [...snapshots.filter(({ step }) => step !== latest.step), latest].sort((a, b) => a.step - b.step);
}

/** The capture of a step, or the last before it; the newest without a step. */
export function captureAt(captures: readonly Capture[], step: number | null): Capture | null {
  if (captures.length === 0) return null;
  if (step === null) return captures.at(-1)!;
  return captures.findLast((capture) => capture.step <= step) ?? captures[0];
}

export type InspectionEvent = Extract<WorkerEvent, { type: 'inspection' }>;

export function captureOf({ runId, step, inspection }: InspectionEvent): Capture {
  return { runId, step, inspection };
}
