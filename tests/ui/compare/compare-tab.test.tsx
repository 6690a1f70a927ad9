import { describe, expect, test } from 'vitest';
import { decodeQuery } from '../../../src/config/codec/decode.ts';
import { withModel, withTraining } from '../../../src/config/problem.ts';
import { CompareTab } from '../../../src/ui/compare/CompareTab.tsx';
import type { RunRecord } from '../../../src/ui/state/runs.ts';
import { markup, READY, shown } from '../support/render.tsx';
import { recordOf } from '../support/run-record.ts';

test('where nothing can be trained Compare says so, and has no button that does nothing', () => {
  const message = 'This browser has no WebGPU.';
  const without = { adapter: { state: 'none' as const, message } };
  expect(shown(<CompareTab />, without)).toContain(`none can be trained: ${message} A link with a curve`);
  expect(markup(<CompareTab />, without)).not.toContain('disabled');
  expect(shown(<CompareTab />, READY)).toContain('Train the first run');
});

describe('Runs that were repeated with other seeds', () => {
  const micro = { ...decodeQuery('p=micro').config };
  const seeded = (id: number, seed: number, depth = 1, pin: number | null = null): RunRecord => {
    const config = withModel(withTraining(micro, { seed, steps: 20 }), { depth });
    return { ...recordOf(`run ${id}`, config, 20, 1e9), id, pin };
  };
  const parts = { runs: [seeded(1, 0), seeded(2, 1), seeded(3, 0, 2)] };

  test('are drawn as their mean, or each by itself', () => {
    expect(shown(<CompareTab />, READY, '', parts)).toContain('run 2, mean of 2 seeds');
    expect(shown(<CompareTab />, READY, '', parts)).toContain('seeds apart');
    const apart = shown(<CompareTab />, READY, '', { ...parts, hash: '#cmp/apart' });
    expect(apart).not.toContain('mean of 2 seeds');
  });

  test('are compared without a pin where that is said, and with one only if pinned', () => {
    const tags = (runs: RunRecord[]): number =>
      markup(<CompareTab />, READY, '', { runs }).split('>compared<').length - 1;
    expect(tags(parts.runs)).toBe(1);
    expect(tags([seeded(1, 0, 1, 0), ...parts.runs.slice(1)])).toBe(0);
  });
});
