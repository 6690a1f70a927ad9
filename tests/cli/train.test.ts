import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseTrainArguments } from '../../src/cli/train/arguments.ts';
import { sayKernels } from '../../src/cli/train/header.ts';
import { datasetOf, loadText } from '../../src/cli/train/load-text.ts';
import { Reporter, reportOf, sayBlowUp, sayOtherRate, sayTest, type Report } from '../../src/cli/train/reporter.ts';
import { checkApart, checkPlace, readRun, writeRun } from '../../src/cli/train/run-file.ts';
import { decodeQuery } from '../../src/config/codec/decode.ts';
import { makeCorpus } from '../../src/data/corpus.ts';
import type { MetricsBatch } from '../../src/protocol/events.ts';
import { summariseRun } from '../../src/protocol/run-file.ts';
import { emptyCheckpoint } from '../support/empty-checkpoint.ts';

it('says of losses that have blown up until when all was well, and when they have come down', () => {
  expect(sayBlowUp({ wellUntil: 120, best: 2.0625, rewindStep: null })).toBe(
    'losses stay far above the 2.063 bits per byte that they had come down to; all was well until step 120',
  );
  expect(sayBlowUp(null)).toBe('losses have come down again');
});

it('says of the test part how many bits a byte costs there, how sure that is, and on how much', () => {
  const report = reportOf({ step: 200, bits: Float64Array.of(8, 12), bytes: Float64Array.of(4, 4) });
  expect(report).toEqual({ step: 200, testBpb: 2.5, testError: 0.5, testBytes: 8, testSequences: 2 });
  expect(sayTest(report)).toBe('test part after step 200: 2.5000 +- 0.5000 bits per byte, on 8 bytes in 2 sequences');
  expect(sayTest({ ...report, testError: null })).toContain(': 2.5000 bits per byte');
});

it('says of a run that becomes longer that it is another one where its learning rate falls', () => {
  const [short, long] = ['p=micro&sc=cosine&st=30', 'p=micro&sc=cosine&st=60'].map(
    (query) => decodeQuery(query).config,
  );
  expect(sayOtherRate(short, long)).toMatch(/fell towards its end at step 30 .* to fall towards step 60/);
  expect(sayOtherRate(short, short)).toBeNull();
  const [even, longer] = ['p=micro&st=30', 'p=micro&st=60'].map((query) => decodeQuery(query).config);
  expect(sayOtherRate(even, longer)).toBeNull();
});

it('says of kernels what is wrong and what was replaced, and that a run had others', () => {
  expect(sayKernels({ replaced: [], wrong: [] })).toEqual([]);
  expect(
    sayKernels({
      replaced: ['Kernels that store 16-bit activations differ'],
      wrong: ['A step comes out otherwise.'],
      savedWith: 'tiles',
    }),
  ).toEqual([
    'this GPU computes wrong results: A step comes out otherwise.',
    'Kernels that store 16-bit activations differ',
    'saved with others, so that numbers may round otherwise: tiles',
  ]);
});

