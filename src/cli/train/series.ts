import { nameOf } from './planned-runs.ts';
import type { RunOutcome } from './run-outcome.ts';
import { queryOf, summaryOf } from './seed-summary.ts';
import { saySummary } from './seed-table.ts';
import { RunGoneWrong, trainRun, type Command } from './train-run.ts';

/** Several runs one after the other, and what they come to together. */
export class Series {
  private readonly outcomes: readonly RunOutcome[];
  private readonly command: Command;

  constructor(outcomes: readonly RunOutcome[], command: Command) {
    this.outcomes = outcomes;
    this.command = command;
  }

  /**
   * Trains all runs that it can, and sums up those that are through. True where one has gone wrong; of a series that is ended early
   * the one under way then.
   */
  async train(): Promise<boolean> {
    const { outcomes, command } = this;
    let hasGoneWrong = false;
    this.sayConfigs();
    for (const [at, outcome] of outcomes.entries()) {
      const name = nameOf(outcome.run);
      if (!command.json) console.log(`\n${name} (${at + 1} of ${outcomes.length})`);
      try {
        await trainRun(outcome, command);
        if (command.endsEarly) hasGoneWrong = false;
      } catch (error) {
        hasGoneWrong = true;
        const message = error instanceof Error ? error.message : String(error);
        console.error(`${name}: ${message}`);
        outcome.warn(message);
        // What has struck the engine or the disk would strike the next run, too.
        if (!(error instanceof RunGoneWrong)) break;
      }
      if (command.endsEarly) break;
    }
    this.sumUp();
    return hasGoneWrong;
  }

  /** Prints what the runs have come to so far; nothing before the first step. */
  sumUp(): void {
    const { outcomes, command } = this;
    if (!outcomes.some(({ hasBegun }) => hasBegun)) return;
    const summary = summaryOf(outcomes, command.test);
    console.log(command.json ? JSON.stringify(summary) : `\n${saySummary(summary)}`);
  }

  /** Says which configurations are called A and B. */
  private sayConfigs(): void {
    for (const { run } of this.outcomes.slice(0, 2)) {
      const letter = run.label?.config;
      if (letter !== undefined && !this.command.json) console.log(`${letter}: ${queryOf(run.config)}`);
    }
  }
}
