import { expect, test } from 'vitest';
import { presetConfig } from '../../../src/config/presets.ts';
import type { HierarchyConfig, ModelConfig } from '../../../src/config/types.ts';
import { layOut } from '../../../src/ui/form/strip-layout.ts';

function model(...changes: Partial<HierarchyConfig>[]): ModelConfig {
  const { model: quick } = presetConfig('quick');
  return { ...quick, hierarchies: changes.map((change) => ({ ...quick.hierarchies[0], ...change })) };
}

test('tokens lie end to end from the last byte backwards, as wide as the bytes they stand for', () => {
  const { bytes, rows } = layOut(model({ factor: 1, window: 4 }, { factor: 8, window: null }));

  expect(bytes).toBe(32);
  expect(rows[0].tokens).toHaveLength(32);
  expect(rows[1].tokens.map(({ end, span }) => [end, span])).toEqual([
    [32, 8],
    [24, 8],
    [16, 8],
    [8, 8],
  ]);
});

test('a window reaches its own token and that many before it', () => {
  const { rows } = layOut(model({ factor: 1, window: 4 }, { factor: 2, window: 0 }, { factor: 4, window: null }));
  const reached = rows.map(({ tokens }) => tokens.filter(({ inReach }) => inReach).length);

  expect(reached).toEqual([5, 1, 8]);
  expect(rows.map(({ reach }) => reach)).toEqual(['5 B', 'off', 'all']);
});

test('coarse streams lie above the finer ones and height follows width', () => {
  const { rows } = layOut(model({ factor: 1, dim: 32 }, { factor: 4, dim: 64 }));

  expect(rows[1].top + rows[1].height).toBeLessThan(rows[0].top);
  expect(rows[1].height).toBeGreaterThan(rows[0].height);
});

test('a stream too coarse to be shown whole shows a part of one token', () => {
  const { bytes, rows } = layOut(model({ factor: 1 }, { factor: 128 }));

  expect(bytes).toBe(64);
  expect(rows[1].tokens).toEqual([{ end: 64, span: 64, isCut: true, inReach: true }]);
  expect(layOut(model({ factor: 1 }, { factor: 64 })).rows[1].tokens[0].isCut).toBe(false);
});