describe('the command line of training', () => {
  it('reads preset, length, seed and text', () => {
    const { config, dataFile, json, every } = parseTrainArguments([
      '--preset',
      'two',
      '--steps',
      '7',
      '--seed',
      '3',
      '--data',
      'x.gz',
      '--json',
    ]);
    expect(config.model.contextLength).toBe(256);
    expect(config.training).toMatchObject({ steps: 7, seed: 3, batchSize: 8 });
    expect({ dataFile, json, every }).toEqual({ dataFile: 'x.gz', json: true, every: 10 });
  });

  it('takes the query of a link', () => {
    const { config } = parseTrainArguments(['--config', 'h=1-d64-n2-e32-f2-w32&l=2&n=1024&b=1']);
    expect(config.model).toMatchObject({ depth: 2, contextLength: 1024 });
    expect(config.model.hierarchies).toEqual([
      { factor: 1, stride: 1, dim: 64, heads: 2, dimHead: 32, ffMult: 2, window: 32 },
    ]);
    expect(config.training.batchSize).toBe(1);
    expect(parseTrainArguments(['--config', '?p=quick&b=4']).config.training.batchSize).toBe(4);
  });

  it.each([
    [['--preset', 'huge'], '--preset: given "huge", needs one of quick, two'],
    [['--steps', '0'], '--steps: given "0", needs a whole number from 1 up'],
    [['--steps', 'ten'], '--steps: given "ten"'],
    [['--seed'], '--seed: needs a value'],
    [['--save', '--json'], '--save: needs a value'],
    [['--save-model'], '--save-model: needs a value'],
    [['--overwrite'], '--overwrite: given without --save and --save-model, needs one of them'],
    [['--fast'], '--fast: is not an option'],
    [['--config', 'b=-5'], '--config:'],
    [['--config', 'p=nope&b=4'], '--config: `p=nope` is not allowed (needs one of quick, two'],
    [['--config', 'p=quick&nonsense=1'], '"nonsense" is not a setting'],
    [['--config', 'p=quick', '--preset', 'two'], 'needs one of them'],
    [['--resume', 'x', '--seed', '1'], '--seed: given beside --resume, whose run has its own'],
    [['--resume', 'x', '--config', 'p=quick'], '--config: given beside --resume'],
    [['--resume', 'x', '--weights', 'y'], '--weights: given beside --resume, whose run has its own'],
    [['--weights'], '--weights: needs a value'],
    [['--config', 'p=micro&ds=enwik8'], '--data: not given, needs a file of the text that --config names (ds=enwik8)'],
    [
      ['--config', 'p=micro&ds=copy', '--data', 'x.txt'],
      '--data: given beside --config, which names a text that a rule makes (ds=copy); needs one of them',
    ],
    [['--config', 'p=micro&ds=own'], '--data: not given, needs a file of the text that --config names (ds=own)'],
  ])('%j is refused by name', (args, message) => {
    expect(() => parseTrainArguments(args)).toThrow(message);
  });

  it.each(['p=nope', 'b=-5', 'h=1-d0', 'h=nothing', 'h=4-s8_1'])('says of %s no value that it would use', (query) => {
    expect(() => parseTrainArguments(['--config', query])).toThrow(/^--config: (?!.*using )/i);
  });

  it('measures the test part when asked, of a saved run as well', () => {
    expect(parseTrainArguments(['--test', '--steps', '3']).test).toBe(true);
    expect(parseTrainArguments(['--resume', 'x', '--test'])).toMatchObject({ resumeFile: 'x', test: true });
    expect(parseTrainArguments([]).test).toBe(false);
  });

  it('keeps a run that goes on in its own file, unless another is named', () => {
    const saveFile = (...args: string[]) => parseTrainArguments(args).saveFile;
    expect(saveFile('--resume', 'x')).toBe('x');
    expect(saveFile('--resume', 'x', '--save', 'y')).toBe('y');
    expect(saveFile()).toBeNull();
  });

  it('keeps the model alone where that is asked for, which may replace a file as well', () => {
    const given = parseTrainArguments(['--resume', 'x', '--save-model', 'y', '--overwrite']);
    expect(given).toMatchObject({ saveFile: 'x', modelFile: 'y', overwrite: true });
    expect(parseTrainArguments([]).modelFile).toBeNull();
  });

  it('calls a text what the page calls it, and takes no other for enwik8', async () => {
    const corpus = makeCorpus('mine.txt', new Uint8Array(1000).fill(65));
    expect(await datasetOf(null, corpus, 'sample')).toBe('sample');
    expect(await datasetOf('mine.txt', corpus, 'sample')).toBe('own');
    expect(await datasetOf('mine.txt', corpus, 'own')).toBe('own');
    await expect(datasetOf('mine.txt', corpus, 'enwik8')).rejects.toThrow('--data: given mine.txt, needs enwik8');
  });

  it('has a text of its own', async () => {
    const corpus = await loadText(null);
    expect(corpus.name).toBe('Moby Dick');
    expect(corpus.bytes.length).toBe(1_204_997);
  });

  it('makes the text of a rule that a configuration names, and calls it that', async () => {
    const corpus = await loadText(null, 'sort');
    expect(corpus.name).toBe('Sorting');
    expect(await datasetOf(null, corpus, 'sort')).toBe('sort');
  });

  it('names a file that is not there', async () => {
    await expect(loadText('no/such/file.txt')).rejects.toThrow(
      '--data: given no/such/file.txt, needs a file that exists',
    );
  });

  it('says of a folder that it is one', async () => {
    await expect(loadText('.')).rejects.toThrow('--data: .: it is a folder');
  });
});

