import { OutOfMemoryError } from '../gpu/device.ts';
import type { Unkept, WorkerEvent } from '../protocol/events.ts';
import { writeCheckpoint } from '../train/saving/checkpoint.ts';
import type { Trainer } from '../train/trainer.ts';

/** Between copies; the first of a run come sooner, as all of it would be gone. */
const KEEP_SECONDS = 20;
const FIRST_SECONDS = [2, 3, 5];
/** The page writes what is kept to the disk: a large run less often, every nine minutes at most. */
const BYTES_PER_SECOND = 4e6;
/** What is larger would be too much for a browser to hold twice, and could not be read again as one array. */
const MOST_BYTES = 2 * 2 ** 30;
/** A weight and two moments, in f32. */
const BYTES_PER_PARAMETER = 12;

/** Hands the page, now and then, all that it takes to go on with a run when the device is lost. */
export class RunKeeper {
  private readonly emit: (event: WorkerEvent) => void;
  private keptAt = performance.now();
  /** The run that it follows, and how many copies of it there were. */
  private followed = { runId: -1, copies: 0 };
  private keeping = false;
  /** What was to be kept while another copy was under way. */
  private next: { trainer: Trainer; runId: number; stands: boolean } | null = null;
  /** The run of which it was told that it cannot be kept, since when no copy has succeeded. */
  private toldOf = -1;

  constructor(emit: (event: WorkerEvent) => void) {
    this.emit = emit;
  }

  /** Keeps the run if what it just told is the time for it. */
  follow(event: WorkerEvent, trainer: Trainer, runId: number): void {
    if (this.followed.runId !== runId) {
      this.followed = { runId, copies: 0 };
      this.keptAt = performance.now();
    }
    const stands = event.type === 'done' || (event.type === 'paused' && !trainer.hasBlownUp);
    const due =
      event.type === 'metrics' &&
      performance.now() - this.keptAt >= 1000 * intervalAfter(this.followed.copies, trainer);
    // After going back, what was kept may be of steps that do not count any more.
    if (stands || due || event.type === 'rewound') void this.keep(trainer, runId, stands);
  }

  /**
   * Keeps the run now, or as soon as a copy that is under way is there; unless it has not begun. Or says why it cannot. What
   * was kept before is worth more than a run that may be blowing up, unless it stands where one hard batch is no blow-up yet, or
   * at its end.
   */
  async keep(trainer: Trainer, runId: number, stands = false): Promise<void> {
    if (trainer.step === 0 || !(stands || trainer.goesWell)) return;
    const bytes = bytesOf(trainer);
    if (bytes > MOST_BYTES) {
      this.tell(runId, { why: 'size', bytes, most: MOST_BYTES });
      return;
    }
    if (this.keeping) {
      this.next = { trainer, runId, stands };
      return;
    }
    this.keeping = true;
    let keptStep: number | null = null;
    const { keptAt } = this;
    this.keptAt = performance.now();
    try {
      const run = await trainer.save();
      // By now the losses of all its steps have been told.
      if (stands || trainer.goesWell) {
        keptStep = run.step;
        this.toldOf = -1;
        this.followed.copies++;
        this.emit({ type: 'kept', runId, step: run.step, file: new Blob(writeCheckpoint(run)) });
      } else this.keptAt = keptAt;
    } catch (error) {
      // RangeError: the host has no room for the copy.
      if (error instanceof OutOfMemoryError || error instanceof RangeError)
        this.tell(runId, { why: 'memory', message: error.message });
      // Else the run has diverged, was stopped, or lost its device: what was kept before is what there is.
    } finally {
      this.keeping = false;
    }
    const { next } = this;
    this.next = null;
    if (next && (next.trainer !== trainer || next.trainer.step !== keptStep)) {
      await this.keep(next.trainer, next.runId, next.stands);
    }
  }

  private tell(runId: number, cause: Unkept): void {
    if (this.toldOf === runId) return;
    this.toldOf = runId;
    this.emit({ type: 'unkept', runId, cause });
  }
}

function bytesOf({ parameters }: Trainer): number {
  return parameters * BYTES_PER_PARAMETER;
}

/** Seconds of training until the next copy of a run. */
function intervalAfter(copies: number, trainer: Trainer): number {
  return Math.max(FIRST_SECONDS[copies] ?? KEEP_SECONDS, bytesOf(trainer) / BYTES_PER_SECOND);
}
