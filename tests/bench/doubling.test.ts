import { expect, test } from 'vitest';
import { doublingRows } from '../../src/bench/doubling.ts';
import { idOf } from '../../src/bench/kernel-case.ts';
import { fullList } from '../../src/bench/kernel-list.ts';
import type { KernelRow } from '../../src/bench/report.ts';
import { tablesOf } from '../../src/bench/tables.ts';

function row(shape: string, pass: KernelRow['pass'], least: number, flops: number): KernelRow {
  const family = 'attention';
  const milliseconds = 2 * least;
  return {
    kind: 'kernel',
    id: idOf({ family, shape }),
    family,
    shape,
    pass,
    milliseconds,
    spread: 0,
    least,
    repetitions: 3,
    dispatches: 1,
    gflops: flops / milliseconds / 1e6,
    gigabytes: 1,
    share: 0.5,
    limit: 'arithmetic',
    deviation: 0,
  };
}

const of = (tokens: number): string => `1 x ${tokens}, 8 x 64, w 64, dilation 8`;

test('attention is measured at every length from 512 to 16384 for each window with each dilation', () => {
  const ids = new Set(fullList().map(idOf));
  const wanted = ['16', '64', 'none'].flatMap((window) =>
    [1, 8].flatMap((dilation) =>
      [512, 1024, 2048, 4096, 8192, 16_384].map((n) => `attention/1-x-${n}-8-x-64-w-${window}-dilation-${dilation}`),
    ),
  );

  expect(wanted).toHaveLength(36);
  expect(wanted.filter((id) => !ids.has(id))).toEqual([]);
});

test('products of every size have both gradients beside them', () => {
  const ids = new Set(fullList().map(idOf));
  const wanted = [256, 512, 1024, 2048, 4096].flatMap((n) =>
    ['y', 'dx', 'dW'].map((of) => `matmul/${n}-x-${n}-x-${n}-${of}`),
  );

  expect(wanted.filter((id) => !ids.has(id))).toEqual([]);
});

test('the cost of a doubled length is stated beside what is computed, where both lengths were measured', () => {
  const events = [
    row(of(512), 'forward', 1, 100),
    row(of(1024), 'forward', 2.5, 300),
    row(of(2048), 'forward', 5, 630),
    row(of(8192), 'forward', 19, 2520),
    row(of(1024), 'backward', 7, 700),
  ];

  expect(doublingRows(events)).toEqual([
    {
      window: 64,
      dilation: 8,
      pass: 'forward',
      steps: [{ time: 2.5, work: expect.closeTo(3) }, { time: 2, work: expect.closeTo(2.1) }, null, null, null],
    },
  ]);
  const [table] = tablesOf(events).filter(({ title }) => title.startsWith('Attention at twice'));
  expect(table.columns.map(({ title }) => title).slice(3, 5)).toEqual(['n 1,024', 'n 2,048']);
  expect(table.rows).toEqual([['64', '8', 'forward', 'x2.50 (x3.00)', 'x2.00 (x2.10)', '-', '-', '-']]);
});
