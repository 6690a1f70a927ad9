import { onTestFinished, vi } from 'vitest';
import type { Gpu } from '../../src/gpu/device.ts';

/** Has a device refuse the buffers with these labels, since there is no memory for them, until the test ends. */
export function refuseBuffers({ device, limits }: Gpu, isRefused: (label: string) => boolean): void {
  const createBuffer = device.createBuffer.bind(device);
  const spy = vi
    .spyOn(device, 'createBuffer')
    .mockImplementation((descriptor) =>
      createBuffer(isRefused(descriptor.label ?? '') ? { ...descriptor, size: 2 * limits.maxBufferSize } : descriptor),
    );
  onTestFinished(() => spy.mockRestore());
}
