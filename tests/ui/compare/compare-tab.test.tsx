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
    expect(shown(<CompareTab />, READY, '', parts)).toContain('A: run 2, mean of 2 seeds');
    expect(shown(<CompareTab />, READY, '', parts)).toContain('seeds apart');
    const apart = shown(<CompareTab />, READY, '', { ...parts, hash: '#cmp/apart' });
    expect(apart).not.toContain('mean of 2 seeds');
  });

  test('are not held against each other by one seed each, but over their seeds', () => {
    const measured = parts.runs.map((run, at) => {
      const testScore = { step: 20, bits: Float64Array.of(8 + at, 8 + at), bytes: Float64Array.of(4, 4) };
      return { ...run, metrics: Object.assign(run.metrics.upTo(20), { testScore }) };
    });
    const text = shown(<CompareTab />, READY, '', { runs: measured });
    const table = text.slice(text.indexOf('Settings and results'));
    expect(table).toContain('run 2seed 1, one of 2 seeds run 3');
    expect(table).toContain('one seed each: see Over seeds');
    expect(table).not.toMatch(/\d (best|lowest)|too close/);

    const alone = shown(<CompareTab />, READY, '', { runs: [measured[0], measured[2]] });
    expect(alone.slice(alone.indexOf('Settings and results'))).toMatch(
      /\d best.*not of other seeds|not of other seeds.*\d best/,
    );
  });

  test('have one swatch before their seeds while they are one line, and else one each', () => {
    const runs = [seeded(1, 0, 1, 0), seeded(2, 1, 1, 1), seeded(3, 0, 2)];
    const swatches = (hash = ''): number => {
      const [table] = /seeds-table.*?<\/table>/s.exec(markup(<CompareTab />, READY, '', { runs, hash })) ?? [''];
      return table.split('class="swatch').length - 1;
    };
    expect(swatches()).toBe(2);
    expect(swatches('#cmp/apart')).toBe(3);
  });

  test('are compared without a pin where that is said, and with one only if pinned', () => {
    const tags = (runs: RunRecord[]): number =>
      markup(<CompareTab />, READY, '', { runs }).split('>compared<').length - 1;
    expect(tags(parts.runs)).toBe(1);
    expect(tags([seeded(1, 0, 1, 0), ...parts.runs.slice(1)])).toBe(0);
  });
});
