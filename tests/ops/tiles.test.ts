import { describe, expect, it } from 'vitest';
import { presets, type PresetId } from '../../src/config/presets.ts';
import { callsOf } from '../../src/tensor/graph.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { tracePreset } from '../support/trace-preset.ts';

/** Multiply-adds of a step's products: those that its tiles make, and those that are needed. */
function multiplyAdds(id: PresetId) {
  const { dispatches } = tracePreset(id, TUNINGS.gpu).accumulate;
  const sums = { made: 0, needed: 0 };
  for (const { kernel, params, workgroups } of callsOf(dispatches)) {
    if (!kernel.label.endsWith('-tiled/tiled')) continue;
    const { LANES_M, LANES_N, BLOCKS_M, BLOCKS_N } = kernel.values;
    const tile = 16 * LANES_M * LANES_N * BLOCKS_M * BLOCKS_N;
    if (kernel.label === 'linear-gradients-tiled/tiled') {
      const { rows, outputs, channels, dx_tiles, dweight_tiles } = params;
      sums.made += tile * workgroups[0] * (dx_tiles * outputs + dweight_tiles * rows);
      sums.needed += 2 * rows * outputs * channels;
      continue;
    }
    const { m, n, k, segments = 1 } = params;
    const length = k * segments;
    sums.made += tile * workgroups[0] * workgroups[1] * length;
    sums.needed += m * n * length;
  }
  return sums;
}

describe('tiles of products', () => {
  // Those of micro are narrower than any tile.
  const ids = presets.map(({ id }) => id).filter((id) => id !== 'micro');
  it.each(ids)('of %s stick out little', (id) => {
    const { made, needed } = multiplyAdds(id);
    expect(needed).toBeGreaterThan(0);
    expect(made / needed).toBeLessThan(1.02);
  });
});
