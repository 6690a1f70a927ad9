import type { WorkerEvent } from '../../protocol/events.ts';
import { CurveLog } from './curve-log.ts';
import { sayKernels, type BuiltRun } from './header.ts';
import { Reporter, reportOf, sayBlowUp, sayReport, sayTest, type Report } from './reporter.ts';
import type { RunOutcome } from './run-outcome.ts';
import type { Command } from './train-run.ts';

/** Hears what a run tells, prints it, and remembers what is needed at its end. */
export class RunReport {
  readonly curve: CurveLog;
  readonly facts: Partial<BuiltRun> = {};
  /** Why the run ended, where that is a failure. */
  failure: string | null = null;
  isDone: boolean;
  isScored = false;
  private readonly outcome: RunOutcome;
  private readonly json: boolean;
  private readonly steps: number;
  private readonly reporter: Reporter;

  /** @param validateEvery steps between two validations */
  constructor(outcome: RunOutcome, command: Command, validateEvery: number) {
    const { config } = outcome.run;
    const { steps } = config.training;
    this.outcome = outcome;
    this.json = command.json;
    this.steps = steps;
    this.isDone = command.from !== undefined && command.from.checkpoint.step >= steps;
    this.curve = new CurveLog(config, command.from?.checkpoint);
    this.reporter = new Reporter(
      command.every,
      () => command.current?.bytesPerSecond ?? 0,
      (step) => step % validateEvery === 0 || step === steps,
      (report: Report) => this.say(report, (each) => sayReport(each, steps)),
    );
  }

  /** For who reads along. */
  note(text: string): void {
    if (!this.json) console.log(text);
  }

  hear(event: WorkerEvent): void {
    const { curve, outcome, facts } = this;
    if (event.type === 'metrics') {
      curve.add(event.batch);
      outcome.add(event.batch);
      this.reporter.add(event.batch, this.steps);
    } else if (event.type === 'validation') {
      curve.addValidation(event);
      outcome.addValidation(event);
      this.reporter.addValidation(event.step, event.bpb);
    } else if (event.type === 'started') {
      facts.parameters = event.parameters;
      facts.flopsPerStep = event.flopsPerStep;
      this.note(
        `${event.parameters.toLocaleString('en')} parameters, ${event.pipelines} pipelines, ${event.dispatches} dispatches a step`,
      );
    } else if (event.type === 'kernels') {
      const { variants, replaced, passedOver, wrong, remembered, savedWith } = event;
      facts.kernels = { variants, replaced, passedOver, wrong, ...(savedWith !== undefined && { savedWith }) };
      this.note(`kernels: ${variants}${remembered ? ' (remembered from an earlier run)' : ''}`);
      for (const line of sayKernels(facts.kernels)) console.error(line);
    } else if (event.type === 'diverged') this.fail(`${event.message} Last finite step: ${event.lastFiniteStep}.`);
    else if (event.type === 'blown-up') console.error(sayBlowUp(event.blowUp));
    else if (event.type === 'done') this.isDone = true;
    else if (event.type === 'scored' && event.score !== null) {
      this.isScored = true;
      curve.addScore(event.score);
      outcome.addScore(event.score);
      this.say(reportOf(event.score), sayTest);
    } else if (event.type === 'failed') this.fail(event.failure.message);
  }

  /** Prints what there is of a report that has not come to its last step. */
  end(): void {
    this.reporter.end();
  }

  private fail(message: string): void {
    this.failure = message;
    this.outcome.fail(message);
  }

  private say<Line extends object>(line: Line, inWords: (line: Line) => string): void {
    console.log(this.json ? JSON.stringify({ ...this.outcome.run.label, ...line }) : inWords(line));
  }
}
