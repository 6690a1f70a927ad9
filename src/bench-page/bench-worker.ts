/** Runs the benchmark off the page's thread, so that drawing tables does not disturb what is measured. */
import { runSuite } from '../bench/suite.ts';
import { browserGpu, Gpu } from '../gpu/device.ts';
import type { BenchCommand, BenchMessage } from './messages.ts';

const tell = (message: BenchMessage): void => postMessage(message);

addEventListener('message', ({ data }: MessageEvent<BenchCommand>) => {
  measure(data).then(
    () => tell({ kind: 'finished' }),
    (error: unknown) => tell({ kind: 'broken-off', message: error instanceof Error ? error.message : String(error) }),
  );
});

async function measure(options: BenchCommand): Promise<void> {
  const webgpu = browserGpu();
  if (!webgpu) throw new Error('This browser has no WebGPU, or hides it from pages that come without https.');
  const host = { open: () => Gpu.open(webgpu), machine: machineName(), heap: () => null };
  return runSuite(host, options, tell);
}

function machineName(): string {
  return `${navigator.hardwareConcurrency} processors, ${navigator.userAgent}`;
}
