import type { Checkpoint } from '../../train/saving/checkpoint.ts';
import type { Trainer } from '../../train/trainer.ts';
import { writeRun } from './run-file.ts';

/** A file that holds a run, and the step that it is of. */
interface Saved {
  step: number;
  file: string;
}

interface Parts {
  run: Pick<Trainer, 'save' | 'goBack' | 'goesWell'>;
  file: string;
  /** Where the run comes from; null for a new one. */
  from: Saved | null;
  /** Adds what a trainer does not know of a run. */
  complete(checkpoint: Checkpoint): Checkpoint;
  /** Called when the file was written. */
  onSaved(saved: Saved): void;
}

/** Keeps a run in its file, which never holds one that has gone wrong. */
export class RunSaver {
  private readonly parts: Parts;
  private newest: Saved | null;
  private saving: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.parts = parts;
    this.newest = parts.from;
  }

  /** Saves the run as it is. */
  save(): Promise<void> {
    return this.write(() => true);
  }

  /** The same on the way, unless losses turn out to have been high meanwhile. */
  saveWhereWell(): Promise<void> {
    return this.write(() => this.parts.run.goesWell);
  }

  /** Saves what a run that has gone wrong was when all was well, where the file does not hold that yet. */
  async saveSound(): Promise<void> {
    await this.saving.catch(() => {});
    const step = this.parts.run.goBack();
    const { newest } = this;
    if (step !== null && (newest?.file !== this.parts.file || step > newest.step)) await this.save();
  }

  /** What there is to go on from. */
  get state(): string {
    const { newest } = this;
    return newest === null
      ? 'Nothing was saved.'
      : `The run is saved as it was at step ${newest.step}: --resume ${newest.file} goes on from there.`;
  }

  /** One after the other, since they write to one file; the last has the newest step. */
  private write(isWanted: () => boolean): Promise<void> {
    const { run, file, complete, onSaved } = this.parts;
    this.saving = this.saving
      .catch(() => {})
      .then(async () => {
        const checkpoint = await run.save();
        // By now the losses of all its steps have been told.
        if (!isWanted()) return;
        await writeRun(file, complete(checkpoint));
        this.newest = { step: checkpoint.step, file };
        onSaved(this.newest);
      });
    return this.saving;
  }
}
