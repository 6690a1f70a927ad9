import { describe, expect, test } from 'vitest';
import { boundOf, nearness } from '../../src/bench/bound.ts';
import { attentionStepCase } from '../../src/bench/cases/next-token.ts';
import { markdownTable } from '../../src/bench/markdown.ts';
import { Patience } from '../../src/bench/patience.ts';
import { summarise } from '../../src/bench/statistics.ts';
import { figure } from '../../src/bench/figure.ts';
import { tablesOf } from '../../src/bench/tables.ts';
import { bytesMoved } from '../../src/bench/traffic.ts';
import { Workbench } from '../../src/bench/workbench.ts';
import { linear } from '../../src/ops/linear.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';

test('a median and half of what lies between the quartiles', () => {
  expect(summarise([5, 1, 2, 4, 3])).toEqual({ median: 3, spread: 1 / 3, least: 1 });
  expect(summarise([2, 1])).toEqual({ median: 1.5, spread: 0.25 / 1.5, least: 1 });
  expect(() => summarise([])).toThrow('needs one or more');
});

test('the least time is that of the ceiling which is reached first', () => {
  const ceilings = { gflops: 10, gigabytes: 2, kernelGigabytes: 1, dispatchMicroseconds: 1, clock: 'gpu' } as const;
  expect(boundOf({ flops: 1e7, bytes: 1e6 }, ceilings)).toEqual({ milliseconds: 1, limit: 'arithmetic' });
  expect(boundOf({ flops: 1e6, bytes: 1e7 }, ceilings)).toEqual({ milliseconds: 5, limit: 'memory' });
});

test('what is multiplied by subgroup matrices is not compared with multiply-adds', () => {
  const bound = { milliseconds: 1, limit: 'arithmetic' } as const;
  const subgroupMatrix = { side: 8, component: 'f16', subgroupSize: 32 } as const;
  expect(nearness(bound, 4, TUNINGS.gpu)).toEqual({ share: 0.25, limit: 'arithmetic' });
  const byMatrices = nearness(bound, 0.5, { ...TUNINGS.gpu, subgroupMatrix });
  const row = { kind: 'kernel', id: 'a', family: 'a', shape: 's', pass: 'forward', deviation: 0 } as const;
  const figures = { milliseconds: 0.5, spread: 0, least: 1, repetitions: 1, dispatches: 1, gflops: 1, gigabytes: 1 };
  const [{ columns, rows }] = tablesOf([{ ...row, ...figures, ...byMatrices }]);
  const cells = new Map(columns.map(({ title }, i) => [title, rows[0][i]]));
  expect([cells.get('of ceiling'), cells.get('limit')]).toEqual(['-', '-']);
});

describe('bytes of dispatches', () => {
  test('count every array once, however often a call binds it', () => {
    const bench = new Workbench(TUNINGS.software);
    linear({ x: bench.input('x', [1, 5, 3]), weight: bench.input('weight', [7, 3]) });
    // x, weight, y and four numbers that are not used; the weight stands in for a bias and a residual as well.
    expect(bytesMoved(bench.graph.dispatches)).toBe(4 * (15 + 21 + 35 + 4));
  });

  test('count what is written on top of something twice', () => {
    const bench = new Workbench(TUNINGS.software);
    const sum = bench.variable('sum', [10]);
    bench.graph.passGradient(sum, bench.input('source', [10]));
    expect(bytesMoved(bench.graph.dispatches)).toBe(4 * (10 + 2 * 10));
  });
});

test('what the newest token reads of earlier ones is not counted as written', () => {
  const bench = new Workbench(TUNINGS.software);
  attentionStepCase({ tokens: 10, heads: 2, dimHead: 4, window: null, dilation: 1 }).record(bench);
  // qkv, factors, keys and values, the result; the position.
  expect(bytesMoved(bench.graph.dispatches)).toBe(4 * (24 + 80 + 160 + 8 + 1));
});

test('what is too slow is told from the share that its family has reached', () => {
  const patience = new Patience(100, 0.1);
  expect(patience.refusal('matmul', 10)).toBeNull();
  expect(patience.refusal('matmul', 11)).toBe('about 0.11 s a run at 10 % of the ceiling, allowed are 0.1 s');
  patience.learn('matmul', 0.5);
  patience.learn('matmul', 0.2);
  expect(patience.refusal('matmul', 50)).toBeNull();
  expect(patience.refusal('matmul', 51)).toMatch(/at 50 % of the ceiling/);
  expect(patience.refusal('norm', 50)).toMatch(/^about 0\.5 s/);
});

test('tables are Markdown, figures to the right', () => {
  const columns = [
    { title: 'shape', isFigure: false },
    { title: 'ms', isFigure: true },
  ];
  expect(
    markdownTable({
      title: '',
      columns,
      rows: [
        ['a|b', figure(1234.5)],
        ['c', figure(0.012345)],
      ],
    }),
  ).toBe(['| shape |     ms |', '| ----- | -----: |', '| a\\|b  |  1,235 |', '| c     | 0.0123 |'].join('\n'));
  expect([figure(12.345), figure(NaN), figure(999.6)]).toEqual(['12.3', '-', '1000']);
});
