import { openNodeGpu } from '../../src/launcher/dawn.ts';
import { oncePerProcess } from './once-per-process.ts';
import { oneDevice } from './one-device.ts';

const devices = oncePerProcess('devices', () => new Set<GPUDevice>());

/** Has every device noted that is opened from now on, so that `settle` knows them. */
function noteDevices(): void {
  const { prototype } = globalThis.GPUAdapter;
  const requestDevice = prototype.requestDevice;
  prototype.requestDevice = async function (this: GPUAdapter, ...args) {
    const device = await requestDevice.apply(this, args);
    devices.add(device);
    return device;
  };
}

async function open(): Promise<GPU> {
  const found = await openNodeGpu();
  noteDevices();
  return oneDevice(found);
}

/** The `navigator.gpu` of this process, with one device for all tests; rejects where the machine has no adapter. */
export function gpu(): Promise<GPU> {
  return oncePerProcess('gpu', open);
}

/** Waits for the GPU to finish what tests have left running: a process that ends before that crashes in the driver. */
export async function settle(): Promise<void> {
  await Promise.all([...devices].map((device) => device.queue.onSubmittedWorkDone().catch(() => {})));
}
