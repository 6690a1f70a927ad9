import { expect, test } from 'vitest';
import { decodeQuery } from '../../../../src/config/codec/decode.ts';
import { tokensPerStep } from '../../../../src/config/costs.ts';
import { presetConfig } from '../../../../src/config/presets.ts';
import type { ChartSource } from '../../../../src/ui/chart/chart-source.ts';
import { chartTable, toCsv, toJson } from '../../../../src/ui/chart/export/chart-table.ts';
import { lossColumn } from '../../../../src/ui/compare/run-look.ts';
import { placements } from '../../../../src/ui/compare/run-figures.ts';
import type { RunRecord } from '../../../../src/ui/state/runs.ts';
import { recordOf } from '../../support/run-record.ts';

const config = presetConfig('quick');

function sourceOf(run: RunRecord): ChartSource {
  const at = placements(run, 'step');
  const common = { color: 'red', style: 'curve' } as const;
  return {
    run,
    lines: [
      {
        ...common,
        name: 'train',
        column: lossColumn(run, 'train_bits_per_byte'),
        series: run.metrics.train,
        at: at.steps,
      },
      {
        ...common,
        name: 'validation',
        column: 'validation_bits_per_byte',
        series: run.metrics.validation,
        at: at.validation,
      },
    ],
  };
}

const PROVENANCE = { saved: '2026-12-01T00:00:00.000Z', strata: '0.1.0', environment: ['adapter: some'] };
const tableOf = (...runs: RunRecord[]) => chartTable('Next byte', 'bits per byte', runs.map(sourceOf));

test('a file has one row for each step of each run, and a header', () => {
  const lines = toCsv(tableOf(recordOf('calm owl', config, 20, 3e9), recordOf('other', config, 10, 1e9))).split('\r\n');

  expect(lines[0]).toBe(
    'run,step,bytes_seen,active_seconds,training_flop,train_bits_per_byte,validation_bits_per_byte',
  );
  expect(lines).toHaveLength(1 + 20 + 10 + 1);
  expect(lines[1]).toBe(`calm owl,1,${tokensPerStep(config)},0.1,3000000000,99,`);
  expect(lines[10]).toBe(`calm owl,10,${10 * tokensPerStep(config)},1,30000000000,90,90`);
  expect(lines[21]).toMatch(/^other,1,/);
});

test('a step at which only a validation was measured has a row, too', () => {
  const run = recordOf('calm owl', config, 5, 3e9);
  run.metrics.validationStep.append(0);
  run.metrics.validation.y.append(8);

  const [, first] = toCsv(tableOf(run)).split('\r\n');

  expect(first).toBe('calm owl,0,0,,0,,8');
});

test('the curve of a link is not passed off as measured: it has a column of its own, and no clock', () => {
  const sent = { ...recordOf('from the link', config, 3, 3e9), origin: 'link' as const };
  const lines = toCsv(tableOf(recordOf('calm owl', config, 1, 3e9), sent)).split('\r\n');

  expect(lines[0]).toContain(',train_bits_per_byte,validation_bits_per_byte,train_bits_per_byte_smoothed');
  expect(lines[1]).toBe(`calm owl,1,${tokensPerStep(config)},0.1,3000000000,99,,`);
  expect(lines[2]).toBe(`from the link,1,${tokensPerStep(config)},,3000000000,,,99`);
});

test('values that are not numbers are empty, and names are quoted where they need it', () => {
  const run = recordOf('a "quoted", name', config, 2, 1);
  run.metrics.step.append(3);
  run.metrics.activeSeconds.append(0.3);
  run.metrics.train.y.append(NaN);

  expect(toCsv(tableOf(run)).split('\r\n')[3]).toMatch(/^"a ""quoted"", name",3,\d+,0\.3,3,,$/);
});

test('JSON tells what each column means and what each run was', () => {
  const edited = decodeQuery('lr=1e-3').config;
  const run = { ...recordOf('calm owl', edited, 3, 3e9), text: { name: 'words', sha256: 'that of words' } };
  const file: unknown = JSON.parse(toJson(tableOf(run), PROVENANCE));

  expect(file).toMatchObject({
    format: 'strata-chart',
    version: 1,
    title: 'Next byte, bits per byte',
    ...PROVENANCE,
    runs: [{ name: 'calm owl', query: 'v=1&p=quick&lr=1e-3', text: { name: 'words', sha256: 'that of words' } }],
  });
  const { columns } = file as { columns: { name: string; meaning: string; values: unknown[] }[] };
  for (const { meaning, values } of columns) {
    expect(meaning).not.toBe('');
    expect(values).toHaveLength(3);
  }
});

test('a run is named by the query that the tables of Compare give it: by the preset that its form counted from', () => {
  const { config: shorter } = decodeQuery('p=micro&st=80');
  const run = { ...recordOf('calm owl', shorter, 3, 3e9), preset: 'micro' as const };
  expect(tableOf(run).runs[0].query).toBe('v=1&p=micro&st=80');
});
