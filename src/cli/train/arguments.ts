import { presetConfig, presetId, presets } from '../../config/presets.ts';
import { decodeQuery, linkComplaints } from '../../config/codec/decode.ts';
import type { RunConfig } from '../../config/types.ts';

export interface TrainArguments {
  /** What a new run is; a saved one says it itself. */
  config: RunConfig;
  /** Given besides, also for a saved run. */
  steps: number | null;
  /** Goes on with the run in this file. */
  resumeFile: string | null;
  /** Keeps the run in this file: by default one that goes on in its own. */
  saveFile: string | null;
  /** Keeps its model alone in this one besides. */
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
  --data FILE        a text: .txt (any bytes), .gz or .zip (default: the embedded Moby Dick)
  --steps N          length of the run
  --seed N           seed of parameters and batches
  --save FILE        keeps the run there: every ten minutes, at the end, and when it is ended early: by Ctrl-C, a closed
                     terminal, or an output that nobody reads any more
  --save-model FILE  keeps the model alone there, in a third of the bytes, as often: without what Adam knows, who begins
                     anew where that goes on; with --resume of a run that is through, nothing is trained for it
  --overwrite        lets --save and --save-model replace files that are there already
  --resume FILE      goes on with a saved run, bit for bit, and keeps it there unless --save names another file;
                     takes --data, --steps, --every, --save-model, --overwrite, --test and --json besides
  --every N          steps between two reports (default 10)
  --test             at the end, bits per byte on the test part of the text, with their standard error; a saved run that is
                     through is only measured
  --json             JSON lines only: what run it is, then one per report, and one for --test
  --help             this text`;

export class UsageError extends Error {
  override name = 'UsageError';
}

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
  for (const option of RUN_OPTIONS) {
    if (resumeFile !== null && values.has(option))
      throw new UsageError(`${option}: given beside --resume, whose run has its own`);
  }
  const modelFile = values.get('--save-model') ?? null;
  if (overwrite && !values.has('--save') && modelFile === null)
    throw new UsageError('--overwrite: given without --save and --save-model, needs one of them');
  const config = readConfig(values.get('--preset'), values.get('--config'));
  const dataFile = values.get('--data') ?? null;
  if (config.dataset !== 'sample' && dataFile === null)
    throw new UsageError(`--data: not given, needs a file of the text that --config names (ds=${config.dataset})`);
  const steps = whole('--steps', values.get('--steps'), 1);
  const seed = whole('--seed', values.get('--seed'), 0);
  return {
    config: {
      ...config,
      training: { ...config.training, steps: steps ?? config.training.steps, seed: seed ?? config.training.seed },
    },
    steps: steps ?? null,
    resumeFile,
    saveFile: values.get('--save') ?? resumeFile,
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
const OPTIONS = new Set([...RUN_OPTIONS, '--data', '--steps', '--every', '--save', '--save-model', '--resume']);

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
  const link = decodeQuery(query);
  const complaints = linkComplaints(link);
  // A page goes on with what it can read; a command line must not train something else than was asked for.
  if (complaints.length > 0) throw new UsageError(`--config: ${complaints.join('; ')}`);
  return link.config;
}

function whole(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`${option}: given "${text}", needs a whole number from ${least} up`);
  }
  return value;
}
