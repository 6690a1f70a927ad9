/** `npm run train -- --preset quick --steps 200 --data FILE --seed 1 --json`: the page's trainer under Node. */
import { isatty } from 'node:tty';
import { adapterLimits, problems } from '../config/problems.ts';
import type { Gpu } from '../gpu/device.ts';
import { cachedText } from '../launcher/cached-text.ts';
import { nodeRuntime } from '../launcher/runtime.ts';
import { KernelMemory } from '../train/kernels/kernel-memory.ts';
import { endWithTerminal, onEarlyEnd } from './early-end.ts';
import { openGpu } from './open-gpu.ts';
import { parseTrainArguments, USAGE } from './train/arguments.ts';
import type { PlannedRun } from './train/planned-runs.ts';
import { RunOutcome } from './train/run-outcome.ts';
import { Series } from './train/series.ts';
import { trainRun, type Command } from './train/train-run.ts';
import { readWork } from './train/work.ts';

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    console.log(USAGE);
    return;
  }
  const given = parseTrainArguments(args);
  const work = await readWork(given);
  if (work === null) return;
  const { json, every, test, seeds } = given;
  const { runs, corpus, from, weights } = work;
  const gpu = await openGpu();
  checkRuns(runs, gpu);

  if (!json) {
    const device = `${gpu.info.description}${gpu.info.software ? ' (software)' : ''}`;
    console.log(`${device}, ${corpus.name}, ${corpus.bytes.length.toLocaleString('en')} bytes`);
  }
  const memory = new KernelMemory(cachedText('kernel-choices.json'), nodeRuntime);
  const command: Command = { gpu, corpus, memory, every, json, test, from, weights, current: null, endsEarly: false };
  const outcomes = runs.map((run) => new RunOutcome(run));
  const series = seeds === null ? null : new Series(outcomes, command);
  const keeps = runs.some(({ saveFile, modelFile }) => saveFile !== null || modelFile !== null);
  heedEarlyEnd(command, series, keeps);
  if (series === null) await trainRun(outcomes[0], command);
  else if (await series.train()) process.exitCode = 2;
  process.exit();
}

/** Where somebody ends the command early, the run under way is saved first if it is kept, and a series sums up what it has. */
function heedEarlyEnd(command: Command, series: Series | null, keeps: boolean): void {
  if ((keeps || series !== null) && [0, 1, 2].some(isatty)) endWithTerminal(process);
  onEarlyEnd(process, keeps || series !== null, (status, problem) => {
    const { current } = command;
    if (problem !== null) console.error(problem);
    if (!current || !keeps) {
      series?.sumUp();
      process.exit(status);
    }
    command.endsEarly = true;
    process.exitCode = status;
    console.error('ends after the step under way and saves the run; Ctrl-C again ends at once, without saving');
    void current.pause();
    current.stopScore();
  });
}

/** Throws an Error that says all that keeps runs from being trained on an adapter. */
function checkRuns(runs: readonly PlannedRun[], gpu: Gpu): void {
  const limits = adapterLimits(gpu.limits, gpu.info);
  const texts = runs.flatMap(({ config, label }) =>
    problems(config, limits)
      .filter(({ severity }) => severity === 'error')
      .map(({ control, message, fix }) => {
        const option = label?.config === 'B' ? '--versus: ' : '';
        return `${option}${control}: ${message}${fix ? ` ${fix.label}.` : ''}`;
      }),
  );
  // What is wrong with a configuration is wrong with every seed.
  if (texts.length > 0) throw new Error([...new Set(texts)].join('\n'));
}
