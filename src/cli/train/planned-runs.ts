import { withTraining } from '../../config/problem.ts';
import type { RunConfig } from '../../config/types.ts';

/** What in the name of a file becomes the seed of a run, and the letter of its configuration. */
export const SEED_IN_NAME = '{seed}';
export const CONFIG_IN_NAME = '{config}';

/** What tells a run from the others of a command; `--json` has it in every line. */
export interface RunLabel {
  /** Of the first configuration or the second; left out where there is one. */
  config?: 'A' | 'B';
  seed: number;
}

/** One of the runs that a command asks for. */
export interface PlannedRun {
  config: RunConfig;
  saveFile: string | null;
  /** Where its model is kept alone. */
  modelFile: string | null;
  /** Null where the command asks for this one only. */
  label: RunLabel | null;
}

interface Asked {
  config: RunConfig;
  versus: RunConfig | null;
  seeds: readonly number[] | null;
  saveFile: string | null;
  modelFile: string | null;
}

/** All runs in their order. Configurations take turns, so that what is through when a command is ended early has the same seeds. */
export function plannedRuns({ config, versus, seeds, saveFile, modelFile }: Asked): PlannedRun[] {
  if (seeds === null) return [{ config, saveFile, modelFile, label: null }];
  return seeds.flatMap((seed) => {
    const labels: [RunConfig, RunLabel][] =
      versus === null
        ? [[config, { seed }]]
        : [
            [config, { config: 'A', seed }],
            [versus, { config: 'B', seed }],
          ];
    return labels.map(([each, label]) => ({
      config: withTraining(each, { seed }),
      saveFile: saveFile && nameFor(saveFile, label),
      modelFile: modelFile && nameFor(modelFile, label),
      label,
    }));
  });
}

/** `A, seed 3`; nothing where there is one run. */
export function nameOf({ label }: PlannedRun): string {
  if (label === null) return '';
  return `${label.config === undefined ? '' : `${label.config}, `}seed ${label.seed}`;
}

/** What is wrong with a name under which several runs are to be kept; null where each gets a file of its own. */
export function missingPlaceholder(saveFile: string, areCompared: boolean): string | null {
  const needed = areCompared ? [CONFIG_IN_NAME, SEED_IN_NAME] : [SEED_IN_NAME];
  if (needed.every((placeholder) => saveFile.includes(placeholder))) return null;
  const example = `run-${needed.join('-')}.safetensors`;
  const becomes = areCompared ? 'A or B and the seed of each run' : 'the seed of each run';
  return `given ${saveFile}, needs ${needed.join(' and ')} in the name, for ${becomes}: ${example}`;
}

function nameFor(saveFile: string, { config, seed }: RunLabel): string {
  return saveFile.replaceAll(SEED_IN_NAME, String(seed)).replaceAll(CONFIG_IN_NAME, config ?? '');
}
