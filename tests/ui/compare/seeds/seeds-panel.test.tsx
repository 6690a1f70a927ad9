import { describe, expect, test } from 'vitest';
import { presetConfig } from '../../../../src/config/presets.ts';
import { withHierarchy, withModel, withTraining } from '../../../../src/config/problem.ts';
import type { RunConfig } from '../../../../src/config/types.ts';
import { seedGroups } from '../../../../src/ui/compare/seeds/seed-groups.ts';
import { SeedsPanel } from '../../../../src/ui/compare/seeds/SeedsPanel.tsx';
import { RunMetrics } from '../../../../src/ui/state/run-metrics.ts';
import type { RunRecord } from '../../../../src/ui/state/runs.ts';
import { plausibleMetrics } from '../../support/fake-worker.ts';
import { markup, READY, shown } from '../../support/render.tsx';
import { recordOf } from '../../support/run-record.ts';

const STEPS = 20;
const micro = withTraining(presetConfig('micro'), { steps: STEPS });
const deeper = withModel(micro, { depth: 2 });
/** Another batch, so that no two runs read the same. */
const larger = withTraining(deeper, { batchSize: 2 * micro.training.batchSize });

interface Story {
  config?: RunConfig;
  /** Bits per byte of its last validation. */
  last?: number;
  /** The same of the test part, at a step. */
  test?: number;
  testStep?: number;
}

let made = 0;

/** A run of that seed whose lowest validation was 1 bit per byte, on the way. */
function ran(seed: number, { config = micro, last, test: bits, testStep = STEPS }: Story = {}): RunRecord {
  const metrics = new RunMetrics();
  metrics.append(plausibleMetrics(1, config, 1, STEPS, 10), config.model);
  metrics.appendValidation(10, 1);
  if (last !== undefined) metrics.appendValidation(STEPS, last);
  if (bits !== undefined) {
    metrics.testScore = { step: testStep, bits: Float64Array.of(8 * bits), bytes: Float64Array.of(8) };
  }
  const record = recordOf(`run ${++made}`, withTraining(config, { seed }), STEPS, 1e9);
  return { ...record, id: made, preset: 'micro', metrics };
}

/** Runs of seeds 0, 1, 2 ... by their last validations. */
const seeds = (config: RunConfig, ...last: number[]): RunRecord[] =>
  last.map((figure, seed) => ran(seed, { config, last: figure }));

const LOOK = { color: 'red', dash: undefined };
const drawn = (runs: readonly RunRecord[]) => new Map(runs.map(({ id }) => [id, LOOK]));
const panel = (runs: RunRecord[], compared: readonly RunRecord[] = []): string =>
  shown(<SeedsPanel groups={seedGroups(runs)} looks={drawn(compared)} />, READY, '', { runs });

describe('The panel over seeds', () => {
  test('is not there as long as every configuration has one seed', () => {
    const runs = [ran(0, { last: 3 }), ran(0, { config: deeper, last: 2 })];
    expect(panel(runs, runs)).toBe('');
  });

  test('says what a configuration is, which seeds it had, what each cost, and its mean, deviation and range', () => {
    expect(panel(seeds(micro, 2.5, 2.6, 2.7))).toContain(
      'A Micro: steps 300→20seeds 0, 1, 2 20 GFLOP each–0 of 3 measured2.60 ± 0.102.50 to 2.70',
    );
  });

  test('names later configurations by what they change of the first', () => {
    expect(panel([...seeds(micro, 2.5, 2.6), ...seeds(deeper, 2.4, 2.3)])).toContain('B depth 1→2seeds 0, 1');
  });

  test('takes the last validation, and not the lowest nor one before the last step', () => {
    const text = panel([ran(0, { last: 2.5 }), ran(1, { last: 2.7 }), ran(2)]);
    expect(text).toContain('2.60 ± 0.142.50 to 2.702 of 3 measured');
  });

  test('takes the test part only where it was measured at the last step', () => {
    const runs = [ran(0, { test: 2 }), ran(1, { test: 3 }), ran(2, { test: 9, testStep: 10 })];
    expect(panel(runs)).toContain('2.50 ± 0.712.00 to 3.002 of 3 measured');
  });

  test('has a row for one seed of a configuration that is compared, and for no other', () => {
    const single = ran(7, { config: deeper, last: 2 });
    const runs = [...seeds(micro, 2.5, 2.6), single];
    expect(panel(runs, [single])).toContain('depth 1→2one seed: 7 20 GFLOP–0 of 1 measured2.00');
    expect(panel(runs)).not.toContain('depth');
  });

  test('shows which of the runs are drawn', () => {
    const runs = seeds(micro, 2.5, 2.6, 2.7);
    const html = markup(<SeedsPanel groups={seedGroups(runs)} looks={drawn([runs[1]])} />, READY, '', { runs });
    expect(html.match(/class="swatch"/g)).toHaveLength(1);
    expect(html).toMatch(new RegExp(`title="${runs[1].name}"><svg class="swatch"`));
  });
});

