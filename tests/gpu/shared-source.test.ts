import { expect, test } from 'vitest';
import { presets } from '../../src/config/presets.ts';
import { Gpu } from '../../src/gpu/device.ts';
import type { Kernel } from '../../src/gpu/kernel.ts';
import { shareableElements } from '../../src/gpu/shareable-elements.ts';
import { sharedKernel } from '../../src/gpu/shared-kernel.ts';
import type { SharedBindings } from '../../src/gpu/shared-source.ts';
import type { ActivationType } from '../../src/tensor/tensor.ts';
import { everySize, TUNINGS, type Tuning } from '../../src/tensor/tuning.ts';
import { nullGpu } from '../support/null-gpu.ts';
import { tracePreset } from '../support/trace-preset.ts';

/** A kernel in which two calls have the same memory under each name, and one in which each has its own, as far as it may. */
function formsOf(kernel: Kernel, elements: NonNullable<ReturnType<typeof shareableElements>>): Kernel[] {
  const { storage } = kernel.entry;
  const variables = storage.map(({ name, kind }) => ({ kind, type: elements.get(name)!.type }));
  const one: SharedBindings = { variables, uses: Object.fromEntries(storage.map(({ name }, i) => [name, i])) };
  const own = storage.map(({ name }, i) => {
    const isFree = elements.get(name)!.isWrittenWhole;
    return [name, isFree ? [i, i + variables.length] : i] as const;
  });
  return [one, { variables: [...variables, ...variables], uses: Object.fromEntries(own) }].map((bindings) =>
    sharedKernel(kernel, bindings),
  );
}

test.each<[what: string, tuning: Tuning, activations: ActivationType]>([
  ['GPUs', TUNINGS.gpu, 'f32'],
  ['GPUs with subgroups that store f16', { ...TUNINGS.gpu, reductions: 'subgroup', attention: 'tiled ahead' }, 'f16'],
  ['GPUs by other tiles', { ...TUNINGS.gpu, matmul: everySize('64x64/8x4 ahead'), jointGradients: false }, 'f16'],
  [
    'GPUs with subgroup matrices',
    { ...TUNINGS.gpu, subgroupMatrix: { side: 16, component: 'f16', subgroupSize: 32 } },
    'f16',
  ],
])('every kernel for %s can be shared, in any form, and that compiles', async (_, tuning, activations) => {
  const { device } = await Gpu.open(nullGpu);
  const kernels = new Map<string, Kernel>();
  for (const { id } of presets) {
    const { accumulate } = tracePreset(id, { ...tuning, sharedDispatches: false }, { activations });
    for (const { kernel } of accumulate.dispatches) kernels.set(kernel.key, kernel);
  }
  for (const kernel of kernels.values()) {
    const elements = shareableElements(kernel);
    expect(elements, kernel.label).not.toBeNull();
    for (const { source } of formsOf(kernel, elements!)) {
      // Whole vectors: of a single number whose place a call decides, Dawn would make three comparisons.
      expect(source.match(/\bshared_calls\[/g), kernel.label).toHaveLength(1);
      device.pushErrorScope('validation');
      const module = device.createShaderModule({ code: source });
      const [{ messages }] = await Promise.all([module.getCompilationInfo(), device.popErrorScope()]);
      expect(
        messages.filter(({ type }) => type === 'error').map(({ message }) => message),
        source,
      ).toEqual([]);
    }
  }
});
