import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { columnMeaning, columnMeanings } from '../../../../src/ui/chart/export/column-meanings.ts';
import { extraCharts } from '../../../../src/ui/run/extra-charts.ts';
import { RunMetrics } from '../../../../src/ui/state/run-metrics.ts';

test('the documentation has the table of all columns', () => {
  const rows = Object.entries(columnMeanings).map(([name, meaning]) => `| \`${name}\` | ${meaning} |\n`);

  expect(readFileSync('docs/chart-files.md', 'utf8')).toContain(rows.join(''));
});

test('every line of the further charts has a column', () => {
  for (const { lines } of extraCharts) {
    for (const { column } of lines(new RunMetrics(), true)) expect(columnMeaning(column)).not.toBe('');
  }
});

test('a column of any hierarchy has a meaning, one of nothing is refused', () => {
  expect(columnMeaning('reconstruction_bits_per_byte_16x')).toContain('reconstruction');
  expect(() => columnMeaning('dreams_per_night')).toThrow('dreams_per_night');
});
