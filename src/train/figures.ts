import type { WorkerEvent } from '../protocol/events.ts';
import type { LiveSettings } from './live-settings.ts';
import { MetricsLog } from './metrics-log.ts';
import type { Pace } from './passes/pace.ts';
import type { StepReplay } from './passes/step-replay.ts';
import type { TrainingSession } from './passes/training-session.ts';
import type { LossWatch } from './saving/loss-watch.ts';
import type { ActiveTime } from './time/active-time.ts';
import { now } from './time/now.ts';

const METRICS_SECONDS = 0.1;
const UNSEEN_METRICS_SECONDS = 1;

interface Parts {
  session: Pick<TrainingSession, 'layout' | 'step'> & { replay: Pick<StepReplay, 'stepTimes'> };
  settings: Pick<LiveSettings, 'rateOf'>;
  pace: Pick<Pace, 'note'>;
  watch: Pick<LossWatch, 'note'>;
  active: Pick<ActiveTime, 'at'>;
  runId: number;
  emit: (event: WorkerEvent) => void;
}

/** Takes the figures of a run's steps as they come back from the GPU, and tells them a few times a second. */
export class Figures {
  private readonly parts: Parts;
  private readonly log: MetricsLog;
  private visible = true;
  private toldAt = 0;
  /** Number of the last step whose figures have arrived. */
  private received: number;
  private failedStep: number | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
    this.log = new MetricsLog(parts.session.layout);
    this.received = parts.session.step;
  }

  /** The first step with a loss or a gradient that is not finite; null while all are. */
  get notFiniteStep(): number | null {
    return this.failedStep;
  }

  /** Counts on from `step`: what comes next are the figures of the step after it. */
  goOnAfter(step: number): void {
    this.received = step;
    this.failedStep = null;
  }

  /** Takes the figures of the next step. */
  receive(record: Float32Array, times: Uint32Array): void {
    const { session, settings, pace, watch, active } = this.parts;
    const time = now();
    const step = ++this.received;
    const seconds = active.at(time);
    pace.note(seconds);
    if (record[session.layout.nonFinite] !== 0) this.failedStep ??= step;
    if (this.failedStep !== null) {
      this.received = this.failedStep - 1;
      return;
    }
    this.log.add(record, step, settings.rateOf(step), seconds, session.replay.stepTimes(times));
    watch.note(step, record[session.layout.ce] / Math.LN2);
    const interval = this.visible ? METRICS_SECONDS : UNSEEN_METRICS_SECONDS;
    if (this.log.full || time - this.toldAt >= interval) this.tell();
  }

  /** While nobody can see them, figures are told less often. */
  show(visible: boolean): void {
    this.visible = visible;
    if (visible) this.tell();
  }

  /** Tells what has arrived and was not told yet. */
  tell(): void {
    const { runId, emit } = this.parts;
    const batch = this.log.take(runId);
    if (batch) emit({ type: 'metrics', batch });
    this.toldAt = now();
  }
}
