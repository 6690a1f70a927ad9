import type { Checkpoint } from '../../train/saving/checkpoint.ts';
import type { Trainer } from '../../train/trainer.ts';
import { writeRun, type SaveOption } from './run-file.ts';

/** A file that holds a run, or its model alone, and the step that it is of. */
interface Saved {
  option: SaveOption;
  step: number;
  file: string;
}

interface Parts {
  run: Pick<Trainer, 'save' | 'goBack' | 'goesWell'>;
  /** Where the run is kept; one of them at least. */
  files: Partial<Record<SaveOption, string>>;
  /** Where the run comes from; null for a new one. */
  from: { step: number; file: string } | null;
  /** Adds what a trainer does not know of a run. */
  complete(checkpoint: Checkpoint): Checkpoint;
  /** Called when a file was written. */
  onSaved(saved: Saved): void;
}

/** Keeps a run in its files, which never hold one that has gone wrong. */
export class RunSaver {
  private readonly parts: Parts;
  /** The newest of each file. */
  private readonly newest = new Map<SaveOption, Saved>();
  private saving: Promise<void> = Promise.resolve();

  constructor(parts: Parts) {
    this.parts = parts;
    // What a run comes from is there until its own file is.
    if (parts.from !== null) this.newest.set('--save', { option: '--save', ...parts.from });
  }

  /** Saves the run as it is. */
  save(): Promise<void> {
    return this.write(() => true);
  }

  /** The same on the way, unless losses turn out to have been high meanwhile. */
  saveWhereWell(): Promise<void> {
    return this.write(() => this.parts.run.goesWell);
  }

  /** Saves what a run that has gone wrong was when all was well, where the files do not hold that yet. */
  async saveSound(): Promise<void> {
    await this.saving.catch(() => {});
    const step = this.parts.run.goBack();
    if (step === null) return;
    const stale = this.targets.filter(({ option, file }) => {
      const newest = this.newest.get(option);
      return newest?.file !== file || step > newest.step;
    });
    if (stale.length > 0) await this.write(() => true, stale);
  }

  /** What there is to go on from. */
  get state(): string {
    const [run, model] = [this.newest.get('--save'), this.newest.get('--save-model')];
    const said = [
      run && `The run is saved as it was at step ${run.step}: --resume ${run.file} goes on from there.`,
      model && `Its model alone is saved as it was at step ${model.step}, in ${model.file}.`,
    ].filter((each) => each !== undefined);
    return said.length === 0 ? 'Nothing was saved.' : said.join(' ');
  }

  private get targets(): { option: SaveOption; file: string }[] {
    const { '--save': run, '--save-model': model } = this.parts.files;
    return [
      ...(run === undefined ? [] : [{ option: '--save' as const, file: run }]),
      ...(model === undefined ? [] : [{ option: '--save-model' as const, file: model }]),
    ];
  }

  /** One after the other, since they write to the same files; the last has the newest step. */
  private write(isWanted: () => boolean, targets = this.targets): Promise<void> {
    const { run, complete, onSaved } = this.parts;
    this.saving = this.saving
      .catch(() => {})
      .then(async () => {
        const checkpoint = await run.save();
        // By now the losses of all its steps have been told.
        if (!isWanted()) return;
        const { step } = checkpoint;
        for (const { option, file } of targets) {
          await writeRun(file, complete(checkpoint), option);
          const saved = { option, step, file };
          this.newest.set(option, saved);
          onSaved(saved);
        }
      });
    return this.saving;
  }
}
