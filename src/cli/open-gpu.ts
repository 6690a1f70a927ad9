import process from 'node:process';
import { Gpu } from '../gpu/device.ts';
import { openNodeGpu } from '../launcher/dawn.ts';

/**
 * The GPU of a command. Whatever ends the process, the device's work ends first: a driver that still computes while the
 * process takes itself apart can crash it (SwiftShader did so two times in five), and with it the exit status is lost.
 * Rejects as `openNodeGpu` does.
 */
export async function openGpu(): Promise<Gpu> {
  const gpu = await Gpu.open(await openNodeGpu());
  process.once('exit', () => gpu.close());
  return gpu;
}
