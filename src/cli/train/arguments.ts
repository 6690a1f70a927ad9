import { withTraining } from '../../config/problem.ts';
import { presetConfig, presetId, presets } from '../../config/presets.ts';
import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import { isSynthetic } from '../../config/synthetic.ts';
import type { RunConfig } from '../../config/types.ts';
import { UsageError } from '../usage-error.ts';
import { CONFIG_IN_NAME, missingPlaceholder, SEED_IN_NAME } from './planned-runs.ts';

export interface TrainArguments {
  /** What a new run is; a saved one says it itself. */
  config: RunConfig;
  /** Trains it once with each of these; null = with its own. */
  seeds: readonly number[] | null;
  /** Trained with the same seeds beside it. */
  versus: RunConfig | null;
  /** Given besides, also for a saved run. */
  steps: number | null;
  /** Goes on with the run in this file. */
  resumeFile: string | null;
  /** Begins with the weights of the run in this file, in place of some that are drawn. */
  weightsFile: string | null;
  /** Keeps the run in this file: by default one that goes on in its own. The name of several has placeholders. */
  saveFile: string | null;
  /** Keeps its model alone in this one, named likewise. */
  modelFile: string | null;
  /** Let them take the places of other files. */
  overwrite: boolean;
  /** A text; null = the embedded one. */
  dataFile: string | null;
  /** Measure the model on the test part of the text at the end. */
  test: boolean;
  /** Print JSON lines only. */
  json: boolean;
  /** Steps between two reports. */
  every: number;
}

export const USAGE = `usage: npm run train -- [options]
  --preset NAME      ${presets.map(({ id }) => id).join(', ')} (default quick)
  --config QUERY     what stands after the ? in a link of the page, such as "p=quick&b=4"
  --data FILE        a text: .txt (any bytes), .gz or .zip (default: the one that
                     --config names where a rule makes it, else the embedded Moby Dick)
  --steps N          length of the run
  --seed N           seed of parameters and batches
  --seeds LIST       trains once with each seed, such as 0,1,2, each run as if it were alone; at the end mean,
                     standard deviation and 95 % interval of the mean
  --versus QUERY     a second configuration, trained with the same seeds by turns; at the end by how much more one
                     needs, with the 95 % interval
  --save FILE        keeps the run there: every ten minutes, at the end, and when it is ended early: by Ctrl-C, a closed
                     terminal, or an output that nobody reads any more; with --seeds a name that has ${SEED_IN_NAME} in it, with
                     --versus ${CONFIG_IN_NAME} as well
  --save-model FILE  keeps the model alone there, in a third of the bytes, as often: without what Adam knows, who begins
                     anew where that goes on; with --resume of a run that is through, nothing is trained for it;
                     named as for --save where there are several
  --overwrite        lets --save and --save-model replace files that are there already
  --resume FILE      goes on with a saved run, bit for bit, and keeps it there unless --save names another file;
                     takes --data, --steps, --every, --save-model, --overwrite, --test and --json besides
  --weights FILE     begins at step 0 with the weights of the run, or of the model alone, in that file; all else is as asked:
                     text, steps, learning rate; a seed then draws the batches only; with --seeds all runs begin so, with
                     --versus of both configurations
  --every N          steps between two reports (default 10)
  --test             at the end, bits per byte on the test part of the text, with their standard error; a saved run that is
                     through is only measured
  --json             JSON lines only: what run it is, then one per report, and one for --test; with --seeds each names its
                     seed, and a last one sums up
  --help             this text`;

