import addSource from '../../shaders/add.wgsl?raw';
import { kernel } from '../gpu/kernel.ts';
import { grid } from './grid.ts';
import { sizeOf, type Shape } from './tensor.ts';

/** The kernel that adds gradients up where no op could do it on its way. */
export function addKernel(shape: Shape) {
  const count = sizeOf(shape);
  return { kernel: kernel('add', addSource, 'accumulate'), params: { count }, workgroups: grid(count, 256) };
}
