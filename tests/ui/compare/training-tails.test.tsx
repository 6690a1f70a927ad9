import { expect, test, vi } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { CompareTable } from '../../../src/ui/compare/CompareTable.tsx';
import { commonFlops } from '../../../src/ui/compare/run-figures.ts';
import { trainingTails } from '../../../src/ui/compare/training-tails.ts';
import { RunMetrics } from '../../../src/ui/state/run-metrics.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { plausibleMetrics } from '../support/fake-worker.ts';
import { READY, shown } from '../support/render.tsx';
import { recordOf } from '../support/run-record.ts';

/** How hard the batch of a step is, as far as nobody can help it: the last two are hard. */
const hardness = (step: number, seed: number): number => (step > 298 ? 0.6 : 0.3 * Math.sin(7.3 * step + 50 * seed));

/** A run whose losses stand so far above what its batches ask for. */
function ran(above: number, flops: number, { query = '', steps = 300 } = {}): RunRecord {
  const { config } = decodeQuery(`p=quick&b=4&st=300&${query}`);
  const metrics = new RunMetrics();
  const batch = plausibleMetrics(1, config, 1, steps, 10);
  const { seed } = config.training;
  const trainBpb = batch.step.map((step) => 2.8 + above + hardness(step, seed) + 0.01 * Math.sin(step * (1 + flops)));
  metrics.append({ ...batch, trainBpb }, config.model);
  return { ...recordOf(`${above}`, config, steps, flops), id: steps + flops, metrics };
}

const tailsOf = (...runs: RunRecord[]) => trainingTails(runs, commonFlops(runs));
const better = ran(0, 1.84e9);
const worse = ran(0.04, 1.855e9);

/** A run whose loss at some work is the same whatever a step costs, but for how hard its batches are. */
function falling(lossAt: (flops: number) => number, cost: number, flops: number): RunRecord {
  const run = ran(0, cost, { steps: Math.floor((flops / cost) * (1 + 1e-12)) });
  const metrics = new RunMetrics();
  const batch = plausibleMetrics(1, run.config, 1, run.metrics.lastStep, 10);
  const trainBpb = batch.step.map((step) => lossAt(step * cost) + 0.05 * Math.sin(7.3 * step));
  metrics.append({ ...batch, trainBpb }, run.config.model);
  return { ...run, metrics };
}

test('runs that read the same batches are compared over the same steps, and not at the last of each', () => {
  // Where each run ends the better one has just read what the other has not come to.
  expect(better.metrics.train.smoothed.at(299)).toBeGreaterThan(worse.metrics.train.smoothed.at(295));
  const { tails, verdict } = tailsOf(worse, better);
  expect(tails.map((tail) => [tail!.from, tail!.to])).toEqual([
    [271, 297],
    [271, 297],
  ]);
  expect(verdict.best).toBe(1);
  expect(verdict.more.get(0)!.mean).toBeCloseTo(0.04, 2);
  expect(verdict.more.get(0)!.error).toBeLessThan(0.01);
});

test('of runs with other batches each has its own last tenth, and what those differ by may be chance', () => {
  const { tails, verdict } = tailsOf(better, ran(0.04, 1.855e9, { query: 'sd=1' }));
  expect(tails.map((tail) => [tail!.from, tail!.to])).toEqual([
    [271, 300],
    [268, 297],
  ]);
  expect(verdict.best).toBeNull();
  expect(verdict.close).toEqual(new Set([0, 1]));
  const far = ran(1, 1.855e9, { query: 'sd=1' });
  const clear = tailsOf(better, far).verdict;
  expect(clear.best).toBe(0);
  // What the losses of each stray by counts.
  const losses = [better.metrics.train.y.view().slice(270, 300), far.metrics.train.y.view().slice(267, 297)];
  const squared = losses.map((each) => {
    const mean = each.reduce((sum, loss) => sum + loss, 0) / 30;
    return each.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 29 / 30;
  });
  expect(clear.more.get(1)!.error).toBeCloseTo(Math.sqrt(squared[0] + squared[1]), 12);
});

test('where a step costs far more each run has its own steps of the same work', () => {
  const { tails, verdict } = tailsOf(better, ran(0.04, 3.68e9));
  expect(tails.map((tail) => [tail!.from, tail!.to])).toEqual([
    [271, 300],
    [136, 150],
  ]);
  expect(verdict.best).toBeNull();
});

