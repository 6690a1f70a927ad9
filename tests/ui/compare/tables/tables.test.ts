import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { presetConfig } from '../../../../src/config/presets.ts';
import { withModel, withTraining } from '../../../../src/config/problem.ts';
import { seedGroups } from '../../../../src/ui/compare/seeds/seed-groups.ts';
import { seedResults } from '../../../../src/ui/compare/seeds/seed-measures.ts';
import { seedRows } from '../../../../src/ui/compare/seeds/seed-rows.ts';
import { seedsColumns, seedsTable } from '../../../../src/ui/compare/tables/seeds-table.ts';
import { settingsColumns, settingsTable } from '../../../../src/ui/compare/tables/settings-table.ts';
import type { Table } from '../../../../src/ui/compare/tables/TableAsCsv.tsx';
import type { RunRecord } from '../../../../src/ui/state/runs.ts';
import { recordOf } from '../../support/run-record.ts';

const micro = withTraining(presetConfig('micro'), { steps: 20 });
const flat = withModel(micro, { hierarchies: [{ ...micro.model.hierarchies[0], dim: 32 }] });

function run(id: number, name: string, seed: number, config = micro, bits = [8, 8.4]): RunRecord {
  const record = { ...recordOf(name, withTraining(config, { seed }), 20, 1000), id, preset: 'micro' as const };
  record.metrics.testScore = { step: 20, bits: Float64Array.from(bits), bytes: Float64Array.of(4, 4) };
  return record;
}

/** Each row by the names of its columns. */
const records = ({ columns, rows }: Table) =>
  rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));

test('the documentation has the tables of all columns', () => {
  const doc = readFileSync('docs/chart-files.md', 'utf8');
  for (const columns of [settingsColumns, seedsColumns]) {
    const rows = Object.entries(columns).map(([name, meaning]) => `| \`${name}\` | ${meaning} |\n`);
    expect(doc).toContain(rows.join(''));
  }
});

test('"Settings and results" has a row for each run, with every digit and every setting', () => {
  const [first, second] = records(settingsTable([run(1, 'a', 3), run(2, 'flat', 0, flat)]));
  expect(first).toMatchObject({
    run: 'a',
    query: 'v=1&p=micro&st=20&sd=3',
    steps: 20,
    active_seconds: 2,
    test_bits_per_byte: 2.05,
    test_step: 20,
    test_bytes: 8,
    last_validation_bits_per_byte: 80,
    best_validation_bits_per_byte: 80,
    equal_training_flop: 20_000,
    train_bits_per_byte_at_equal_flop: 80.5,
    parameters: 1234,
    flop_per_step: 1000,
    training_flop: 20_000,
    Seed: '3',
    '4x width': '16',
  });
  expect(first.test_standard_error).toBeCloseTo(0.05, 12);
  expect(second).toMatchObject({ run: 'flat', '1x width': '32', '4x width': null });
});

test('what was not measured of a run is left out', () => {
  const [row] = records(settingsTable([recordOf('a', micro, 0, 1000)]));
  expect(row).toMatchObject({
    test_bits_per_byte: null,
    best_validation_bits_per_byte: null,
    equal_training_flop: null,
  });
});

test('"Over seeds" has a row for each configuration and measure, with the verdict', () => {
  const runs = [
    run(1, 'a', 0, micro, [8, 8]),
    run(2, 'a again', 1, micro, [8.4, 8.4]),
    run(3, 'flat', 0, flat, [16, 16]),
    run(4, 'flat again', 1, flat, [16.4, 16.4]),
  ];
  const rows = seedRows(seedGroups(runs), () => true);
  const table = records(seedsTable(rows, seedResults(rows)));
  expect(table.map(({ measure, configuration }) => [measure, configuration])).toEqual([
    ['Test part', 'A'],
    ['Test part', 'B'],
    ['Last validation', 'A'],
    ['Last validation', 'B'],
  ]);
  expect(table[0]).toMatchObject({ seeds: '0 1', runs: 'a; a again', measured: 2, verdict: 'best', more: null });
  expect(table[0].mean).toBeCloseTo(2.05, 12);
  expect(table[1]).toMatchObject({ query: expect.stringContaining('h='), training_flop: 20_000, verdict: 'behind' });
  expect(table[1].more).toBeCloseTo(2, 12);
});
