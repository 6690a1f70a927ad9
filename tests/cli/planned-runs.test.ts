import { describe, expect, it } from 'vitest';
import { parseTrainArguments } from '../../src/cli/train/arguments.ts';
import { nameOf, plannedRuns } from '../../src/cli/train/planned-runs.ts';

const planned = (...args: string[]) => plannedRuns(parseTrainArguments(['--preset', 'micro', ...args]));

describe('the runs of a command', () => {
  it('are one that is called nothing, whatever its file is called, as long as no list of seeds is given', () => {
    const [run, ...others] = planned('--seed', '3', '--save', 'run-{seed}');
    expect(others).toEqual([]);
    expect(run).toMatchObject({ label: null, saveFile: 'run-{seed}', config: { training: { seed: 3 } } });
  });

  it('are one for each seed, which its file is named after', () => {
    const runs = planned('--seeds', '4, 0,2', '--save', '{seed}/run-{seed}', '--steps', '7');
    expect(runs.map(({ config: { training }, saveFile }) => [training.seed, training.steps, saveFile])).toEqual([
      [4, 7, '4/run-4'],
      [0, 7, '0/run-0'],
      [2, 7, '2/run-2'],
    ]);
    expect(runs.map(nameOf)).toEqual(['seed 4', 'seed 0', 'seed 2']);
  });

  it('are by turns those of two configurations, both of the length that is asked for', () => {
    const files = ['--save', '{config}-{seed}', '--save-model', 'model-{config}-{seed}'];
    const runs = planned('--seeds', '0,1', '--versus', 'p=micro&l=2&sd=9', '--steps', '7', ...files);
    expect(runs.map(nameOf)).toEqual(['A, seed 0', 'B, seed 0', 'A, seed 1', 'B, seed 1']);
    expect(runs.map(({ saveFile }) => saveFile)).toEqual(['A-0', 'B-0', 'A-1', 'B-1']);
    expect(runs.map(({ modelFile }) => modelFile)).toEqual(['model-A-0', 'model-B-0', 'model-A-1', 'model-B-1']);
    expect(runs.map(({ config: { model, training } }) => [model.depth, training.seed, training.steps])).toEqual([
      [1, 0, 7],
      [2, 0, 7],
      [1, 1, 7],
      [2, 1, 7],
    ]);
  });

  it.each([
    [['--seeds', '0,x'], '--seeds: given "x", needs a whole number from 0 up'],
    [['--seeds', '0,,1'], '--seeds: given "0,,1", needs whole numbers such as 0,1,2'],
    [['--seeds', '1,0,1'], '--seeds: given 1 twice, needs each seed once'],
    [['--seeds', '0,1', '--seed', '2'], '--seed: given beside --seeds, needs one of them'],
    [['--resume', 'x', '--seeds', '0,1'], '--seeds: given beside --resume, which goes on with one run'],
    [['--resume', 'x', '--versus', 'p=two'], '--versus: given beside --resume, which goes on with one run'],
    [['--seeds', '0,1', '--save', 'run'], '--save: given run, needs {seed} in the name, for the seed of each run'],
    [['--seeds', '0,1', '--save-model', 'model'], '--save-model: given model, needs {seed} in the name'],
    [['--seeds', '0,1', '--versus', 'p=two', '--save', '{seed}'], '--save: given {seed}, needs {config} and {seed} in'],
    [['--versus', 'p=two'], '--versus: needs --seeds with two or more'],
    [['--versus', 'p=two', '--seeds', '5'], '--versus: needs --seeds with two or more'],
    [['--versus', 'p=nope', '--seeds', '0,1'], '--versus: `p=nope` is not allowed'],
    [['--versus', 'p=two&ds=own', '--seeds', '0,1'], '--versus: names another text (ds=own) than --config'],
  ])('%j is refused by name', (args, message) => {
    expect(() => parseTrainArguments(args)).toThrow(message);
  });
});
