import { describe, expect, it } from 'vitest';
import { parseTrainArguments } from '../../src/cli/train/arguments.ts';
import { loadText } from '../../src/cli/train/load-text.ts';
import { Reporter, type Report } from '../../src/cli/train/reporter.ts';
import type { MetricsBatch } from '../../src/protocol/events.ts';

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
    [['--fast'], '--fast: is not an option'],
    [['--config', 'b=-5'], '--config:'],
    [['--config', 'p=quick&nonsense=1'], '"nonsense" is not a setting'],
    [['--config', 'p=quick', '--preset', 'two'], 'needs one of them'],
    [['--resume', 'x', '--seed', '1'], '--seed: given beside --resume, whose run has its own'],
    [['--resume', 'x', '--config', 'p=quick'], '--config: given beside --resume'],
  ])('%j is refused by name', (args, message) => {
    expect(() => parseTrainArguments(args)).toThrow(message);
  });

  it('has a text of its own', async () => {
    const corpus = await loadText(null);
    expect(corpus.name).toBe('Moby Dick');
    expect(corpus.bytes.length).toBe(1_204_997);
  });

  it('names a file that is not there', async () => {
    await expect(loadText('no/such/file.txt')).rejects.toThrow(
      '--data: given no/such/file.txt, needs a file that exists',
    );
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
      bytesPerSecond: 500,
    };
  };

  it('hold means since the one before, whole at the end of a run', () => {
    const reports: Report[] = [];
    const reporter = new Reporter(
      4,
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

  it('wait for the validation of their step, and do not wait for ever', () => {
    const reports: Report[] = [];
    const reporter = new Reporter(
      2,
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
