import type { Gpu } from '../../src/gpu/device.ts';
import { countCreations } from './counting-device.ts';

/** The number of passes in each submit from now on. */
export function passesOfSubmits(gpu: Gpu): readonly number[] {
  const counts = countCreations(gpu);
  const passes: number[] = [];
  const { queue } = gpu.device;
  const submit = queue.submit.bind(queue);
  let before = 0;
  Object.defineProperty(queue, 'submit', {
    configurable: true,
    value: (buffers: Iterable<GPUCommandBuffer>) => {
      passes.push(counts.passes - before);
      before = counts.passes;
      return submit(buffers);
    },
  });
  return passes;
}
