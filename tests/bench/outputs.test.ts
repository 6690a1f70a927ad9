import { expect, test } from 'vitest';
import { idOf } from '../../src/bench/kernel-case.ts';
import { quickList } from '../../src/bench/kernel-list.ts';
import { Workbench } from '../../src/bench/workbench.ts';
import { callsOf } from '../../src/tensor/graph.ts';
import type { Slab } from '../../src/tensor/tensor.ts';
import { TUNINGS } from '../../src/tensor/tuning.ts';

/** Arrays of those that outlive the trace which its kernels write: gradients, moments, what is remembered of a token. */
function writtenBy({ graph }: Workbench): Map<Slab, string> {
  const written = new Map<Slab, string>();
  for (const { kernel, bindings } of callsOf(graph.dispatches)) {
    for (const { name, kind } of kernel.entry.storage) {
      const { label, storage } = bindings[name];
      if (kind === 'read_write' && storage.kind === 'slab') written.set(storage.slab, `${label} of ${kernel.label}`);
    }
  }
  return written;
}

test.each(Object.entries(TUNINGS))('everything that kernels leave behind is looked at on %s', (_name, tuning) => {
  const missed = quickList().flatMap((kernelCase) => {
    const bench = new Workbench(tuning);
    const { expected } = kernelCase.record(bench);
    const written = writtenBy(bench);
    for (const { output, samples } of expected()) {
      if (samples.length > 0 && output.storage.kind === 'slab') written.delete(output.storage.slab);
    }
    return [...written.values()].map((label) => `${idOf(kernelCase)}: ${label}`);
  });

  expect(missed).toEqual([]);
});
