import { expect, test } from 'vitest';
import { attentionCase } from '../../src/bench/cases/attention.ts';
import { places } from '../../src/bench/cases/matmul.ts';
import { Workbench } from '../../src/bench/workbench.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';

test.each([
  [1, 1, 32],
  [70, 200, 32],
  [2048, 64, 32],
  [4096, 4096, 64],
])('a product of %i x %i is looked at in every square of %i, and at both ends', (rows, columns, edge) => {
  const found = places(rows, columns);
  const squares = new Set(found.map(([row, column]) => `${Math.floor(row / edge)},${Math.floor(column / edge)}`));

  expect(squares.size).toBe(Math.ceil(rows / edge) * Math.ceil(columns / edge));
  expect(found).toContainEqual([0, 0]);
  expect(found).toContainEqual([rows - 1, columns - 1]);
  for (const [row, column] of found) {
    expect(row).toBeLessThan(rows);
    expect(column).toBeLessThan(columns);
  }
  // Not the same lane of each.
  if (rows > edge) expect(new Set(found.map(([row]) => row % edge)).size).toBeGreaterThan(4);
});

test.each([
  ['with a window', { batch: 2, tokens: 640, heads: 3, dimHead: 8, window: 16, dilation: 1 }, true],
  ['with a window over many tiles', { batch: 1, tokens: 2048, heads: 2, dimHead: 8, window: 16, dilation: 1 }, true],
  ['with everything seen', { batch: 2, tokens: 640, heads: 3, dimHead: 8, window: null, dilation: 2 }, false],
])('attention %s is looked at in every head of every item', (_, shape, everyTile) => {
  const { batch, tokens, heads, dimHead } = shape;
  const bench = new Workbench(TUNINGS.software);
  const [outputs, gradients] = attentionCase(shape)
    .record(bench)
    .expected()
    .map(({ samples }) => samples.map(([index]) => Math.floor(index / dimHead)));
  const pairs = (found: readonly number[], parts: number): Set<string> =>
    new Set(
      found.map((at) => `${Math.floor(at / heads / parts / tokens)},${Math.floor(at / heads) % parts},${at % heads}`),
    );

  expect(pairs(outputs, 1).size).toBe(batch * heads);
  // Of q, k and v.
  expect(pairs(gradients, 3).size).toBe(3 * batch * heads);
  const tiles = (found: readonly number[], parts: number, part: number): number => {
    const own = found.map((at) => Math.floor(at / heads)).filter((at) => at % parts === part);
    return new Set(own.map((at) => Math.floor((Math.floor(at / parts) % tokens) / 32))).size;
  };
  const counts = [tiles(outputs, 1, 0), ...[0, 1, 2].map((part) => tiles(gradients, 3, part))];
  for (const count of counts) expect(count === tokens / 32).toBe(everyTile);
});
