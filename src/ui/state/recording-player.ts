import type { StoreApi } from 'zustand/vanilla';
import type { Recording } from '../../protocol/recording.ts';
import type { CurvesStore } from './curves.ts';
import type { Inspector } from './inspector.ts';
import { recordedBatch, recordedInspections, recordedRun, recordedSamples, recordedValidations } from './recording.ts';
import type { RecordedRun } from './recording.ts';
import type { RunState } from './run-state.ts';
import { isUntouched } from './runs.ts';
import type { RunsStore } from './runs.ts';

export interface PlayerParts {
  run: StoreApi<RunState>;
  curves: CurvesStore;
  runs: Pick<RunsStore, 'getState'>;
  inspector: Pick<Inspector, 'showRecorded'>;
  requestRevision(): void;
  /** The file that comes with the page; null without one. */
  load(): Promise<Recording | null>;
  /** Calls back after `delay` ms. */
  later(callback: () => void, delay: number): void;
  /** Whether the visitor wants things to stand still. */
  still(): boolean;
  /** Whether the tab is open on which it is played; others speak of the whole run. */
  watched(): boolean;
}

const FRAMES = 80;
const FRAME_DELAY = 50;

/**
 * Plays the recorded run once, on a page that follows no run of the visitor's; the first run of the visitor ends it, and another
 * tab leads to its end at once.
 */
export class RecordingPlayer {
  private readonly parts: PlayerParts;

  constructor(parts: PlayerParts) {
    this.parts = parts;
  }

  async open(): Promise<void> {
    const { run, inspector, load, still } = this.parts;
    const recording = await load();
    if (recording === null || !this.wanted()) {
      run.setState({ awaitsRecorded: false });
      return;
    }
    const { runId } = run.getState();
    const recorded = recordedRun(recording);
    run.setState({ recorded, awaitsRecorded: false });
    inspector.showRecorded(recordedInspections(recording));
    const total = recording.metrics.trainBpb.length;
    if (still()) this.show(recording, recorded, 0, total);
    else this.play(recording, recorded, runId, 0, Math.ceil(total / FRAMES));
  }

  private play(recording: Recording, recorded: RecordedRun, runId: number, from: number, count: number): void {
    const total = recording.metrics.trainBpb.length;
    if (from >= total || this.parts.run.getState().runId !== runId) return;
    const to = this.parts.watched() ? Math.min(total, from + count) : total;
    this.show(recording, recorded, from, to);
    this.parts.later(() => this.play(recording, recorded, runId, to, count), FRAME_DELAY);
  }

  private show(recording: Recording, { config }: RecordedRun, from: number, to: number): void {
    const { run, curves, requestRevision } = this.parts;
    const { metrics } = curves.getState();
    const batch = recordedBatch(recording, run.getState().runId, from, to);
    metrics.append(batch, config.model);
    for (const { step, bpb, spread } of recordedValidations(recording, from, to)) {
      metrics.appendValidation(step, bpb, spread);
    }
    run.setState({ samples: recordedSamples(recording, to) });
    requestRevision();
  }

  /** Nobody has trained anything on this visit, nor sent a curve, which is what one came to see. */
  private wanted(): boolean {
    const { run, curves, runs } = this.parts;
    const { phase, config } = run.getState();
    return (
      phase.name === 'idle' &&
      config === null &&
      curves.getState().metrics.step.length === 0 &&
      isUntouched(runs.getState())
    );
  }
}