test('a run that had more work at the same step is not the better one for it', () => {
  const laws = [
    (flops: number) => 8 - 3 * (1 - Math.exp(-flops / 15e9)),
    (flops: number) => 4 - 0.26 * Math.log(flops / 1e9),
    (flops: number) => 1 + 7 * (flops / 1e9) ** -0.3,
  ];
  for (const lossAt of laws) {
    for (const ratio of [0.5, 0.75, 0.8, 0.9, 0.95, 0.98, 0.991, 0.993, 0.996, 0.999]) {
      for (const steps of [15, 20, 30, 60, 100, 300, 1000]) {
        const runs = [ratio * 1e9, 1e9].map((cost) => falling(lossAt, cost, steps * 1e9));
        expect(tailsOf(...runs).verdict.best, `${ratio} of the work, ${steps} steps`).toBeNull();
      }
    }
  }
});

test('of a loss that falls the mean is that of the last tenth of the work, for a run that costs far less as well', () => {
  const lossAt = (flops: number): number => 8 - 0.5 * Math.log(flops / 1e9);
  const runs = [0.2e9, 1e9].map((cost) => falling(lossAt, cost, 60e9));
  const { tails, verdict, obstacle } = tailsOf(...runs);
  expect(tails.map((tail) => [tail!.from, tail!.to])).toEqual([
    [271, 300],
    [55, 60],
  ]);
  for (const tail of tails) expect(tail!.mean).toBeCloseTo(lossAt(57e9), 1);
  expect([verdict.best, verdict.more.size, obstacle]).toEqual([null, 0, 'under 10 steps: no best']);
});

test('a difference that is smaller than what the losses fall by meanwhile is not told from it', () => {
  const steep = (flops: number): number => 8 - 0.02 * (flops / 1e9);
  const [cheap, dear] = [0.5e9, 1e9].map((cost, at) => falling((flops) => steep(flops) + 0.1 * at, cost, 200e9));
  const { verdict, obstacle } = tailsOf(cheap, dear);
  expect([verdict.best, obstacle]).toEqual([null, 'losses fall by more than they differ: no best']);
  const far = falling((flops) => steep(flops) + 1, 1e9, 200e9);
  expect(tailsOf(cheap, far)).toMatchObject({ verdict: { best: 0 }, obstacle: null });
});

test('a run that has had less than ten steps of the last tenth has no verdict, and one that has not begun no mean', () => {
  const { tails, verdict } = tailsOf(better, ran(1, 1.84e9, { steps: 90 }));
  expect(tails[1]).toMatchObject({ from: 82, to: 90 });
  expect(verdict.best).toBeNull();
  const none = { ...worse, metrics: new RunMetrics() };
  expect(trainingTails([better, none], 1e11).tails[1]).toBeNull();
});

test('how fast the loss of a long run falls is told by some of its steps', () => {
  const [a, b] = [0, 0.1].map((above) => falling((flops) => 8 - flops / 1e15 + above, 1e9, 100_000e9));
  const reduce = vi.spyOn(Float64Array.prototype, 'reduce');
  const { verdict } = tailsOf(a, b);
  const longest = Math.max(...reduce.mock.contexts.map((values) => (values as Float64Array).length));
  reduce.mockRestore();
  expect(verdict.best).toBe(0);
  expect(longest).toBeLessThanOrEqual(2000);
});

test('a smoothed curve of a link has a mean and no verdict, and neither have losses on other bytes', () => {
  const sent = { ...worse, origin: 'link' as const };
  const { tails, verdict, obstacle } = tailsOf(better, sent);
  expect(obstacle).toBe('some smoothed: no best');
  expect(tails[1]!.mean).toBeGreaterThan(2.7);
  expect([verdict.best, verdict.close.size]).toEqual([null, 0]);
  expect(tailsOf(better, ran(1, 1.855e9, { query: 'n=64' })).verdict.best).toBeNull();
});

test('the table says which steps were compared, which run is the best, and by how much the other is behind', () => {
  const table = shown(<CompareTable runs={[worse, better]} looks={new Map()} />, READY);
  expect(table).toMatch(
    /mean of its last tenth2\.83\+0\.0398 ± 0\.0019steps 271–2972\.79 beststeps 271–297Best validation/,
  );
});