describe('the file of a run', () => {
  async function folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'strata-run-'));
    onTestFinished(() => rm(path, { recursive: true, force: true }));
    return path;
  }

  it('is tried before there is a run, and stays as it is', async () => {
    const path = await folder();
    await writeFile(join(path, 'run'), 'an earlier one');
    await checkPlace(join(path, 'run'), null, true);
    expect(await readdir(path)).toEqual(['run']);
    expect(await readFile(join(path, 'run'), 'utf8')).toBe('an earlier one');
  });

  it('is refused where another file lies there, unless that is the one that goes on or may be replaced', async () => {
    const path = await folder();
    const [run, other, link] = ['run', 'notes.txt', 'link'].map((name) => join(path, name));
    await writeFile(run, 'a run');
    await writeFile(other, 'notes');
    await symlink('run', link);
    const refusal = 'it is there already, needs another name, or --overwrite to replace it';
    await expect(checkPlace(run, null, false)).rejects.toThrow(`--save: ${run}: ${refusal}`);
    await expect(checkPlace(other, run, false)).rejects.toThrow(`--save: ${other}: ${refusal}`);
    await checkPlace(run, run, false);
    await checkPlace(link, run, false);
    await checkPlace(run, link, false);
    await checkPlace(other, run, true);
    await checkPlace(join(path, 'new'), run, false);
    expect((await readdir(path)).toSorted()).toEqual(['link', 'notes.txt', 'run']);
  });

  it('is refused by its own option where it is that of a model, also at the place of the run itself', async () => {
    const path = await folder();
    const [run, link, model] = ['run', 'link', 'model'].map((name) => join(path, name));
    await symlink('run', link);
    await writeFile(model, 'a model');
    const refusal = 'it is there already, needs another name, or --overwrite to replace it';
    await expect(checkPlace(model, null, false, '--save-model')).rejects.toThrow(`--save-model: ${model}: ${refusal}`);
    for (const other of [run, link, join(path, '.', 'run')])
      await expect(checkApart(other, run)).rejects.toThrow(
        `--save-model: ${other}: it is the file of the run, needs another`,
      );
    await checkApart(model, run);
  });

  it('is refused by name where it cannot be written', async () => {
    const path = await folder();
    await mkdir(join(path, 'there'));
    await expect(checkPlace(join(path, 'there'), null, false)).rejects.toThrow(
      `--save: ${join(path, 'there')}: it is a folder`,
    );
    await expect(checkPlace(join(path, 'no', 'run'), null, false)).rejects.toThrow(/^--save: .*run: ENOENT/);
    expect(await readdir(path)).toEqual(['there']);
  });

  it.each(['there', 'not yet there'])('is the one that a symbolic link leads to: %s', async (which) => {
    const path = await folder();
    await mkdir(join(path, 'disk'));
    if (which === 'there') await writeFile(join(path, 'disk', 'run'), 'an earlier one');
    await symlink(join('disk', 'run'), join(path, 'link'));
    await checkPlace(join(path, 'link'), null, true);
    await writeRun(join(path, 'link'), emptyCheckpoint());
    expect((await lstat(join(path, 'link'))).isSymbolicLink()).toBe(true);
    expect(await readRun(join(path, 'disk', 'run'))).toEqual(emptyCheckpoint());
    expect((await readdir(path)).toSorted()).toEqual(['disk', 'link']);
  });

  it.each([
    ['../run', 'run'],
    ['deep/../run', 'disk/a/run'],
  ])('is the one that %s leads to from where the link really is, in a linked folder', async (link, target) => {
    const path = await folder();
    await mkdir(join(path, 'disk', 'a', 'b'), { recursive: true });
    await symlink('a/b', join(path, 'disk', 'deep'));
    await symlink(link, join(path, 'disk', 'link'));
    await mkdir(join(path, 'user'));
    await symlink('../disk', join(path, 'user', 'linked'));
    await checkPlace(join(path, 'user', 'linked', 'link'), null, false);
    await writeRun(join(path, 'user', 'linked', 'link'), emptyCheckpoint());
    expect(await readRun(join(path, target))).toEqual(emptyCheckpoint());
    expect(await readdir(join(path, 'user'))).toEqual(['linked']);
  });

  it('is refused where links lead in a circle', async () => {
    const path = await folder();
    await symlink('b', join(path, 'a'));
    await symlink('a', join(path, 'b'));
    await expect(checkPlace(join(path, 'a'), null, false)).rejects.toThrow(/^--save: .*a: ELOOP/);
  });

  it('hands on the name and the curve that a page has put there', async () => {
    const path = join(await folder(), 'run');
    await writeRun(path, emptyCheckpoint({ name: 'wide 4x' }));
    expect(await readRun(path)).toEqual(emptyCheckpoint({ name: 'wide 4x' }));
    expect((await summariseRun(new Blob([await readFile(path)]))).name).toBe('wide 4x');
    const curve = new Map([['curve/step', { dtype: 'F64' as const, shape: [2], data: Float64Array.of(1, 2) }]]);
    await writeRun(path, emptyCheckpoint({ curve }));
    expect(await readRun(path)).toEqual(emptyCheckpoint({ curve }));
    await writeRun(path, emptyCheckpoint());
    expect(await readRun(path)).toEqual(emptyCheckpoint());
  });
});

