import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRun } from '../../src/cli/train/run-file.ts';
import type { SeedSummary } from '../../src/cli/train/seed-summary.ts';
import { buildStrata, environment, jsonLines, SMALL, strataIn } from '../support/strata-program.ts';

let folder: string;

beforeAll(async () => {
  folder = await buildStrata();
  await writeFile(join(folder, 'short.txt'), 'the ship sailed on and on '.repeat(400));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const train = (...args: string[]) => strataIn(folder, 'train', '--data', 'short.txt', ...args);
const summaryIn = (out: string) => jsonLines(out).at(-1) as unknown as SeedSummary;

/** What a run was and came to, but for how long it took. */
function withoutTimes(lines: Record<string, unknown>[]): unknown[] {
  const times = ['tokensPerSecond', 'seconds', 'date'];
  return lines.map((line) => Object.fromEntries(Object.entries(line).filter(([name]) => !times.includes(name))));
}

async function weightsIn(file: string) {
  const { weights, firstMoments, secondMoments, optimizer } = await readRun(join(folder, file));
  return { weights, firstMoments, secondMoments, optimizer };
}

test('each seed is trained as if it were alone, and every line says whose it is', async () => {
  const args = ['--steps', '3', '--every', '1', '--test', '--json'];
  const seeds = ['--seeds', '0,3', '--versus', `${SMALL}&l=2`, '--save', 'all-{config}-{seed}'];
  const all = await train('--config', SMALL, ...seeds, ...args);
  const alone = await train('--config', `${SMALL}&l=2`, '--seed', '3', '--save', 'alone', ...args);

  expect([all.code, alone.code]).toEqual([0, 0]);
  const lines = jsonLines(all.out);
  const own = lines.filter(({ config, seed }) => config === 'B' && seed === 3);
  const expected = jsonLines(alone.out).map((line) => ({ ...line, config: 'B', seed: 3 }));
  expect(withoutTimes(own)).toEqual(withoutTimes(expected));
  expect(await weightsIn('all-B-3')).toEqual(await weightsIn('alone'));
  // Each has a header, three reports and the test part.
  expect(lines.slice(0, -1).map(({ config, seed }) => `${String(config)}${String(seed)}`)).toEqual(
    ['A0', 'B0', 'A3', 'B3'].flatMap((run) => Array<string>(5).fill(run)),
  );
  const { kind, runs, difference } = summaryIn(all.out);
  expect(kind).toBe('seeds');
  expect(runs[3]).toEqual({
    config: 'B',
    seed: 3,
    trainBpb: own.at(-2)!.trainBpb,
    valBpb: own.at(-2)!.valBpb,
    testBpb: own.at(-1)!.testBpb,
  });
  expect(Object.keys(difference!)).toEqual(['trainBpb', 'valBpb', 'testBpb']);
});

test('in words every seed has a heading, and a table sums up', async () => {
  const { code, out } = await train('--config', SMALL, '--steps', '1', '--seeds', '5,6');
  expect(code).toBe(0);
  expect(out.match(/^seed .*|^mean|^over seeds/gm)).toEqual([
    'seed 5 (1 of 2)',
    'seed 6 (2 of 2)',
    'over seeds',
    expect.stringMatching(/^seed 5 +\d\.\d{4} +\d\.\d{4}$/),
    expect.stringMatching(/^seed 6 +\d\.\d{4} +\d\.\d{4}$/),
    'mean',
  ]);
});

test('a seed that goes wrong keeps no other from being trained, and is no success', async () => {
  const wild = `${SMALL}&lr=1000&wd=10&cl=0&wu=0`;
  const both = ['--config', SMALL, '--versus', wild];
  const { code, out, error } = await train(...both, '--seeds', '0,1', '--steps', '4', '--json');
  expect(code).toBe(2);
  expect(error).toMatch(/^B, seed 0: A loss .*\nB, seed 1: A loss .*\n$/);
  const { runs, configs, difference } = summaryIn(out);
  expect(runs.map(({ config, seed, problem }) => [config, seed, problem?.slice(0, 6)])).toEqual([
    ['A', 0, undefined],
    ['B', 0, 'A loss'],
    ['A', 1, undefined],
    ['B', 1, 'A loss'],
  ]);
  expect(configs[0].valBpb?.count).toBe(2);
  expect(configs[1].valBpb).toBeNull();
  expect(difference?.valBpb).toBeNull();
});

describe('a command that is ended early', () => {
  /** Trains runs of A, which are short, and of B, which are too long for anybody, and sends a signal in the first of B. */
  async function endedEarly(...save: string[]) {
    const configs = ['--config', `${SMALL}&st=2`, '--versus', `${SMALL}&st=1000000`, '--seeds', '0,1'];
    const args = ['train', '--data', 'short.txt', ...configs, '--every', '1', '--json', ...save];
    const run = spawn(process.execPath, ['strata.mjs', ...args], { cwd: folder, env: environment() });
    const said = text(run.stderr);
    let out = '';
    createInterface(run.stdout).on('line', (line) => {
      out += `${line}\n`;
      if (line.startsWith('{"config":"B","seed":0,"step":1,')) run.kill('SIGINT');
    });
    const [code] = (await once(run, 'close')) as [number | null];
    const { runs, configs: summaries } = summaryIn(out);
    expect(runs.map(({ problem, valBpb }) => problem ?? typeof valBpb)).toEqual([
      'number',
      expect.stringMatching(/^ended early, after step \d+ of 1000000$/),
      'not trained',
      'not trained',
    ]);
    expect(summaries.map(({ valBpb }) => valBpb?.count)).toEqual([1, undefined]);
    return { code, said: await said, problem: runs[1].problem };
  }

  test('saves the present run and sums up what is through', async () => {
    const { code, said, problem } = await endedEarly('--save', 'early-{config}-{seed}');
    expect(code).toBe(130);
    expect(said).toMatch(/^ends after the step under way and saves the run; .*\n$/);
    const files = (await readdir(folder)).filter((name) => name.startsWith('early-'));
    expect(files.toSorted()).toEqual(['early-A-0', 'early-B-0']);
    expect(problem).toContain(`step ${(await readRun(join(folder, 'early-B-0'))).step} `);
  });

  test('sums up at once where nothing is to be saved', async () => {
    expect(await endedEarly()).toMatchObject({ code: 130, said: '' });
  });
});

test('what cannot be compared, trained or saved is refused before the first run', async () => {
  const args = ['--config', 'p=micro', '--seeds', '0,1'];
  expect(await train(...args, '--versus', 'p=micro&n=512')).toEqual({
    code: 2,
    out: '',
    error:
      '--versus: has another context length than the first configuration, needs the same: else losses are not about the same bytes\n',
  });
  const tooLarge = await train('--config', 'p=micro', '--seeds', '0,4294967296');
  expect({ code: tooLarge.code, out: tooLarge.out }).toEqual({ code: 2, out: '' });
  expect(tooLarge.error).toMatch(/^seed: Seed 4294967296 is not allowed/);
  const strided = await train(...args, '--versus', 'p=micro&h=1-d64_3-d64');
  expect(strided.error).toMatch(/^--versus: /);
  expect(await train(...args, '--save', 'nowhere/{seed}')).toMatchObject({ code: 2, out: '' });
});
