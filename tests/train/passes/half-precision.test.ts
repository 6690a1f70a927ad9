import { describe, expect, test } from 'vitest';
import { presets } from '../../../src/config/presets.ts';
import { Gpu } from '../../../src/gpu/device.ts';
import { nullGpu } from '../../support/null-gpu.ts';
import { tracePreset } from '../../support/trace-preset.ts';
import { PRODUCT_TUNINGS, REDUCTION_TUNINGS } from '../../support/tunings.ts';

describe('kernels that store f16', () => {
  const device = Gpu.open(nullGpu);

  test.each([...PRODUCT_TUNINGS, ...REDUCTION_TUNINGS])(
    'are valid for every preset with the kernels of %s',
    async (_, tuning) => {
      const { info, pipelines } = await device;
      expect(info.features).toContain('shader-f16');
      const kernels = presets.flatMap(({ id }) =>
        tracePreset(id, tuning, { activations: 'f16', recompute: true }).accumulate.dispatches.map(
          ({ kernel }) => kernel,
        ),
      );
      const half = kernels.filter(({ source }) => source.startsWith('enable f16;'));
      expect(half.length).toBeGreaterThan(0.8 * kernels.length);
      await pipelines.getAll(half);
    },
  );

  test('are refused when they are not', async () => {
    const opened = await device;
    const { accumulate } = tracePreset('micro', PRODUCT_TUNINGS[0][1], { activations: 'f16' });
    const half = accumulate.dispatches.find(({ kernel }) => kernel.source.startsWith('enable f16;'))!.kernel;
    const broken = { ...half, key: 'broken', source: half.source.replace('enable f16;', '') };
    await expect(opened.guarded('broken', () => opened.pipelines.get(broken))).rejects.toThrow('f16');
  });
});
