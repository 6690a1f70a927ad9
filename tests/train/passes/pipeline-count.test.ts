import { expect, it } from 'vitest';
import { presetConfig, presets, type PresetId } from '../../../src/config/presets.ts';
import { TUNINGS, type Tuning } from '../../../src/tensor/tuning.ts';
import { tracePreset } from '../../support/trace-preset.ts';

function pipelinesOf(id: PresetId, tuning: Tuning): number {
  const { accumulate, update } = tracePreset(id, tuning);
  return new Set([...accumulate.dispatches, ...update.dispatches].map(({ kernel }) => kernel.key)).size;
}

it.each(presets.map(({ id }) => id))(
  'pipelines of %s are 31 at most, a few more where sizes get tiles of their own, and half as many more that hierarchies share',
  (id) => {
    // Attention has a variant per head width, and readme4 has three widths.
    const widths = new Set(presetConfig(id).model.hierarchies.map(({ dimHead }) => dimHead)).size;
    const most = 31 + 3 * (widths - 1);
    // On CPUs each kind of norm has its own. On GPUs gradients of linear maps are made at once, but not where one of them is large.
    expect(pipelinesOf(id, TUNINGS.software)).toBeLessThanOrEqual(most + 2);
    const apart = pipelinesOf(id, { ...TUNINGS.gpu, sharedDispatches: false });
    expect(apart).toBeLessThanOrEqual(most + 7 * widths);
    expect(pipelinesOf(id, TUNINGS.gpu)).toBeLessThanOrEqual(1.55 * apart);
  },
);
