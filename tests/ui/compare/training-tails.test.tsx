import { expect, test } from 'vitest';
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
const worse = ran(0.04, 1.86e9);

test('runs that read the same batches are compared over the same steps, and not at the last of each', () => {
  // Where each run ends the better one has just read what the other has not come to.
  expect(better.metrics.train.smoothed.at(299)).toBeGreaterThan(worse.metrics.train.smoothed.at(295));
  const { tails, verdict } = tailsOf(worse, better);
  expect(tails.map((tail) => [tail!.from, tail!.to])).toEqual([
    [271, 296],
    [271, 296],
  ]);
  expect(verdict.best).toBe(1);
  expect(verdict.more.get(0)!.mean).toBeCloseTo(0.04, 2);
  expect(verdict.more.get(0)!.error).toBeLessThan(0.01);
});

test('of runs with other batches each has its own last tenth, and what those differ by may be chance', () => {
  const { tails, verdict } = tailsOf(better, ran(0.04, 1.86e9, { query: 'sd=1' }));
  expect(tails.map((tail) => [tail!.from, tail!.to])).toEqual([
    [271, 300],
    [268, 296],
  ]);
  expect(verdict.best).toBeNull();
  expect(verdict.close).toEqual(new Set([0, 1]));
  expect(tailsOf(better, ran(1, 1.86e9, { query: 'sd=1' })).verdict.best).toBe(0);
});

test('where a step costs far more each run has its own steps of the same work', () => {
  const { tails, verdict } = tailsOf(better, ran(0.04, 3.68e9));
  expect(tails.map((tail) => [tail!.from, tail!.to])).toEqual([
    [271, 300],
    [136, 150],
  ]);
  expect(verdict.best).toBeNull();
});

test('of a short run ten steps count, and one that has not begun has none', () => {
  expect(tailsOf(better, ran(0.04, 1.84e9, { steps: 20 })).tails[1]).toMatchObject({ from: 11, to: 20 });
  const none = { ...worse, metrics: new RunMetrics() };
  expect(trainingTails([better, none], 1e11).tails[1]).toBeNull();
});

test('a smoothed curve of a link has a mean and no verdict, and neither have losses on other bytes', () => {
  const sent = { ...worse, origin: 'link' as const };
  const { tails, verdict, smoothed } = tailsOf(better, sent);
  expect(smoothed).toBe(true);
  expect(tails[1]!.mean).toBeGreaterThan(2.7);
  expect([verdict.best, verdict.close.size]).toEqual([null, 0]);
  expect(tailsOf(better, ran(1, 1.86e9, { query: 'n=64' })).verdict.best).toBeNull();
});

test('the table says which steps were compared, which run is the best, and by how much the other is behind', () => {
  const table = shown(<CompareTable runs={[worse, better]} looks={new Map()} />, READY);
  expect(table).toMatch(
    /mean over the steps named2\.83\+0\.040 ± 0\.002steps 271–2962\.79 beststeps 271–296Best validation/,
  );
});
