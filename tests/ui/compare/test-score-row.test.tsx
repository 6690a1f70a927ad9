import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import { TestScoreRow } from '../../../src/ui/compare/TestScoreRow.tsx';
import type { EarlierRun } from '../../../src/ui/state/run-state.ts';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { recordOf } from '../support/run-record.ts';
import { READY, shown } from '../support/render.tsx';

const config = presetConfig('quick');
const trained = { ...READY, config, runCorpus: READY.corpus, runId: 1, phase: { name: 'paused' as const } };

/** Run number `id`, measured at a step with so many bits for each of two sequences of four bytes. */
function run(id: number, measured?: { step: number; bits: number[] }): RunRecord {
  const record = { ...recordOf(`run ${id}`, config, 60, 1e9), id };
  if (measured) {
    const bits = Float64Array.from(measured.bits);
    record.metrics.testScore = { step: measured.step, bits, bytes: bits.map(() => 4) };
  }
  return record;
}

/** That number's run, as the browser keeps it. */
const keptAs = (inPlaceOf: number): EarlierRun => {
  const made = { step: 60, bpb: 3, keptAt: 0 };
  return { id: 'a', name: 'run', text: null, config, preset: 'quick', since: new Map(), ...made, inPlaceOf };
};

const row = (runs: RunRecord[], state = {}, scoring = {}): string =>
  shown(<TestScoreRow runs={runs} isContest />, { ...trained, ...state }, '', { presentId: 1, scoring });

test('the present run can be measured, and says about how long that takes', () => {
  expect(row([run(0), run(1)])).toMatch(
    /other seeds–not measured while the page had its modelMeasure \((about|under) \d+ s\)$/,
  );
});

test('what was measured stands with its error, its step and its bytes, and is not measured twice', () => {
  const text = row([run(1, { step: 60, bits: [10, 12] })]);
  expect(text).toContain('2.75 ± 0.25');
  expect(text).toContain('at step 60, 8 B');
  expect(text).not.toContain('Measure');
  expect(row([run(1, { step: 40, bits: [10, 12] })])).toContain('Measure again');
});

test('a run whose curve ends before its step is not measured twice at that step', () => {
  const record = run(1, { step: 90, bits: [10, 12] });
  const { testScore } = record.metrics;
  const opened = Object.assign(record.metrics.upTo(90), { testScore });
  expect(opened.lastStep).toBe(60);
  expect(row([{ ...record, metrics: opened }])).toMatch(/at step 90, 8 B$/);
});

test('while it is measured it says how far it is, and can be stopped; what went wrong is said', () => {
  expect(row([run(1)], {}, { share: 0.4 })).toContain('Stop 40 % measured');
  expect(row([run(1)], {}, { failure: 'test part: given 5 bytes' })).toContain('test part: given 5 bytes');
});

test('of a run without a figure the way to one is said, or why there is none', () => {
  const runs = [run(0), run(1)];
  expect(row(runs, { earlier: [keptAs(0)] })).toContain('–open it again to measure it');
  expect(row(runs, { earlier: [keptAs(0)], phase: { name: 'training' } })).toContain('–not measured');
  expect(row([{ ...run(0), origin: 'link' }, run(1)])).toContain('–its link brought no model');
});

test('runs that do not differ are the same, and not plus nothing', () => {
  const alike = row([run(0, { step: 60, bits: [10, 12] }), run(1, { step: 60, bits: [10, 12] })]);
  expect(alike).toContain('the same');
  expect(alike).not.toContain('0.0000');
});

test('runs that chance could part are too close to call, others have a best', () => {
  const close = row([run(0, { step: 60, bits: [10, 13] }), run(1, { step: 60, bits: [11, 12] })]);
  expect(close.match(/too close to call/g)).toHaveLength(2);
  expect(close).not.toContain('best');
  const sure = row([run(0, { step: 60, bits: [10, 12] }), run(1, { step: 60, bits: [11, 13] })]);
  expect(sure.match(/best/g)).toHaveLength(1);
  expect(sure).not.toContain('too close');
  expect(sure).toContain('3.00 ± 0.25+0.2500 ± 0.0000');
});

test('where nothing was measured and no model is there, there is no such row', () => {
  expect(row([run(0), run(1)], { phase: { name: 'idle' } })).toBe('');
});