/** Reads the command line. Throws UsageError that names the option and says what would be right. */
export function parseTrainArguments(args: readonly string[]): TrainArguments {
  const values = new Map<string, string>();
  let json = false;
  let test = false;
  let overwrite = false;
  for (let i = 0; i < args.length; i++) {
    const option = args[i];
    if (option === '--json') json = true;
    else if (option === '--test') test = true;
    else if (option === '--overwrite') overwrite = true;
    else if (OPTIONS.has(option)) {
      const value = args[++i];
      // A file of such a name can be had as ./--name.
      if (value === undefined || value.startsWith('--')) throw new UsageError(`${option}: needs a value`);
      values.set(option, value);
    } else throw new UsageError(`${option}: is not an option\n${USAGE}`);
  }
  const resumeFile = values.get('--resume') ?? null;
  for (const option of SERIES_OPTIONS) {
    if (resumeFile !== null && values.has(option))
      throw new UsageError(`${option}: given beside --resume, which goes on with one run; needs one of them`);
  }
  for (const option of RUN_OPTIONS) {
    if (resumeFile !== null && values.has(option))
      throw new UsageError(`${option}: given beside --resume, whose run has its own`);
  }
  const weightsFile = values.get('--weights') ?? null;
  if (resumeFile !== null && weightsFile !== null)
    throw new UsageError('--weights: given beside --resume, whose run has its own; needs one of them');
  const modelFile = values.get('--save-model') ?? null;
  if (overwrite && !values.has('--save') && modelFile === null)
    throw new UsageError('--overwrite: given without --save and --save-model, needs one of them');
  const given = readConfig(values.get('--preset'), values.get('--config'));
  const dataFile = values.get('--data') ?? null;
  if (isSynthetic(given.dataset) && dataFile !== null) {
    throw new UsageError(
      `--data: given beside --config, which names a text that a rule makes (ds=${given.dataset}); needs one of them`,
    );
  }
  if (given.dataset !== 'sample' && !isSynthetic(given.dataset) && dataFile === null)
    throw new UsageError(`--data: not given, needs a file of the text that --config names (ds=${given.dataset})`);
  const steps = whole('--steps', values.get('--steps'), 1);
  const seed = whole('--seed', values.get('--seed'), 0);
  const asked = (config: RunConfig): RunConfig =>
    withTraining(config, { steps: steps ?? config.training.steps, seed: seed ?? config.training.seed });
  const seeds = readSeeds(values.get('--seeds'));
  if (seeds !== null && seed !== undefined) throw new UsageError('--seed: given beside --seeds, needs one of them');
  const versus = readVersus(values.get('--versus'), given, seeds);
  const saveFile = values.get('--save') ?? resumeFile;
  for (const [option, file] of Object.entries({ '--save': saveFile, '--save-model': modelFile })) {
    const missing = seeds === null || file === null ? null : missingPlaceholder(file, versus !== null);
    if (missing !== null) throw new UsageError(`${option}: ${missing}`);
  }
  return {
    config: asked(given),
    seeds,
    versus: versus && asked(versus),
    steps: steps ?? null,
    resumeFile,
    weightsFile,
    saveFile,
    modelFile,
    overwrite,
    dataFile,
    test,
    json,
    every: whole('--every', values.get('--every'), 1) ?? 10,
  };
}

/** What a saved run has settled. */
const RUN_OPTIONS = ['--preset', '--config', '--seed'];
/** What asks for several runs. */
const SERIES_OPTIONS = ['--seeds', '--versus'];
const OPTIONS = new Set([
  ...RUN_OPTIONS,
  ...SERIES_OPTIONS,
  '--data',
  '--steps',
  '--every',
  '--save',
  '--save-model',
  '--resume',
  '--weights',
]);

function readConfig(preset: string | undefined, query: string | undefined): RunConfig {
  if (preset !== undefined && query !== undefined) {
    throw new UsageError(
      '--preset: given beside --config, needs one of them (a query names its preset itself: "p=quick&b=4")',
    );
  }
  if (query === undefined) {
    const id = presetId(preset ?? 'quick');
    if (!id) throw new UsageError(`--preset: given "${preset}", needs one of ${presets.map((p) => p.id).join(', ')}`);
    return presetConfig(id);
  }
  return readQuery('--config', query);
}

function readQuery(option: string, query: string): RunConfig {
  const link = decodeQuery(query);
  const complaints = linkComplaints(link);
  // A page goes on with what it can read; a command line must not train something else than was asked for.
  if (complaints.length > 0) throw new UsageError(`${option}: ${complaints.join('; ')}`);
  return link.config;
}

function readSeeds(list: string | undefined): number[] | null {
  if (list === undefined) return null;
  const seeds = list.split(',').map((text) => {
    if (text.trim() === '') throw new UsageError(`--seeds: given "${list}", needs whole numbers such as 0,1,2`);
    return whole('--seeds', text.trim(), 0)!;
  });
  const twice = seeds.find((seed, at) => seeds.indexOf(seed) < at);
  if (twice !== undefined) throw new UsageError(`--seeds: given ${twice} twice, needs each seed once`);
  return seeds;
}

/** @param first the configuration that it is compared with */
function readVersus(query: string | undefined, first: RunConfig, seeds: readonly number[] | null): RunConfig | null {
  if (query === undefined) return null;
  if ((seeds?.length ?? 1) < 2) {
    throw new UsageError(
      '--versus: needs --seeds with two or more: one run of each does not tell a difference from chance',
    );
  }
  const config = readQuery('--versus', query);
  if (config.dataset !== 'sample' && config.dataset !== first.dataset) {
    throw new UsageError(
      `--versus: names another text (ds=${config.dataset}) than --config, needs the same: both are trained on one`,
    );
  }
  return config;
}

function whole(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`${option}: given "${text}", needs a whole number from ${least} up`);
  }
  return value;
}
