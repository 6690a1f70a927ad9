import { describe, expect, test } from 'vitest';
import { memoryEstimate } from '../../src/config/geometry.ts';
import { presetConfig, presets } from '../../src/config/presets.ts';
import { planMemory } from '../../src/tensor/plan.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';
import { tracePreset } from '../support/trace-preset.ts';

// What a step costs that no clock is needed for. The numbers are laws: a change that breaks one says so here, and why.
const tunings = Object.entries(TUNINGS);

describe.each(tunings)('with the kernels for %s, the memory of', (_, tuning) => {
  test.each(presets.map(({ id }) => id))('%s is what the form says, or a little less', (id) => {
    const { accumulate } = tracePreset(id, tuning);
    const planned = planMemory(accumulate.dispatches, accumulate.kept, 2 ** 34).bufferBytes.reduce((a, b) => a + b);
    const { activations, workspace } = memoryEstimate(presetConfig(id));

    expect(planned / (activations + workspace)).toBeLessThan(1.02);
    expect(planned / (activations + workspace)).toBeGreaterThan(0.75);
  });
});
