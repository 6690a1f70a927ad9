import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readRun, writeRun } from '../../src/cli/train/run-file.ts';
import { decodeQuery } from '../../src/config/codec/decode.ts';
import { summariseRun } from '../../src/protocol/run-file.ts';
import { buildStrata, environment, jsonLines, SMALL, strataIn, type Ended } from '../support/strata-program.ts';

let folder: string;

/** A run of two steps that several tests go on from, each on a copy. */
let saved: Ended;

beforeAll(async () => {
  folder = await buildStrata();
  const files = ['--save', 'saved.safetensors', '--save-model', 'model.safetensors'];
  saved = await strata('train', '--config', `${SMALL}&sc=constant`, '--steps', '2', ...files, '--every', '1', '--json');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const strata = (...args: string[]): Promise<Ended> => strataIn(folder, ...args);

test('the file of the command line imports Node and Dawn and nothing else', async () => {
  const text = await readFile(join(folder, 'strata.mjs'), 'utf8');
  const imported = [...text.matchAll(/^import\b[^'"\n]*["']([^'"]+)["']|\bimport\(["']([^'"]+)["']\)/gm)].map(
    ([, name, later]) => name ?? later,
  );

  expect(imported).toContain('webgpu');
  expect(imported.filter((name) => name !== 'webgpu' && !name.startsWith('node:'))).toEqual([]);
});

test('it measures in a folder that has Dawn alone', async () => {
  const { code, out, error } = await strata('bench', '--quick', '--only', 'add', '--soak', '0', '--json');

  expect({ code, error: error.split('\n').filter((line) => !/^\d+\/\d+ /.test(line)) }).toEqual({
    code: 0,
    error: [''],
  });
  const kinds = out
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { kind: string }).kind);
  expect(kinds).toEqual(['header', 'ceilings', 'kernel']);
});

test('it trains there on the text that it brings', async () => {
  const args = ['--config', 'p=micro', '--steps', '2', '--every', '1', '--json'];
  const { code, out } = await strata('train', ...args);

  expect(code).toBe(0);
  const [header, ...reports] = jsonLines(out);
  expect(header).toMatchObject({
    kind: 'run',
    query: 'v=1&p=micro&st=2',
    seed: 0,
    steps: 2,
    fromStep: 0,
    text: { name: 'Moby Dick', bytes: 1_204_997, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    kernels: { variants: expect.stringContaining('products'), replaced: [], passedOver: [], wrong: [] },
    parameters: 35_968,
    flopsPerStep: expect.any(Number),
    adapter: { description: expect.any(String) },
    machine: expect.stringContaining('Node'),
  });
  expect(reports.map(({ step }) => step)).toEqual([1, 2]);
  expect(Object.keys(reports[0])).toEqual(expect.arrayContaining(['seconds', 'learningRate', 'gradNorm']));
});

test('a run that was saved goes on there as if it had never stopped', async () => {
  const every = ['--every', '1', '--json'];
  const losses = ({ out }: { out: string }) =>
    jsonLines(out)
      .slice(1)
      .map(({ step, trainBpb }) => [step, trainBpb]);
  await cp(join(folder, 'saved.safetensors'), join(folder, 'run.safetensors'));
  const straight = await strata('train', '--config', `${SMALL}&sc=constant`, '--steps', '4', ...every);
  const second = await strata('train', '--resume', 'run.safetensors', '--steps', '4', ...every);

  expect([...losses(saved), ...losses(second)]).toEqual(losses(straight));
  // What went on is in the same file, with the curve of both.
  const { curve } = await readRun(join(folder, 'run.safetensors'));
  expect(curve?.get('curve/step')?.data).toEqual(Float64Array.of(1, 2, 3, 4));
  expect(await strata('train', '--resume', 'run.safetensors')).toEqual({
    code: 2,
    out: '',
    error: '--steps: the run in run.safetensors is at 4 of 4, needs more\n',
  });
});

test('the model of a run is saved alone, on the way and of a run that is through, and goes on with Adam anew', async () => {
  expect(saved.error).toBe('');
  expect(await strata('train', '--resume', 'saved.safetensors', '--save-model', 'taken.safetensors')).toEqual({
    code: 0,
    out: 'the model of step 2 saved to taken.safetensors\n',
    error: '',
  });
  const read = (name: string) => readRun(join(folder, name));
  const [both, model, taken] = await Promise.all(
    ['saved', 'model', 'taken'].map((name) => read(`${name}.safetensors`)),
  );
  expect(taken).toEqual(model);
  expect({ ...taken, curve: undefined }).toEqual({
    ...both,
    curve: undefined,
    firstMoments: taken.firstMoments,
    secondMoments: taken.secondMoments,
    optimizer: Uint32Array.of(0, 0, 16, 0),
    isModelAlone: true,
  });
  expect(taken.curve?.get('curve/step')?.data).toEqual(Float64Array.of(1, 2));

  expect(await strata('train', '--resume', 'saved.safetensors', '--save-model', 'model.safetensors')).toMatchObject({
    code: 2,
    error: '--save-model: model.safetensors: it is there already, needs another name, or --overwrite to replace it\n',
  });
  const apart = ['--steps', '3', '--save-model', 'saved.safetensors', '--overwrite'];
  expect((await strata('train', '--resume', 'saved.safetensors', ...apart)).error).toBe(
    '--save-model: saved.safetensors: it is the file of the run, needs another\n',
  );
  const { code, error } = await strata('train', '--resume', 'taken.safetensors', '--steps', '3', '--json');
  expect({ code, error }).toEqual({
    code: 0,
    error: expect.stringMatching(/^--resume: taken.safetensors holds the model alone: Adam begins anew, [^\n]*\n$/),
  });
  const gone = await read('taken.safetensors');
  expect([gone.step, gone.isModelAlone, gone.optimizer[0]]).toEqual([3, undefined, 1]);
});

test('the model of a run that is not through can be taken out as it is, and then it is through', async () => {
  const part = await readRun(join(folder, 'saved.safetensors'));
  const unfinished = { ...part, config: { ...part.config, training: { ...part.config.training, steps: 900 } } };
  await writeRun(join(folder, 'unfinished.safetensors'), unfinished);
  const take = ['--resume', 'unfinished.safetensors', '--steps', '1', '--save-model', 'cut.safetensors'];
  expect((await strata('train', ...take)).error).toBe('');
  expect(await readRun(join(folder, 'cut.safetensors'))).toMatchObject({ step: 2, config: { training: { steps: 2 } } });
  expect(await readRun(join(folder, 'unfinished.safetensors'))).toEqual(unfinished);
});

test('a run on a text of a file is saved as one, so that the page asks for that text, and with its test part', async () => {
  await writeFile(join(folder, 'mine.txt'), 'the ship sailed on and on '.repeat(400));
  const args = ['--config', SMALL, '--steps', '1', '--data', 'mine.txt', '--test', '--save', 'mine.safetensors'];
  const { code, out } = await strata('train', ...args, '--json');
  expect(code).toBe(0);
  const file = join(folder, 'mine.safetensors');
  const { query, text } = await summariseRun(new Blob([await readFile(file)]));
  expect({ dataset: decodeQuery(query).config.dataset, text: text.name }).toEqual({ dataset: 'own', text: 'mine.txt' });
  const { curve } = await readRun(file);
  expect(curve?.get('curve/test/step')?.data).toEqual(Float64Array.of(1));
  expect(curve?.get('curve/test/bits')?.data).toHaveLength(jsonLines(out).at(-1)!.testSequences as number);
});

/** Trains for long, saved to a file, until `end` is called behind the first report. */
async function trainUntil(file: string, end: (run: ReturnType<typeof spawn>) => void, node: string[] = []) {
  const args = ['train', '--config', SMALL, '--steps', '1000000', '--every', '1', '--save', file, '--json'];
  const run = spawn(process.execPath, [...node, 'strata.mjs', ...args], { cwd: folder, env: environment() });
  const said = text(run.stderr);
  let lines = 0;
  createInterface(run.stdout).on('line', () => {
    if (++lines === 2) end(run);
  });
  const [code, signal] = (await once(run, 'exit')) as [number | null, string | null];
  return { code, signal, said: await said };
}

async function savedStep(file: string): Promise<number> {
  return (await summariseRun(new Blob([await readFile(join(folder, file))]))).step;
}

test.skipIf(process.platform === 'win32')('a closed terminal ends a run, which is saved', async () => {
  const ended = await trainUntil('hung-up.safetensors', (run) => run.kill('SIGHUP'));
  expect(ended).toMatchObject({ code: 129, signal: null });
  expect(await savedStep('hung-up.safetensors')).toBeGreaterThan(0);
});

test('a reader that goes away ends a run, which is saved', async () => {
  const ended = await trainUntil('piped.safetensors', ({ stdout }) => stdout?.destroy());
  expect(ended).toMatchObject({ code: 141, said: expect.stringMatching(/^ends after the step under way .*\n$/) });
  expect(await savedStep('piped.safetensors')).toBeGreaterThan(0);
});

test('the file of a run that goes wrong holds what was sound, which is no success', async () => {
  const wild = 'p=micro&h=1-w0&lr=400&wu=4000&cl=0';
  expect((await strata('train', '--config', wild, '--steps', '10', '--save', 'wild.safetensors')).code).toBe(0);
  const { code, error } = await strata('train', '--resume', 'wild.safetensors', '--steps', '80', '--json');
  expect({ code, step: await savedStep('wild.safetensors') }).toEqual({ code: 2, step: 10 });
  expect(error).toContain('The run is saved as it was at step 10: --resume wild.safetensors goes on from there.');

  // Too few steps to call it a blow-up, which the file need not hold either.
  const soon = await strata('train', '--resume', 'wild.safetensors', '--steps', '25', '--json');
  expect({ code: soon.code, step: await savedStep('wild.safetensors') }).toEqual({ code: 2, step: 10 });
  expect(soon.error).toMatch(/^The last losses were far above .* The run is saved as it was at step 10: /);

  const worse = 'p=micro&h=1-w0&lr=1000&wd=10&cl=0&wu=2000';
  const diverged = await strata('train', '--config', worse, '--save', 'worse.safetensors', '--json');
  expect(diverged.code).toBe(2);
  expect(diverged.error).toMatch(/Last finite step: \d+\. The run is saved as it was at step 0: /);
  expect(await savedStep('worse.safetensors')).toBe(0);
});

test('a device that is lost is said, and is no success', async () => {
  await writeFile(
    join(folder, 'losing.mjs'),
    `import { globals } from 'webgpu';
    const { requestDevice } = globals.GPUAdapter.prototype;
    globals.GPUAdapter.prototype.requestDevice = async function (...args) {
      const device = await requestDevice.apply(this, args);
      process.once('SIGUSR2', () => device.destroy());
      return device;
    };`,
  );
  const ended = await trainUntil('lost.safetensors', (run) => run.kill('SIGUSR2'), ['--import', './losing.mjs']);
  expect(ended.code).toBe(2);
  expect(ended.said).toMatch(/^The GPU was lost \(.+\)\. Nothing was saved\.\n$/);
});

test.each(['train', 'bench', 'parity'])('%s says how it is used', async (command) => {
  const { code, out, error } = await strata(command, '--help');
  expect({ code, error }).toEqual({ code: 0, error: '' });
  expect(out).toMatch(new RegExp(`^usage: npm run ${command} -- `));
});

test('a run that could not be saved does not begin', async () => {
  const { code, out, error } = await strata('train', '--preset', 'micro', '--save', 'nowhere/run.safetensors');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(error).toMatch(/^--save: nowhere\/run.safetensors: ENOENT/);
  expect(await readdir(folder)).not.toContain('nowhere');
});

test('a run does not take the place of another file, unless that is said', async () => {
  await writeFile(join(folder, 'notes.txt'), 'notes');
  const args = ['train', '--config', SMALL, '--steps', '1', '--save', 'notes.txt'];
  expect(await strata(...args)).toEqual({
    code: 2,
    out: '',
    error: '--save: notes.txt: it is there already, needs another name, or --overwrite to replace it\n',
  });
  expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('notes');
  expect((await strata(...args, '--overwrite')).code).toBe(0);
  expect(await savedStep('notes.txt')).toBe(1);
});

test('a longer run whose learning rate falls is said not to be the one that had been so long', async () => {
  const run = await readRun(join(folder, 'saved.safetensors'));
  const training = { ...run.config.training, schedule: 'cosine' as const };
  await writeRun(join(folder, 'falling.safetensors'), { ...run, config: { ...run.config, training } });
  const { error } = await strata('train', '--resume', 'falling.safetensors', '--steps', '3', '--json');
  expect(error).toMatch(/^--steps: the learning rate of this run fell .* \(sc=cosine\)/);
});

test('a saved run is refused by the file and by what is wrong', async () => {
  await writeFile(join(folder, 'broken.safetensors'), 'nothing of the kind');
  const { error } = await strata('train', '--resume', 'broken.safetensors');
  expect(error).toMatch(/^--resume: broken.safetensors: safetensors: /);
  expect((await strata('train', '--resume', 'none')).error).toContain('--resume: none: ENOENT');
});

test('without Dawn it says how it is used, and what is missing', async () => {
  const alone = await mkdtemp(join(tmpdir(), 'strata-alone-'));
  onTestFinished(() => rm(alone, { recursive: true, force: true }));
  await cp(join(folder, 'strata.mjs'), join(alone, 'strata.mjs'));
  const missing = /^webgpu: Cannot find package .*; needs that package in a node_modules beside this program\n$/;
  expect(await strataIn(alone, 'bench', '--help')).toMatchObject({ code: 0, error: '' });
  expect(await strataIn(alone, 'fly')).toMatchObject({ code: 2, error: expect.stringMatching(/^fly: needs one of/) });
  for (const command of ['train', 'bench'])
    expect(await strataIn(alone, command)).toMatchObject({ code: 2, error: expect.stringMatching(missing) });
});

test('a reader that goes away ends a benchmark without a word', async () => {
  const args = ['bench', '--quick', '--soak', '0', '--json'];
  const run = spawn(process.execPath, ['strata.mjs', ...args], { cwd: folder, env: environment() });
  const said = text(run.stderr);
  createInterface(run.stdout).once('line', () => run.stdout.destroy());
  const [code] = (await once(run, 'exit')) as [number | null];
  expect(code).toBe(141);
  expect((await said).split('\n').filter((line) => line !== '' && !/^\d+\/\d+ /.test(line))).toEqual([]);
});

test('a command that it does not have is refused by name', async () => {
  expect(await strata('--help')).toMatchObject({ code: 0, out: expect.stringContaining('train|bench|parity') });
  expect(await strata('fly')).toEqual({ code: 2, out: '', error: 'fly: needs one of train, bench, parity\n' });
  expect((await strata('parity')).error).toContain('usage: npm run parity -- DIR');
});
