import { expect, test } from 'vitest';
import { soak, soakMilestones, type SoakRow } from '../../src/bench/soak.ts';
import { SOAK_QUERY } from '../../src/bench/suite-options.ts';
import { tablesOf } from '../../src/bench/tables.ts';
import { Gpu } from '../../src/gpu/device.ts';
import { gpu } from '../support/gpu.ts';

test('a long run is looked at after 100 steps and then ten times, a short one after its tenths', () => {
  const thousands = [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000];
  expect(soakMilestones(10_000)).toEqual([100, ...thousands]);
  expect(soakMilestones(100)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  expect(soakMilestones(3)).toEqual([1, 2, 3]);
});

test('what is alive and what was made after the last step of a run is what was there after the first', async () => {
  const device = await Gpu.open(await gpu());
  const rows = await soak(device, SOAK_QUERY, 60, () => null);
  const counts = rows.map(({ buffersAlive, bytesAlive, bindGroupsCreated, pipelinesCreated }) => ({
    buffersAlive,
    bytesAlive,
    bindGroupsCreated,
    pipelinesCreated,
  }));

  expect(rows.at(-1)?.step).toBe(60);
  expect(counts[0].pipelinesCreated).toBeGreaterThan(10);
  expect(counts).toEqual(rows.map(() => counts[0]));
});

function row(step: number, stepMilliseconds: number, change: Partial<SoakRow> = {}): SoakRow {
  const counts = { heapBytes: 1000, buffersAlive: 29, bytesAlive: 5000, bindGroupsCreated: 88, pipelinesCreated: 33 };
  return { step, stepMilliseconds, ...counts, ...change };
}

const lastLine = (rows: SoakRow[]) => tablesOf([{ kind: 'soak', query: 'p=micro', rows }])[0].rows.at(-1);

test('the last line of a long run says what has changed since step 100', () => {
  const end = row(10_000, 8.16, { heapBytes: 1003, buffersAlive: 31, bytesAlive: 4000 });
  expect(lastLine([row(100, 30), row(1000, 8), row(2000, 9), end])).toEqual([
    '10,000 against 100',
    'x1.020',
    'x1.003',
    '+2',
    '-1,000',
    'unchanged',
    'unchanged',
  ]);
});

test('a run with too few rows to compare has no more than these say', () => {
  expect(lastLine([row(1, 8)])?.[0]).toBe('1');
  expect(lastLine([row(1, 8, { heapBytes: null }), row(2, 8)])?.slice(0, 3)).toEqual(['2 against 1', '-', '-']);
});
