import { incomparable } from '../../comparison/same-bytes.ts';
import { withTraining } from '../../config/problem.ts';
import type { RunConfig } from '../../config/types.ts';
import type { Corpus } from '../../data/corpus.ts';
import { identify, type Checkpoint } from '../../train/saving/checkpoint.ts';
import type { GivenWeights } from '../../train/saving/first-weights.ts';
import type { TrainArguments } from './arguments.ts';
import { datasetOf, loadText } from './load-text.ts';
import { plannedRuns, type PlannedRun } from './planned-runs.ts';
import { sayAnew, sayOtherRate } from './reporter.ts';
import { checkApart, checkPlace, checkSameText, readRun, readWeights, writeRun } from './run-file.ts';

/** What a command is to train or to measure, read and checked as far as that goes without a GPU. */
export interface Work {
  runs: readonly PlannedRun[];
  corpus: Corpus;
  /** The run that goes on, and its file. */
  from?: ResumedRun;
  /** What runs begin with, in place of weights that are drawn. */
  weights?: GivenWeights;
}

export interface ResumedRun {
  checkpoint: Checkpoint;
  file: string;
}

/**
 * Reads all files that a command names, and checks the places of those that it will write. Null where nothing is left to do:
 * a run that is through has its model taken out right here. Throws an Error that names the option and says what would be right.
 */
export async function readWork(args: TrainArguments): Promise<Work | null> {
  const { dataFile, json, test, overwrite, seeds, versus, weightsFile, resumeFile } = args;
  const from = resumeFile === null ? undefined : { checkpoint: await readRun(resumeFile), file: resumeFile };
  const { config, saveFile, modelFile, isThrough } = goalOf(args, from);
  const planned = plannedRuns({ config, versus, seeds, saveFile, modelFile });
  for (const run of planned) await checkPlaces(run, resumeFile, overwrite);
  if (from && isThrough && modelFile !== null && !test) {
    await writeRun(modelFile, { ...from.checkpoint, config }, '--save-model');
    if (!json) console.log(`the model of step ${from.checkpoint.step} saved to ${modelFile}`);
    return null;
  }
  const weights =
    weightsFile === null ? undefined : await readWeights(weightsFile, [config, ...(versus === null ? [] : [versus])]);
  const corpus = await loadText(dataFile, config.dataset);
  if (from) await checkSameText(from.checkpoint, corpus);
  if (versus !== null) await checkSameBytes(config, versus, corpus);
  const dataset = await datasetOf(dataFile, corpus, config.dataset);
  const runs = planned.map((run) => ({ ...run, config: { ...run.config, dataset } }));
  return { runs, corpus, from, weights };
}

interface Goal {
  config: RunConfig;
  saveFile: string | null;
  modelFile: string | null;
  /** Whether a saved run has all of its steps, so that it is only measured or has its model taken out. */
  isThrough: boolean;
}

/** How far a new run or a saved one is to go, and where it is kept. Says what a saved one does otherwise than before. */
function goalOf({ config, steps, saveFile, modelFile, test }: TrainArguments, from: ResumedRun | undefined): Goal {
  if (!from) return { config, saveFile, modelFile, isThrough: false };
  const { checkpoint, file } = from;
  const asked = withTraining(checkpoint.config, { steps: steps ?? checkpoint.config.training.steps });
  if (checkpoint.step >= asked.training.steps) {
    if (!test && modelFile === null) {
      throw new Error(`--steps: the run in ${file} is at ${checkpoint.step} of ${asked.training.steps}, needs more`);
    }
    // It has no more steps than it has made, whatever its length was to be, and its file stays as it is.
    return { config: withTraining(asked, { steps: checkpoint.step }), saveFile: null, modelFile, isThrough: true };
  }
  const otherRate = sayOtherRate(checkpoint.config, asked);
  if (otherRate !== null) console.error(otherRate);
  if (checkpoint.isModelAlone) console.error(sayAnew(file));
  return { config: asked, saveFile, modelFile, isThrough: false };
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