describe('reports', () => {
  const batch = (from: number, to: number): MetricsBatch => {
    const step = Float64Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const figures = step.map((s) => s / 10);
    return {
      runId: 1,
      step,
      trainBpb: figures,
      recon: [null, figures.map((v) => 2 * v)],
      ar: [null, figures],
      gradNorm: figures,
      learningRate: figures,
      activeSeconds: figures,
    };
  };

  it('hold means since the one before, whole at the end of a run', () => {
    const reports: Report[] = [];
    const reporter = new Reporter(
      4,
      () => 500,
      () => false,
      (report) => reports.push(report),
    );
    reporter.add(batch(1, 3), 6);
    reporter.add(batch(4, 6), 6);
    expect(reports.map(({ step }) => step)).toEqual([4, 6]);
    expect(reports[0].trainBpb).toBeCloseTo(0.25);
    expect(reports[1].trainBpb).toBeCloseTo(0.55);
    expect(reports[1].recon).toEqual([null, expect.closeTo(1.1)]);
    expect(reports[0]).not.toHaveProperty('valBpb');
    expect(reports[0].tokensPerSecond).toBe(500);
  });

  it('hold the time and the learning rate of their step, and the mean of the gradient norms that were finite', () => {
    const reports: Report[] = [];
    const reporter = new Reporter(
      2,
      () => 500,
      () => false,
      (report) => reports.push(report),
    );
    reporter.add({ ...batch(1, 4), gradNorm: Float64Array.of(NaN, 3, NaN, NaN) }, 4);
    expect(reports).toMatchObject([
      { seconds: 0.2, learningRate: 0.2, gradNorm: 3 },
      { seconds: 0.4, learningRate: 0.4, gradNorm: null },
    ]);
  });

  it('leave out no step of a run that is ended early', () => {
    const reports: Report[] = [];
    const reporter = new Reporter(
      4,
      () => 500,
      () => true,
      (report) => reports.push(report),
    );
    reporter.add(batch(1, 7), 100);
    reporter.end();
    reporter.end();
    expect(reports.map(({ step, trainBpb }) => [step, trainBpb])).toEqual([
      [4, expect.closeTo(0.25)],
      [7, expect.closeTo(0.6)],
    ]);
  });

  it('wait for the validation of their step, and do not wait for ever', () => {
    const reports: Report[] = [];
    const reporter = new Reporter(
      2,
      () => 500,
      (step) => step === 2 || step === 6,
      (report) => reports.push(report),
    );
    reporter.add(batch(1, 4), 6);
    expect(reports).toEqual([]);
    reporter.addValidation(2, 3.5);
    expect(reports.map(({ step, valBpb }) => [step, valBpb])).toEqual([
      [2, 3.5],
      [4, undefined],
    ]);
    reporter.add(batch(5, 6), 6);
    reporter.end();
    expect(reports.map(({ step }) => step)).toEqual([2, 4, 6]);
  });
});
