import type { Corpus } from '../../data/corpus.ts';
import type { Gpu } from '../../gpu/device.ts';
import type { KernelMemory } from '../../train/kernels/kernel-memory.ts';
import type { GivenWeights } from '../../train/saving/first-weights.ts';
import { Trainer } from '../../train/trainer.ts';
import { headerOf } from './header.ts';
import type { RunOutcome } from './run-outcome.ts';
import { RunReport } from './run-report.ts';
import { RunSaver } from './run-saver.ts';
import { saveRegularly } from './save-regularly.ts';
import { validationInterval } from './validation-interval.ts';
import type { ResumedRun } from './work.ts';

/** What all runs of a command share. */
export interface Command {
  gpu: Gpu;
  corpus: Corpus;
  memory: KernelMemory;
  /** Steps between two reports. */
  every: number;
  json: boolean;
  /** Whether a run is measured on the test part at its end. */
  test: boolean;
  /** The run that goes on, and its file. */
  from?: ResumedRun;
  /** What runs begin with, in place of weights that are drawn. */
  weights?: GivenWeights;
  /** What ends a run early finds it here while there is one. */
  current: Trainer | null;
  /** Whether that was asked for. */
  endsEarly: boolean;
}

/** A run that has gone wrong of itself, which says nothing of another with the same engine. */
export class RunGoneWrong extends Error {
  override name = 'RunGoneWrong';
}

/**
 * Trains a run to its end, or until it is ended early, keeps it in its files, and prints how it does. Throws RunGoneWrong, or an
 * Error for what would keep every run from being trained: the GPU was lost, a file cannot be written, memory is too small.
 */
export async function trainRun(outcome: RunOutcome, command: Command): Promise<void> {
  const { config, saveFile, modelFile, label } = outcome.run;
  const { gpu, corpus, memory, every, json, test, from, weights } = command;
  const { steps } = config.training;
  const isThrough = from !== undefined && from.checkpoint.step >= steps;
  const validateEvery = validationInterval(config.training, every);
  const report = new RunReport(outcome, command, validateEvery);
  const { curve, facts } = report;
  const note = (text: string): void => report.note(text);
  let saver: RunSaver | null = null;
  let stopSaving = (): void => {};
  let isRuined = false;
  try {
    const run = await Trainer.create({
      gpu,
      runId: 1,
      config,
      corpus,
      emit: (event) => report.hear(event),
      autoSample: false,
      validateEvery,
      memory,
      from: from?.checkpoint,
      weights,
    });
    command.current = run;
    if (saveFile !== null || modelFile !== null) {
      const kept = new RunSaver({
        run,
        files: {
          ...(saveFile !== null && { '--save': saveFile }),
          ...(modelFile !== null && { '--save-model': modelFile }),
        },
        from: from === undefined ? null : { step: from.checkpoint.step, file: from.file },
        complete: (checkpoint) => ({
          ...checkpoint,
          name: from?.checkpoint.name,
          curve: curve.upTo(checkpoint.step),
        }),
        onSaved: ({ option, step, file }) =>
          note(option === '--save' ? `saved at step ${step} to ${file}` : `the model of step ${step} saved to ${file}`),
      });
      saver = kept;
      stopSaving = saveRegularly(run, () => void kept.saveWhereWell().catch(complain));
    }
    if (from && !isThrough) note(`goes on at step ${from.checkpoint.step} and is kept in ${saveFile}`);
    if (weights) note(`begins with the weights of ${weights.of.name}, step ${weights.of.step}`);
    if (json) {
      const header = await headerOf({
        config,
        corpus,
        from: from?.checkpoint,
        weights: weights?.of,
        adapter: gpu.info,
        facts,
      });
      console.log(JSON.stringify({ ...header, ...label }));
    }
    await run.resume();
    report.end();
    isRuined = await finish({ run, saver, report, outcome, test, wasEnded: () => command.endsEarly });
    await run.stop();
  } catch (error) {
    // Whatever waits for a lost device fails, each in words of its own.
    if (!(await gpu.isLost())) throw error;
    report.end();
    const { message } = await gpu.lost;
    const rest = saver?.state ?? (isThrough ? 'The file of the run is as it was.' : 'Nothing was saved.');
    throw new Error(`The GPU was lost (${message.replace(/\.$/, '')}). ${rest}`, { cause: error });
  } finally {
    stopSaving();
    command.current = null;
  }
  const { failure } = report;
  if (failure === null) return;
  // A signal was asked for, and has a status of its own.
  if (!(isRuined && command.endsEarly)) throw new RunGoneWrong(failure);
  console.error(failure);
}

interface Finishing {
  run: Trainer;
  saver: RunSaver | null;
  report: RunReport;
  outcome: RunOutcome;
  test: boolean;
  /** Whether somebody has ended the run early, by now. */
  wasEnded(): boolean;
}

/**
 * Keeps a run that trains no more, as far as it is sound, and has it measured. Says whether losses were far above what they had
 * come down to, so that its last steps are not kept. Throws where a file cannot be written.
 */
async function finish({ run, saver, report, outcome, test, wasEnded }: Finishing): Promise<boolean> {
  const { failure } = report;
  if (failure === null && !wasEnded() && !report.isDone) {
    throw new Error(`The run ended before its step ${outcome.run.config.training.steps}.`);
  }
  const endsHigh = failure === null && !run.goesWell;
  if (endsHigh) outcome.warn('the last losses were far above what they had come down to');
  const isRuined = endsHigh && saver !== null;
  if (isRuined) {
    report.failure = 'The last losses were far above what they had come down to, so the last steps are not kept.';
  }
  if (report.failure === null) await saver?.save();
  else if (saver !== null) {
    await saver.saveSound().catch(complain);
    report.failure = `${report.failure} ${saver.state}`;
  }
  if (report.failure === null && test && !wasEnded()) await run.score();
  // Once more, with the score: measuring takes a while, and a run that is through should not be lost meanwhile.
  if (report.isScored) await saver?.save();
  return isRuined;
}

/** What was saved before is there still. */
function complain(error: Error): void {
  console.error(error.message);
}