describe('Over seeds', () => {
  test('one is the best where seed by seed it needs less, by more than chance', () => {
    const text = panel([...seeds(micro, 2.5, 2.9, 2.7), ...seeds(deeper, 2.3, 2.69, 2.51)]);
    expect(text).toContain('2.50 ± 0.20 best');
    expect(text).toMatch(
      /Last validation: B is the best of 2, by more than chance; A needs 0\.200 bits per byte more \(95 %: 0\.175 to 0\.225\)\./,
    );
  });

  test('seeds that do not read the same batches are not taken in pairs', () => {
    const text = panel([...seeds(micro, 2.5, 2.9, 2.7), ...seeds(larger, 2.3, 2.69, 2.51)]);
    expect(text).toMatch(
      /Last validation: too close to call\. .* needs 0\.20 bits per byte more \(95 %: −0\.2\d to 0\.6\d\)/,
    );
    expect(text).toContain('More seeds, the same ones of each, would tell more.');
    expect(text).not.toContain('best');
    const others = [3, 4, 5].map((seed, at) => ran(seed, { config: deeper, last: [2.3, 2.69, 2.51][at] }));
    expect(panel([...seeds(micro, 2.5, 2.9, 2.7), ...others])).toContain('too close to call');
  });

  test('neither are those of models of other widths, whose weights a seed begins otherwise', () => {
    const wider = withHierarchy(micro, 1, (hierarchy) => ({ ...hierarchy, dim: 32 }));
    const text = panel([...seeds(micro, 2.5, 2.9, 2.7), ...seeds(wider, 2.3, 2.69, 2.51)]);
    expect(text).toMatch(/Last validation: too close to call\. .* needs 0\.20 bits per byte more/);
  });

  test('two seeds that differ by several standard errors are too close to call', () => {
    // 0.15 and 0.05 more: a mean of 0.1 with an error of 0.05, which would have to be 12.7 times as large.
    const text = panel([...seeds(micro, 2.55, 2.85), ...seeds(deeper, 2.4, 2.8)]);
    expect(text).toMatch(/too close to call.*needs 0\.10 bits per byte more \(95 %: −0\.54 to 0\.74\)/);
    const surer = panel([...seeds(micro, 2.52, 2.93), ...seeds(deeper, 2.4, 2.8)]);
    expect(surer).toMatch(/is the best.*needs 0\.125 bits per byte more \(95 %: 0\.061 to 0\.189\)/);
  });

  test('seeds are paired in whichever order they were trained', () => {
    const runs = [...seeds(micro, 2.5, 2.9, 2.7), ...seeds(deeper, 2.3, 2.69, 2.51).reverse()];
    expect(panel(runs)).toContain('needs 0.200 bits per byte more (95 %: 0.175 to 0.225)');
  });

  test('figures of other bytes of the test part are no contest', () => {
    const tested = (config: RunConfig, ...figures: number[]): RunRecord[] =>
      figures.map((test, seed) => ran(seed, { config, test }));
    const other = tested(deeper, 2.3, 2.69, 2.51);
    const runs = [...tested(micro, 2.5, 2.9, 2.7), ...other];
    expect(panel(runs)).toContain('Test part: B is the best');
    for (const { metrics } of other) metrics.testScore!.bytes = Float64Array.of(7);
    expect(panel(runs)).not.toContain('best');
    for (const [at, { metrics }] of runs.entries()) metrics.appendValidation(STEPS, at < 3 ? 3 : 2 + at / 100);
    expect(panel(runs)).toContain('Last validation: B is the best');
    expect(panel(runs)).not.toContain('Test part: B');
  });

  test('one has to be better than every other, and who may be is said', () => {
    const third = withModel(micro, { depth: 3 });
    const text = panel([
      ...seeds(micro, 2.5, 2.9, 2.7),
      ...seeds(deeper, 2.3, 2.69, 2.51),
      ...seeds(third, 2.31, 2.67, 2.5),
    ]);
    expect(text).toMatch(/Last validation: too close to call\. C has the lowest mean; B needs 0\.00\d+ bits/);
    expect(text).toMatch(/Behind by more than chance: A needs 0\.2\d+ bits per byte more \([^)]*\)\./);
  });

  test('there is no verdict with one seed of the other, and none before two are measured', () => {
    const single = ran(0, { config: deeper, last: 1 });
    const text = panel([...seeds(micro, 2.5, 2.51), single], [single]);
    expect(text.match(/No verdict, which takes two configurations/g)).toHaveLength(1);
    expect(text).not.toMatch(/best|close/);
    expect(panel([...seeds(micro, 2.5, 2.6), ...seeds(deeper, 2.5, 2.6)])).toContain('Test part: no verdict, which');
  });

  test('one seed of another configuration is no contestant, however little it needs', () => {
    const single = ran(0, { config: larger, last: 1 });
    const runs = [...seeds(micro, 2.5, 2.9, 2.7), ...seeds(deeper, 2.3, 2.69, 2.51), single];
    expect(panel(runs, [single])).toContain('B is the best of 2, by more than chance; A');
  });

  test('configurations whose every seed came to the same have no best', () => {
    const alike = panel([...seeds(micro, 2.5, 2.5), ...seeds(deeper, 2.4, 2.4)]);
    expect(alike).toContain('needs 0.10 more at every seed, which leaves no spread to judge by');
    expect(alike).not.toContain('best');
    expect(panel([...seeds(micro, 2.5, 2.6), ...seeds(deeper, 2.5, 2.6)])).toContain('came to the same');
  });

  test('what was measured on other bytes is no contest, and the rest is one', () => {
    const shorter = withModel(micro, { contextLength: 16 });
    const text = panel([
      ...seeds(micro, 2.5, 2.9, 2.7),
      ...seeds(shorter, 1.1, 1, 1.2),
      ...seeds(deeper, 2.3, 2.69, 2.51),
    ]);
    expect(text).toContain('C is the best of 2, by more than chance; A needs');
    expect(text).toContain('another context length means other bytes to predict, or to predict from');
  });
});
