import { describe, expect, test } from 'vitest';
import { Gpu } from '../../src/gpu/device.ts';
import { columnSum } from '../../src/ops/column-sum.ts';
import { EagerSession } from '../../src/tensor/eager.ts';
import { gpu } from '../support/gpu.ts';

const device = Gpu.open(await gpu());

/** Numbers with many bits, different in every place. */
function values(count: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898 + 1) * 3 + 0.5);
}

function expectedSums(source: Float32Array, columns: number): number[] {
  const sums = Array.from<number>({ length: columns }).fill(0);
  source.forEach((value, i) => {
    sums[i % columns] += value;
  });
  return sums;
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  const largest = Math.max(...expected.map(Math.abs));
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThan(1e-5 * largest));
}

describe('column sum', () => {
  test.each([
    [1, 1],
    [1, 7],
    [31, 3],
    [33, 64],
    [64, 65],
    [1025, 33],
    [100_003, 2],
  ])('%i rows of %i columns are summed over the rows', async (rows, columns) => {
    const session = new EagerSession(await device, { training: true });
    const source = values(rows * columns);
    const bias = session.variable([columns], values(columns));
    columnSum(session.graph, session.constant([rows, columns], source), rows, columns, bias);
    session.graph.backward();
    const result = await session.run({ sums: bias.gradient! });
    expectClose(result.sums, expectedSums(source, columns));
  });

  test('of two uses of one parameter are added up', async () => {
    const session = new EagerSession(await device, { training: true });
    const source = values(70 * 5);
    const matrix = session.constant([70, 5], source);
    const bias = session.variable([5], values(5));
    columnSum(session.graph, matrix, 70, 5, bias);
    columnSum(session.graph, matrix, 70, 5, bias);
    session.graph.backward();
    const result = await session.run({ sums: bias.gradient! });
    expectClose(
      result.sums,
      expectedSums(source, 5).map((sum) => 2 * sum),
    );
  });
});
