/** `npm run train -- --preset quick --steps 200 --data FILE --seed 1 --json`: the page's trainer under Node. */
import { isatty } from 'node:tty';
import { incomparable } from '../comparison/same-bytes.ts';
import { withTraining } from '../config/problem.ts';
import { adapterLimits, problems } from '../config/problems.ts';
import type { RunConfig } from '../config/types.ts';
import type { Corpus } from '../data/corpus.ts';
import type { Gpu } from '../gpu/device.ts';
import { cachedText } from '../launcher/cached-text.ts';
import { nodeRuntime } from '../launcher/runtime.ts';
import { KernelMemory } from '../train/kernels/kernel-memory.ts';
import { identify } from '../train/saving/checkpoint.ts';
import { endWithTerminal, onEarlyEnd } from './early-end.ts';
import { openGpu } from './open-gpu.ts';
import { parseTrainArguments, USAGE } from './train/arguments.ts';
import { datasetOf, loadText } from './train/load-text.ts';
import { plannedRuns, type PlannedRun } from './train/planned-runs.ts';
import { sayAnew, sayOtherRate } from './train/reporter.ts';
import { checkApart, checkPlace, checkSameText, readRun, readWeights, writeRun } from './train/run-file.ts';
import { RunOutcome } from './train/run-outcome.ts';
import { Series } from './train/series.ts';
import { trainRun, type Command } from './train/train-run.ts';

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
  const { dataFile, json, every, test, overwrite, seeds, versus, modelFile, weightsFile, ...given } =
    parseTrainArguments(args);
  const from = given.resumeFile === null ? undefined : await readRun(given.resumeFile);
  const asked = from ? withTraining(from.config, { steps: given.steps ?? from.config.training.steps }) : given.config;
  const isThrough = from !== undefined && from.step >= asked.training.steps;
  if (from && isThrough && !test && modelFile === null) {
    throw new Error(
      `--steps: the run in ${given.resumeFile} is at ${from.step} of ${asked.training.steps}, needs more`,
    );
  }
  // One that is through is only measured, or has its model taken out, and its file stays as it is.
  const saveFile = isThrough ? null : given.saveFile;
  const keeps = saveFile !== null || modelFile !== null;
  const otherRate = from && !isThrough ? sayOtherRate(from.config, asked) : null;
  if (otherRate !== null) console.error(otherRate);
  if (from?.isModelAlone && !isThrough) console.error(sayAnew(given.resumeFile));
  // One that is through has no more steps than it has made, whatever its length was to be.
  const config = isThrough ? withTraining(asked, { steps: from.step }) : asked;
  const planned = plannedRuns({ config, versus, seeds, saveFile, modelFile });
  for (const run of planned) await checkPlaces(run, given.resumeFile, overwrite);
  if (isThrough && modelFile !== null && !test) {
    await writeRun(modelFile, { ...from, config }, '--save-model');
    if (!json) console.log(`the model of step ${from.step} saved to ${modelFile}`);
    return;
  }
  const weights =
    weightsFile === null ? undefined : await readWeights(weightsFile, [config, ...(versus === null ? [] : [versus])]);
  const corpus = await loadText(dataFile);
  if (from) await checkSameText(from, corpus);
  if (versus !== null) await checkSameBytes(asked, versus, corpus);
  const dataset = await datasetOf(dataFile, corpus, asked.dataset);
  const runs = planned.map((run) => ({ ...run, config: { ...run.config, dataset } }));
  const gpu = await openGpu();
  checkRuns(runs, gpu);

  if (!json) {
    const device = `${gpu.info.description}${gpu.info.software ? ' (software)' : ''}`;
    console.log(`${device}, ${corpus.name}, ${corpus.bytes.length.toLocaleString('en')} bytes`);
  }
  const command: Command = {
    gpu,
    corpus,
    memory: new KernelMemory(cachedText('kernel-choices.json'), nodeRuntime),
    every,
    json,
    test,
    ...(from && given.resumeFile !== null && { from: { checkpoint: from, file: given.resumeFile } }),
    weights,
    current: null,
    endsEarly: false,
  };
  const outcomes = runs.map((run) => new RunOutcome(run));
  const series = seeds === null ? null : new Series(outcomes, command);
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
  if (series === null) await trainRun(outcomes[0], command);
  else if (await series.train()) process.exitCode = 2;
  process.exit();
}

/** Throws an Error where the files of a run could not be written, or are taken. */
async function checkPlaces(
  { saveFile, modelFile }: PlannedRun,
  resumed: string | null,
  overwrite: boolean,
): Promise<void> {
  if (saveFile !== null) await checkPlace(saveFile, resumed, overwrite);
  if (modelFile === null) return;
  if (saveFile !== null) await checkApart(modelFile, saveFile);
  await checkPlace(modelFile, null, overwrite, '--save-model');
}

/** Throws an Error where losses of two configurations are not about the same bytes of a text. */
async function checkSameBytes(config: RunConfig, versus: RunConfig, corpus: Corpus): Promise<void> {
  const text = await identify(corpus);
  const obstacle = incomparable([
    { config, text },
    { config: versus, text },
  ]);
  if (obstacle === null) return;
  throw new Error(
    `--versus: has another ${obstacle} than the first configuration, needs the same: else losses are not about the same bytes`,
  );
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
