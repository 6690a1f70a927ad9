import type { Corpus } from '../../data/corpus.ts';
import type { Gpu } from '../../gpu/device.ts';
import type { WorkerEvent } from '../../protocol/events.ts';
import type { KernelMemory } from '../../train/kernels/kernel-memory.ts';
import type { Checkpoint } from '../../train/saving/checkpoint.ts';
import type { GivenWeights } from '../../train/saving/first-weights.ts';
import { Trainer } from '../../train/trainer.ts';
import { CurveLog } from './curve-log.ts';
import { headerOf, sayKernels, type BuiltRun } from './header.ts';
import { Reporter, reportOf, sayBlowUp, sayReport, sayTest, type Report } from './reporter.ts';
import type { RunOutcome } from './run-outcome.ts';
import { RunSaver } from './run-saver.ts';
import { saveRegularly } from './save-regularly.ts';
import { validationInterval } from './validation-interval.ts';

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
  from?: { checkpoint: Checkpoint; file: string };
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
  const note = (text: string): void => {
    if (!json) console.log(text);
  };
  const say = <Line extends object>(line: Line, inWords: (line: Line) => string): void =>
    console.log(json ? JSON.stringify({ ...label, ...line }) : inWords(line));
  const validateEvery = validationInterval(config.training, every);
  const reporter = new Reporter(
    every,
    () => command.current?.bytesPerSecond ?? 0,
    (step) => step % validateEvery === 0 || step === steps,
    (report: Report) => say(report, (each) => sayReport(each, steps)),
  );
  let failure: string | null = null;
  let isDone = isThrough;
  let isScored = false;
  const curve = new CurveLog(config, from?.checkpoint);
  const facts: Partial<BuiltRun> = {};
  const fail = (message: string): void => {
    failure = message;
    outcome.fail(message);
  };
  const emit = (event: WorkerEvent): void => {
    if (event.type === 'metrics') {
      curve.add(event.batch);
      outcome.add(event.batch);
      reporter.add(event.batch, steps);
    } else if (event.type === 'validation') {
      curve.addValidation(event);
      outcome.addValidation(event);
      reporter.addValidation(event.step, event.bpb);
    } else if (event.type === 'started') {
      facts.parameters = event.parameters;
      facts.flopsPerStep = event.flopsPerStep;
      note(
        `${event.parameters.toLocaleString('en')} parameters, ${event.pipelines} pipelines, ${event.dispatches} dispatches a step`,
      );
    } else if (event.type === 'kernels') {
      const { variants, replaced, passedOver, remembered, savedWith } = event;
      facts.kernels = { variants, replaced, passedOver, ...(savedWith !== undefined && { savedWith }) };
      note(`kernels: ${variants}${remembered ? ' (remembered from an earlier run)' : ''}`);
      for (const line of sayKernels(facts.kernels)) console.error(line);
    } else if (event.type === 'diverged') fail(`${event.message} Last finite step: ${event.lastFiniteStep}.`);
    else if (event.type === 'blown-up') console.error(sayBlowUp(event.blowUp));
    else if (event.type === 'done') isDone = true;
    else if (event.type === 'scored' && event.score !== null) {
      isScored = true;
      curve.addScore(event.score);
      outcome.addScore(event.score);
      say(reportOf(event.score), sayTest);
    } else if (event.type === 'failed') fail(event.failure.message);
  };
  let saver: RunSaver | null = null;
  let stopSaving = (): void => {};
  // What was saved before is there still.
  const complain = (error: Error): void => console.error(error.message);
  /** Whether losses were far above what they had come down to when the run ended. */
  let isRuined = false;
  try {
    const run = await Trainer.create({
      gpu,
      runId: 1,
      config,
      corpus,
      emit,
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
    reporter.end();
    if (failure === null && !command.endsEarly && !isDone) throw new Error(`The run ended before its step ${steps}.`);
    const endsHigh = failure === null && !run.goesWell;
    if (endsHigh) outcome.warn('the last losses were far above what they had come down to');
    isRuined = endsHigh && saver !== null;
    if (isRuined)
      failure = 'The last losses were far above what they had come down to, so the last steps are not kept.';
    if (failure === null) await saver?.save();
    else if (saver !== null) {
      await saver.saveSound().catch(complain);
      failure = `${failure} ${saver.state}`;
    }
    if (failure === null && test && !command.endsEarly) await run.score();
    // Once more, with the score: measuring takes a while, and a run that is through should not be lost meanwhile.
    if (isScored) await saver?.save();
    await run.stop();
  } catch (error) {
    // Whatever waits for a lost device fails, each in words of its own.
    if (!(await gpu.isLost())) throw error;
    reporter.end();
    const { message } = await gpu.lost;
    const rest = saver?.state ?? (isThrough ? 'The file of the run is as it was.' : 'Nothing was saved.');
    throw new Error(`The GPU was lost (${message.replace(/\.$/, '')}). ${rest}`, { cause: error });
  } finally {
    stopSaving();
    command.current = null;
  }
  if (failure === null) return;
  // A signal was asked for, and has a status of its own.
  if (!(isRuined && command.endsEarly)) throw new RunGoneWrong(failure);
  console.error(failure);
}
